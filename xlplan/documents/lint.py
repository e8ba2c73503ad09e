"""Template lint: everything that is wrong with a template, each at its paragraph, before it runs.

The template's own syntax tree is walked with the very fields that it will be filled with, so that
an unknown field, a missing value or a filter that does not fit shows without printing anything.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from xlplan.documents.environment import sandbox
from xlplan.documents.filters import BY_NAME, PICKS, TAKES_NUMBERS
from xlplan.documents.numbers import Number
from xlplan.documents.passages import Passage

_WIDE = re.compile(r"｛\s*[｛%％#]|[｝%％#]\s*｝|\{\s+\{|\}\s+\}(?!\})")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_SAMPLES = 60
"""Elements of a list that are looked at: enough for every kind of row, quick for 4,000 units."""

UNKNOWN = object()
"""Stands for what an expression gives that cannot be told; nothing more is said about it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a template: its code, its place, and what fills the code's message."""

    code: str
    passage: Passage
    values: Mapping[str, str] = field(default_factory=dict)


OF_UNIT = frozenset({"本单位", "明细"})
"""Fields that only a document about one unit has."""


def lint_text(passages: Sequence[Passage]) -> Iterator[Fault]:
    """What shows in the text alone: full-width braces, and tags cut by a change of format."""
    for passage in passages:
        if wide := _WIDE.search(passage.text):
            yield Fault("XP853", passage, {"text": wide[0]})
        yield from _cut_tags(passage)


def _cut_tags(passage: Passage) -> Iterator[Fault]:
    """Tags whose characters are formatted in more than one way: only the first way is kept."""
    looks = [look for text, look in passage.runs for _ in text]
    text = "".join(text for text, _ in passage.runs)
    for tag in _TAG.finditer(text):
        if len(set(looks[tag.start() : tag.end()])) > 1:
            yield Fault("XP854", passage, {"text": tag[0]})


def lint_source(
    source: str, passages: Sequence[Passage], fields: Mapping[str, object]
) -> list[Fault]:
    """What shows when the template is read; `passages` has one for each line of `source`."""
    return walked(source, passages, fields).faults


def walked(source: str, passages: Sequence[Passage], fields: Mapping[str, object]) -> "Walker":
    """The walk through a template: its faults, and what each tag can print."""
    walker = Walker(passages, [_sampled(fields)])
    try:
        tree = sandbox().parse(source)
    except TemplateSyntaxError as wrong:
        fault = Fault("XP855", _at(passages, wrong.lineno), {"reason": _said(wrong)})
        walker.faults.append(fault)
    else:
        walker.statements(tree.body)
    return walker


def syntax_fault(text: str, passage: Passage) -> Fault | None:
    """What is wrong with the tags of a text that must be whole in itself."""
    try:
        sandbox().parse(text)
    except TemplateSyntaxError as wrong:
        return Fault("XP855", passage, {"reason": _said(wrong)})
    return None


_SYNTAX = (
    (r"Unexpected end of template.*?'(\w+)'", "少了“{0}”，循环或条件没有结束"),
    (r"Unexpected end of template", "循环或条件没有结束"),
    (r"Encountered unknown tag '(\w+)'.*", "多出“{0}”，前面没有对应的开头"),
    (r"unexpected '\}'", "花括号没有配对"),
    (r"No filter named '(.+?)'", "没有过滤器“{0}”"),
    (r"No test named '(.+?)'", "没有这种判断“{0}”"),
)


def _said(wrong: TemplateSyntaxError) -> str:
    """Jinja's sentence for a clerk."""
    message = wrong.message or ""
    for pattern, said in _SYNTAX:
        if found := re.search(pattern, message, re.DOTALL):
            return said.format(*found.groups())
    return message


def _at(passages: Sequence[Passage], line: int) -> Passage:
    """The paragraph of a line."""
    return passages[min(max(line, 1), len(passages)) - 1] if passages else Passage("全文", "")


LOOP: dict[str, object] = {
    "index": 1,
    "index0": 0,
    "first": True,
    "last": True,
    "length": 1,
    "revindex": 1,
}
"""What a template may know of the loop it is in."""


def _sampled(fields: Mapping[str, object]) -> dict[str, list[object]]:
    return {name: [value] for name, value in fields.items()}


