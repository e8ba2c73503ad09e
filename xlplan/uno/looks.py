"""Fonts, borders, drop-downs and conditional formats of a range."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from xlwings import base_classes

from xlplan.uno.bridge import Remote, enum, set_all, struct
from xlplan.uno.far import done, given, routines, told
from xlplan.uno.formulas import to_excel, to_office

if TYPE_CHECKING:
    from xlplan.uno.ranges import Range

_NONE = -1
_BOLD, _NORMAL = 150.0, 100.0
_SCRIPTS = ("", "Asian", "Complex")
_WEIGHTS = {"hairline": 2, "thin": 26, "medium": 62, "thick": 88}  # 1/100 mm, as files are read
_LINES = {"continuous": 0, "dot": 1, "dash": 2, "double": 3, "dash_dot": 16, "dash_dot_dot": 17}
_SIDES = {
    "edge_top": ("TopBorder2",),
    "edge_bottom": ("BottomBorder2",),
    "edge_left": ("LeftBorder2",),
    "edge_right": ("RightBorder2",),
    "inside_vertical": ("LeftBorder2", "RightBorder2"),
    "inside_horizontal": ("TopBorder2", "BottomBorder2"),
}
_UNSET = base_classes._UNSET  # noqa: SLF001 - the mark that xlwings hands to engines
_CONDITION, _BAR = 0, 2  # com.sun.star.sheet.ConditionEntryType
_FORMULA = 24  # com.sun.star.sheet.ConditionFormatOperator
_NEVER = "FALSE"


def color_of(said: object) -> int:
    """A colour as LibreOffice counts it: from #RRGGBB, (red, green, blue) or Excel's number.

    >>> hex(color_of("#DDEBF7")), hex(color_of((221, 235, 247))), color_of(None)
    ('0xddebf7', '0xddebf7', -1)
    """
    if said is None:
        return _NONE
    if isinstance(said, str):
        return int(said.removeprefix("#"), 16)
    if isinstance(said, int):
        return (said & 0xFF) << 16 | said & 0xFF00 | said >> 16 & 0xFF
    red, green, blue = cast("Sequence[int]", said)
    return red << 16 | green << 8 | blue


def rgb_of(color: int | None) -> tuple[int, int, int] | None:
    """A colour of LibreOffice as xlwings tells it; None where there is none, or several."""
    if color is None or color < 0:
        return None
    return color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF


class Font(base_classes.Font):
    """The font of a range, for Latin and Chinese letters alike."""

    def __init__(self, parent: "Range") -> None:
        self.parent = parent
        self.xl = parent.xl

    @property
    def api(self) -> Remote:
        return self.xl

    def _set(self, name: str, value: object) -> None:
        set_all(self.xl, **{f"{name}{script}": value for script in _SCRIPTS})

    @property
    def bold(self) -> bool | None:
        weight = self.xl.CharWeight
        return None if weight is None else bool(weight > _NORMAL)

    @bold.setter
    def bold(self, value: bool) -> None:
        self._set("CharWeight", _BOLD if value else _NORMAL)

    @property
    def italic(self) -> bool | None:
        posture = self.xl.CharPosture
        return None if posture is None else posture.value == "ITALIC"

    @italic.setter
    def italic(self, value: bool) -> None:
        self._set("CharPosture", enum("awt.FontSlant", "ITALIC" if value else "NONE"))

    @property
    def size(self) -> float | None:
        size = self.xl.CharHeight
        return None if size is None else float(size)

    @size.setter
    def size(self, value: float) -> None:
        self._set("CharHeight", float(value))

    @property
    def name(self) -> str | None:
        name = self.xl.CharFontName
        return None if name is None else str(name)

    @name.setter
    def name(self, value: str) -> None:
        self._set("CharFontName", value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        return rgb_of(self.xl.CharColor)

    @color.setter
    def color(self, color_or_rgb: object) -> None:
        self.xl.CharColor = color_of(color_or_rgb)


class Border(base_classes.Border):
    """One side of the cells of a range."""

    def __init__(self, parent: "Borders", side: str) -> None:
        self.parent = parent
        self.side = side

    @property
    def _line(self) -> Remote:
        return getattr(self.parent.xl, _SIDES[self.side][0])

    @property
    def line_style(self) -> str | None:
        line = self._line
        if line is None:
            return None
        names = {number: name for name, number in _LINES.items()}
        return names.get(line.LineStyle, "continuous") if line.LineWidth else "none"

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        self.parent.set((self.side,), line_style=value)

    @property
    def weight(self) -> str | None:
        line = self._line
        names = {number: name for name, number in _WEIGHTS.items()}
        return None if line is None else names.get(line.LineWidth)

    @weight.setter
    def weight(self, value: str) -> None:
        self.parent.set((self.side,), weight=value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        line = self._line
        return None if line is None else rgb_of(line.Color)

    @color.setter
    def color(self, color_or_rgb: object) -> None:
        self.parent.set((self.side,), color=color_or_rgb)


class Borders(base_classes.Borders):
    """The lines around the cells of a range."""

    def __init__(self, parent: "Range") -> None:
        self.parent = parent
        self.xl = parent.xl

    @property
    def api(self) -> Remote:
        return self.xl

    def __getitem__(self, side: str) -> Border:
        return Border(self, side)

    def set(
        self,
        which: Sequence[str] = (),
        *,
        line_style: object = _UNSET,
        weight: object = _UNSET,
        color: object = _UNSET,
    ) -> None:
        """Draw sides; `which` holds names of sides, groups are spelt out by xlwings.

        A line inside is the edge of cells: where edges and insides are asked for together each
        cell gets its own frame, in one call.
        """
        sides = {name for side in which for name in _SIDES.get(side, ())}
        if not sides:
            return
        line = struct(
            "table.BorderLine2",
            Color=0 if color is _UNSET else color_of(color),
            LineStyle=_LINES.get(str(line_style), 0),
            LineWidth=0 if line_style is None else _WEIGHTS.get(str(weight), _WEIGHTS["thin"]),
            OuterLineWidth=0 if line_style is None else _WEIGHTS.get(str(weight), _WEIGHTS["thin"]),
        )
        set_all(self.xl, **dict.fromkeys(sides, line))

    def clear(self, which: Sequence[str] = tuple(_SIDES)) -> None:
        self.set(which, line_style=None)


class DataValidation(base_classes.DataValidation):
    """What may be typed into the cells of a range."""

    def __init__(self, parent: "Range") -> None:
        self.parent = parent

    @property
    def api(self) -> Remote:
        return self.parent.xl.Validation

    def set_list(self, source: object, in_cell_dropdown: bool) -> None:  # noqa: FBT001 - the signature that xlwings calls
        rule = self.parent.xl.Validation
        rule.Type = enum("sheet.ValidationType", "LIST")
        rule.ShowList = int(in_cell_dropdown)
        rule.ShowErrorMessage = True
        rule.setFormula1(_choices(source))
        self.parent.xl.Validation = rule

    def delete(self) -> None:
        rule = self.parent.xl.Validation
        rule.Type = enum("sheet.ValidationType", "ANY")
        self.parent.xl.Validation = rule


def _choices(source: object) -> str:
    """The options as a list of literals, or the cells that hold them."""
    if isinstance(source, base_classes.Range):
        return to_office(cast("Range", source).get_address(True, True, True)).removeprefix("=")  # noqa: FBT003
    options = cast("Sequence[str]", source)
    return ";".join('"' + option.replace('"', '""') + '"' for option in options)


class ConditionalFormat(base_classes.ConditionalFormat):
    """One rule of a sheet; LibreOffice keeps it with the ranges that it is for."""

    def __init__(self, rules: Remote, xl: Remote, at: int) -> None:
        self._rules = rules
        self.xl = xl
        self._entry = xl.getByIndex(at)
        self._at = at

    @property
    def api(self) -> Remote:
        return self._entry

    @property
    def type(self) -> str:
        kind = self._entry.getType()
        if kind == _CONDITION:
            return "custom" if self._entry.Operator == _FORMULA else "cell_value"
        return "data_bar" if kind == _BAR else "unknown"

    @property
    def formula(self) -> str | None:
        return to_excel(f"={self._entry.Formula1}") if self.type == "custom" else None

    @property
    def bar_color(self) -> tuple[int, int, int] | None:
        return rgb_of(self._entry.Color) if self.type == "data_bar" else None

    def delete(self) -> None:
        """Take the rule away; of several that LibreOffice keeps as one, when the last one goes.

        LibreOffice 7 cannot take one of them out (`removeByIndex` always refuses): until then it is
        given a condition that never holds.
        """
        others = [self.xl.getByIndex(at) for at in range(self.xl.getCount()) if at != self._at]
        if all(one.getType() == _CONDITION and one.Formula1 == _NEVER for one in others):
            self._rules.removeByID(self.xl.ID)
        elif self._entry.getType() == _CONDITION:
            self._entry.Operator, self._entry.Formula1 = _FORMULA, _NEVER


@dataclass(frozen=True, slots=True)
class Condition:
    """A formula, the looks where it holds, and the cell from which it counts."""

    formula: str
    looks: Mapping[str, object]
    row: int
    column: int


class ConditionalFormats(base_classes.ConditionalFormats):
    """The rules that touch a range."""

    def __init__(self, parent: "Range") -> None:
        self._range = parent
        self.xl = parent.sheet.xl.ConditionalFormats

    @property
    def parent(self) -> "Range":
        return self._range

    @property
    def api(self) -> Remote:
        return self.xl

    def __iter__(self) -> Iterator[ConditionalFormat]:
        for rule in self._rules():
            for at in range(rule.getCount()):
                yield ConditionalFormat(self.xl, rule, at)

    def _rules(self) -> Sequence[Remote]:
        """What LibreOffice keeps as one each, and may be several rules."""
        found: Sequence[Remote] = told(routines().rules_on, self.xl, self._range.xl)
        return found

    def __len__(self) -> int:
        return sum(rule.getCount() for rule in self._rules())

    def __call__(self, key: int) -> ConditionalFormat:
        return list(self)[key - 1]

    def lay(self, conditions: Sequence[Condition]) -> None:
        """Lay rules on cells that have none yet, so that they show at once."""
        rules = tuple(
            (
                to_office(one.formula).removeprefix("="),
                self._style(one.looks),
                one.row - 1,
                one.column - 1,
            )
            for one in conditions
        )
        done(routines().lay_conditions, self._range.xl, rules)

    def add_custom(self, spec: Mapping[str, object]) -> ConditionalFormat:
        if not len(self):
            self.lay([Condition(str(spec["formula"]), spec, self._range.row, self._range.column)])
            return next(iter(self))
        rule = given(
            routines().add_condition,
            self.xl,
            self._range.document,
            self._range.xl,
            to_office(str(spec["formula"])).removeprefix("="),
            self._style(spec),
        )
        return ConditionalFormat(self.xl, rule, 0)

    def add_data_bar(self, spec: Mapping[str, object]) -> ConditionalFormat:
        ends = cast("Sequence[float | None]", spec["thresholds"])
        shows = bool(spec["gradient"]), bool(spec["show_value"])
        looks = color_of(spec["bar_color"]), *shows, self._style({})
        rule = given(
            routines().add_data_bar,
            self.xl,
            self._range.document,
            self._range.xl,
            looks,
            tuple("" if end is None else f"{end:g}" for end in ends),
        )
        return ConditionalFormat(self.xl, rule, 0)

    def _style(self, spec: Mapping[str, object]) -> str:
        """The cell style that holds what a rule changes; LibreOffice keeps it under a name."""
        looks = {
            "CharColor": spec.get("font_color"),
            "CellBackColor": spec.get("fill_color"),
            "CharWeight": spec.get("font_bold"),
        }
        said = "_".join(str(value) for value in looks.values())
        name = f"xlplan {said}"
        properties: dict[str, object] = {
            key: color_of(looks[key])
            for key in ("CharColor", "CellBackColor")
            if looks[key] is not None
        }
        if looks["CharWeight"]:
            properties |= {f"CharWeight{script}": _BOLD for script in _SCRIPTS}
        names, values = tuple(properties), tuple(properties.values())
        done(routines().cell_style, self._range.document, name, names, values)
        return name

    def clear(self) -> None:
        for rule in list(self):
            rule.delete()
