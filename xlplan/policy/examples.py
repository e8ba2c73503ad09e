"""A right example for any key path of a policy file, from the schema that ships with the docs."""

import json
import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

from xlplan.policy.json_schema import FILE
from xlplan.policy.toml_text import toml_line, toml_value
from xlplan.resources import shelf

_STEP = re.compile(r'([^.\["]+)(?:\[\d+\])*(?:\."[^"]*")?(?:\.|$)')
_MOST_KEYS = 6

Node = Mapping[str, Any]


def example(path: str) -> str:
    """How the key at a path is rightly written; for a table as a whole, how it begins.

    An unknown key is answered with the known one that looks like it, or with its table; "" = none.

    >>> example("weight[2].share"), example("ruling[1].option[2].split[1].partner")
    ('share = "100%"', 'partners = "0"')
    >>> example("tier[1].any_of[2]"), example('clauses."附件9"')
    ('any_of = [{ investment = ">= 20亿元" }]', '[clauses] "附件" = "各单位的目标"')
    """
    here, header = _schema(), ""
    for key in _STEP.findall(path):
        keys: Node = here["properties"]
        near = get_close_matches(key, keys, n=1)
        known = key if key in keys else near[0] if near else ""
        if not known:
            break
        if "$ref" not in json.dumps(keys[known]):
            return _line(known, keys[known])
        here, header = _inside(keys[known]), known if not header else f"{header}.{known}"
    return _table(here, header) if header else ""


@cache
def _schema() -> Node:
    found: Node = json.loads((shelf("docs") / FILE).read_text(encoding="utf-8"))
    return found


def _inside(node: Node) -> Node:
    """The table that a key holds, or holds a list of; `header` marks the lists."""
    name = node.get("items", node)["$ref"].rpartition("/")[2]
    table: Node = _schema()["$defs"][name]
    return {**table, "is_list": "items" in node}


def _line(key: str, node: Node) -> str:
    if node.get("type") == "object":
        place, gist = next(iter(node["examples"][0].items()))
        return f"[{key}] {toml_line(place, gist)}"
    return toml_line(key, _value(node))


def _value(node: Node) -> object:
    value = node["examples"][0]
    return date.fromisoformat(value) if node.get("format") == "date" else value


def _table(here: Node, header: str) -> str:
    """How a table begins: its required keys, and one of each two that exclude each other."""
    keys: Node = here["properties"]
    either = [pair["oneOf"][-1]["required"][0] for pair in here.get("allOf", ())]
    told = {
        key: _value(keys[key])
        for key in [*here.get("required", ()), *either] or list(keys)[:1]
        if "examples" in keys[key]
    }
    if "." in header and not any("$ref" in json.dumps(node) for node in keys.values()):
        return f"{header.rpartition('.')[2]} = [{toml_value(told)}]"
    brackets = "[[{}]]" if here["is_list"] else "[{}]"
    lines = [toml_line(key, value) for key, value in list(told.items())[:_MOST_KEYS]]
    return "  ".join([brackets.format(header), *lines])