@dataclass(slots=True)
class Walker:
    """Walks the tree with what each name can be; `scopes` from the innermost outwards.

    `printed` holds what each tag can print, as far as the fields tell, with its place.
    """

    passages: Sequence[Passage]
    scopes: list[dict[str, list[object]]]
    faults: list[Fault] = field(default_factory=list)
    guarded: int = 0
    printed: list[tuple[Passage, list[object]]] = field(default_factory=list)

    def statements(self, body: Sequence[nodes.Node]) -> None:
        """Look at each statement in turn."""
        for statement in body:
            self._statement(statement)

    def _statement(self, statement: nodes.Node) -> None:
        match statement:
            case nodes.Output():
                for expression in statement.nodes:
                    self._printed(expression)
            case nodes.For():
                self._loop(statement)
            case nodes.If():
                self._condition(statement)
            case nodes.Assign(target=nodes.Name(name=name)):
                self.scopes[0][name] = self.values(statement.node)
            case nodes.Scope():
                self.statements(statement.body)
            case _:
                self._fault("XP857", statement, text=_named(statement))

    def _printed(self, expression: nodes.Expr) -> None:
        if isinstance(expression, nodes.TemplateData):
            return
        values = self.values(expression)
        self.printed.append((_at(self.passages, expression.lineno), values))
        if values and all(_is_missing(value) for value in values) and not self.guarded:
            self._fault("XP852", expression, field=_path(expression))
        if any(isinstance(value, dict | list) for value in values):
            self._fault(
                "XP856", expression, reason=f"“{_path(expression)}”是一组内容，不能直接写出"
            )

    def _loop(self, loop: nodes.For) -> None:
        rows: list[object] = []
        for value in self.values(loop.iter):
            if isinstance(value, list):
                rows += value[:_SAMPLES]
            elif value is not UNKNOWN:
                self._fault("XP856", loop, reason=f"“{_path(loop.iter)}”不是名单，不能循环")
        names = [node.name for node in loop.target.find_all(nodes.Name)]
        if isinstance(loop.target, nodes.Name):
            names = [loop.target.name]
        scope: dict[str, list[object]] = {"loop": [LOOP]}
        scope |= {name: rows or [UNKNOWN] for name in names}
        self.scopes.insert(0, scope)
        if loop.test is not None:
            self.values(loop.test)
        picks = loop.test is not None or _picks(loop.iter)  # it may pick what has a value
        self.guarded += picks
        self.statements(loop.body)
        self.guarded -= picks
        self.scopes.pop(0)
        self.statements(loop.else_)

    def _condition(self, condition: nodes.If) -> None:
        """What stands under a condition may have no value: the condition may ask for that."""
        self.values(condition.test)
        self.guarded += 1
        self.statements(condition.body)
        for other in condition.elif_:
            self._condition(other)
        self.statements(condition.else_)
        self.guarded -= 1

    def values(self, expression: nodes.Node) -> list[object]:
        """What an expression can give, as far as the fields tell."""
        reader = _READERS.get(type(expression))
        if reader is not None:
            return reader(self, expression)
        for child in expression.iter_child_nodes():
            self.values(child)
        return [UNKNOWN]

    def _constant(self, constant: nodes.Const) -> list[object]:
        return [constant.value]

    def _attribute(self, expression: nodes.Getattr) -> list[object]:
        return self._member(expression, self.values(expression.node), expression.attr)

    def _item(self, expression: nodes.Getitem) -> list[object]:
        owners = self.values(expression.node)
        if isinstance(expression.arg, nodes.Const):
            return self._member(expression, owners, expression.arg.value)
        self.values(expression.arg)
        return [UNKNOWN]

    def _call(self, call: nodes.Call) -> list[object]:
        self._fault("XP857", call, text=f"{_path(call.node)}(…)")
        return [UNKNOWN]

    def _choice(self, choice: nodes.CondExpr) -> list[object]:
        self.values(choice.test)
        return self.values(choice.expr1) + (self.values(choice.expr2) if choice.expr2 else [])

    def _name(self, name: nodes.Name) -> list[object]:
        for scope in self.scopes:
            if name.name in scope:
                return scope[name.name]
        if name.name in OF_UNIT:
            self._fault("XP869", name, field=name.name)
            return [UNKNOWN]
        known = [known for scope in self.scopes for known in scope]
        self._unknown(name, name.name, known)
        return [UNKNOWN]

    def _member(self, expression: nodes.Expr, owners: list[object], key: object) -> list[object]:
        """A field of whatever owns it; unknown when none of them has it."""
        found: list[object] = []
        known: list[str] = []
        for owner in owners:
            if owner is UNKNOWN:
                return [UNKNOWN]
            if isinstance(owner, dict) and key in owner:
                found.append(owner[key])
            elif isinstance(owner, list) and isinstance(key, int):
                found += owner[key : key + 1]
            elif isinstance(owner, dict):
                known += [str(name) for name in owner]
        if not found and owners:
            self._unknown(expression, str(key), known)
        return found or [UNKNOWN]

    def _filter(self, used: nodes.Filter) -> list[object]:
        values = self.values(used.node) if used.node is not None else [UNKNOWN]
        for argument in used.args:
            self.values(argument)
        if used.name not in BY_NAME:
            near = "、".join(get_close_matches(used.name, list(BY_NAME), 1, 0.3) or BY_NAME)
            self._fault("XP856", used, reason=f"没有过滤器“{used.name}”，可用：{near}")
            return [UNKNOWN]
        if used.name == "或":
            return [value for value in values if not _is_missing(value)] or [""]
        if used.name in PICKS:
            return self._picked(used, values)
        wrong = [v for v in values if v is not UNKNOWN and not isinstance(v, Number)]
        if used.name in TAKES_NUMBERS and wrong:
            path = _path(used.node) if used.node else ""
            self._fault("XP856", used, reason=f"“{path}”不是数字，不能用“{used.name}”")
        elif all(map(_is_missing, values)) and used.name in TAKES_NUMBERS and not self.guarded:
            self._fault("XP852", used, field=_path(used.node) if used.node else "")
        return [UNKNOWN]

    def _picked(self, used: nodes.Filter, values: list[object]) -> list[object]:
        """What a filter picks from is what it can give; it must be lists of units."""
        lists = [value for value in values if isinstance(value, list)]
        rows = [row for rows in lists for row in rows]
        unfit = any(not isinstance(row, dict) or "距序时" not in row for row in rows)
        if unfit or any(value is not UNKNOWN and value not in lists for value in values):
            said = f"“{_path(used.node)}”不是单位的名单，不能用“{used.name}”"
            self._fault("XP856", used, reason=said)
        return values

    def _unknown(self, expression: nodes.Node, name: str, known: Sequence[str]) -> None:
        near = get_close_matches(name, list(dict.fromkeys(known)), 3, 0.3)
        said = "、".join(near or list(dict.fromkeys(known))[:8])
        self._fault("XP851", expression, field=_path(expression), known=said or "（没有）")

    def _fault(self, code: str, node: nodes.Node, **values: str) -> None:
        fault = Fault(code, _at(self.passages, node.lineno), values)
        if fault not in self.faults:
            self.faults.append(fault)


