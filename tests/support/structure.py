"""A check of values against a JSON Schema: the few words that the policy's schema uses."""

import re
from datetime import date

TYPES = {"integer": int, "object": dict, "array": list, "string": str, "boolean": bool}
SILENT = {"$schema", "$defs", "title", "description", "examples"}


def as_json(value):
    """Parsed TOML as JSON has it: dates are texts."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(value, schema, whole, path=""):
    """Key paths at which the value is not as the schema says; an unknown word is an error."""
    return [
        fault
        for word, said in schema.items()
        if word not in SILENT
        for fault in WORDS[word](value, said, (schema, whole, path))
    ]


def _ref(value, said, where):
    _, whole, path = where
    return faults(value, whole["$defs"][said.removeprefix("#/$defs/")], whole, path)


def _type(value, said, where):
    return [] if isinstance(value, TYPES[said]) else [where[2]]


def _properties(value, said, where):
    _, whole, path = where
    keys = said.keys() & value.keys() if isinstance(value, dict) else ()
    return [f for key in keys for f in faults(value[key], said[key], whole, f"{path}.{key}")]


def _additional(value, said, where):
    schema, whole, path = where
    over = value.keys() - schema.get("properties", {}).keys() if isinstance(value, dict) else ()
    if said is False:
        return [f"{path}.{key}" for key in over]
    return [f for key in over for f in faults(value[key], said, whole, f"{path}.{key}")]


def _required(value, said, where):
    return [where[2] for key in said if isinstance(value, dict) and key not in value]


def _items(value, said, where):
    _, whole, path = where
    inner = value if isinstance(value, list) else ()
    return [f for n, item in enumerate(inner, 1) for f in faults(item, said, whole, f"{path}[{n}]")]


def _fitting(value, said, where):
    return [schema for schema in said if not faults(value, schema, *where[1:])]


WORDS = {
    "$ref": _ref,
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "required": _required,
    "items": _items,
    "enum": lambda value, said, where: [] if value in said else [where[2]],
    "minLength": lambda value, said, where: (
        [where[2]] if isinstance(value, str) and len(value) < said else []
    ),
    "format": lambda value, _said, where: (
        [] if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else [where[2]]
    ),
    "minimum": lambda value, said, where: (
        [where[2]] if isinstance(value, int) and value < said else []
    ),
    "anyOf": lambda value, said, where: [] if _fitting(value, said, where) else [where[2]],
    "oneOf": lambda value, said, where: (
        [] if len(_fitting(value, said, where)) == 1 else [where[2]]
    ),
    "allOf": lambda value, said, where: [f for s in said for f in faults(value, s, *where[1:])],
}