_READERS: Mapping[type, Callable[[Walker, Any], list[object]]] = {
    nodes.Const: Walker._constant,  # noqa: SLF001 - the table of the walker's own ways to read
    nodes.Name: Walker._name,  # noqa: SLF001 - likewise
    nodes.Getattr: Walker._attribute,  # noqa: SLF001 - likewise
    nodes.Getitem: Walker._item,  # noqa: SLF001 - likewise
    nodes.Filter: Walker._filter,  # noqa: SLF001 - likewise
    nodes.Call: Walker._call,  # noqa: SLF001 - likewise
    nodes.CondExpr: Walker._choice,  # noqa: SLF001 - likewise
}


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, Number) and value.value is None)


def _picks(node: nodes.Node) -> bool:
    """Whether an expression makes a list shorter."""
    return isinstance(node, nodes.Filter) and node.name in PICKS


def _path(node: nodes.Node | None) -> str:
    """An expression as the template writes it, as far as it is a path."""
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=owner, attr=attr):
            return f"{_path(owner)}.{attr}"
        case nodes.Getitem(node=owner, arg=nodes.Const(value=key)):
            return f"{_path(owner)}[{key}]"
        case nodes.Filter(node=inner, name=name):
            return f"{_path(inner)}|{name}"
        case _:
            return "…"


def _named(statement: nodes.Node) -> str:
    """What a statement that no template may hold is called."""
    return {"Include": "include", "Import": "import", "FromImport": "import"}.get(
        type(statement).__name__, type(statement).__name__.lower()
    )
