"""Described sheets spliced into a package: pure, nothing is saved here.

Only content types, workbook part and its relationships, styles, and the sheets' own parts change;
the calculation chain leaves where it lists formulas that are replaced. Everything else is copied
as the compressed bytes it was, in the order it had. The same sheets spliced twice give the same
bytes: a part whose content comes out as it was is copied, too.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from xlplan.container import Container, Member, damaged, part_key
from xlplan.container.packer import Packer, gathered
from xlplan.diagnostics import Cell, RequestError
from xlplan.package import guard
from xlplan.package.buttons import drawn
from xlplan.package.comments import Comment, commented
from xlplan.package.edits import CellEdit, Refusal, by_sheet
from xlplan.package.growing import grown
from xlplan.package.hanging import hanging
from xlplan.package.hull import formulas_in, read_hull
from xlplan.package.links import OWN_ID
from xlplan.package.relations import (
    Relations,
    XmlPart,
    member_of,
    new_relations,
    rels_name,
)
from xlplan.package.render import Rendered, render, worksheet
from xlplan.package.sheet_edits import Surroundings, edited
from xlplan.package.sheet_part import replaced
from xlplan.package.styles import StyleBook
from xlplan.package.workbook_part import SheetEntry, Workbook
from xlplan.package.xml_offsets import (
    STRICT,
    STRICT_RELATIONS,
    TRANSITIONAL,
    TRANSITIONAL_RELATIONS,
    index,
    spliced,
    text_of,
)
from xlplan.sheets.description import Sheet

Content = Callable[[], Iterable[bytes]]

_CHAINED = re.compile(rb"""\si=["'](\d{1,9})["']""")
_PRINT_TITLES = "_xlnm.Print_Titles"
_SHEET_LEVEL = 4  # measured: two thirds of level 6's time for a few percent more bytes


@dataclass(frozen=True, slots=True)
class Spliced:
    """What a splice did; `changed` is False where every part came out as it was.

    `own` holds the keys of the old parts that were not copied blindly; `notes` what could not be
    written as described.
    """

    changed: bool
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    own: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Plan:
    """The parts that get new content (by key), those that come new (by name), and go."""

    contents: dict[str, Content] = field(default_factory=dict)
    new: dict[str, Content] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    edited: set[str] = field(default_factory=set)  # keys of the parts of sheets that were edited
    refused: list[Refusal] = field(default_factory=list)
    unplaced: list[tuple[Comment, str]] = field(default_factory=list)
    rechained: bool = False  # whether formulas of edited sheets went
    rendered: dict[str, Rendered] = field(default_factory=dict)
    outdated: bool = False  # whether figures elsewhere wait for Excel to calculate

    def notes(self) -> Iterator[str]:
        """What the user should know; complete once all is written."""
        if self.outdated:
            yield "其他工作表的公式和图表在 Excel 下次打开时重算，在此之前预览的仍是旧值"
        for name, rendered in self.rendered.items():
            if rendered.cut:
                yield f"“{name}”有 {len(rendered.cut)} 个单元格的文字超过 32767 字，已截短"
            if rendered.unlinked:
                yield f"“{name}”有 {rendered.unlinked} 个链接没有写入"

    def part(self, container: Container, name: str, content: Content) -> None:
        """Give a part, old or new, its content."""
        member = member_of(container, name)
        if member is None:
            self.new[name] = content
        else:
            self.contents[member.key] = content


@dataclass(frozen=True, slots=True)
class Job:
    """What goes into a book: described sheets, edits of sheets that are there, comments on them."""

    sheets: Sequence[Sheet] = ()
    edits: Sequence[CellEdit] = ()
    comments: Sequence[Comment] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A copy with comments, and those that found no place in it, with the reason."""

    data: bytes
    left: tuple[tuple[Comment, str], ...] = ()


def splice(
    source: Path | bytes, sheets: Sequence[Sheet], into: BinaryIO, edits: Sequence[CellEdit] = ()
) -> Spliced:
    """Write the package `source` with the described sheets into the seekable file `into`.

    `edits` change other sheets of the book in single cells and rows.

    Raises: RequestError XP002 to XP008 (no whole, harmless workbook), XP701 to XP709 (what
    could not be kept whole), XP711 (an edit that cannot be done without harm). Nothing is ever
    written to `source`.
    """
    guard.check_names(sheets)
    return _spliced(source, Job(sheets, edits), into)[0]


def marked(source: Path | bytes, comments: Sequence[Comment]) -> Marked:
    """A copy of a book with comments on cells, every part that they do not need byte for byte.

    Raises: RequestError as `splice` does of the book as a whole.
    """
    into = io.BytesIO()
    spliced_, plan = _spliced(source, Job(comments=comments), into)
    check_result(source, into.getvalue(), spliced_.own)
    return Marked(into.getvalue(), tuple(plan.unplaced))


def _spliced(source: Path | bytes, job: Job, into: BinaryIO) -> tuple[Spliced, "_Plan"]:
    label = str(source) if isinstance(source, Path) else "workbook"
    with Container(source, label) as container:
        workbook = Workbook(container)
        guard.check_all(workbook, job.sheets)
        calculated = _sound(container, workbook, job.sheets)
        plan = _planned(workbook, job, calculated)
        for refusal in plan.refused:
            raise RequestError("XP711", path=label, cell=refusal.place, reason=refusal.reason)
        changed = _written(container, plan, into)
    own = frozenset(plan.contents) | plan.dropped
    said = tuple(plan.notes())
    return Spliced(changed, tuple(plan.added), tuple(plan.replaced), own, said), plan


def refusals(source: Path | bytes, edits: Sequence[CellEdit]) -> tuple[Refusal, ...]:
    """Which of these edits cannot be done without harm, and why; nothing is written.

    Raises: RequestError as `splice` does of the book as a whole.
    """
    label = str(source) if isinstance(source, Path) else "workbook"
    with Container(source, label) as container:
        workbook = Workbook(container)
        guard.check_all(workbook, ())
        return tuple(_planned(workbook, Job(edits=edits), set()).refused)


def _sound(container: Container, workbook: Workbook, ours: Iterable[Sheet]) -> set[str]:
    """Read every member through, so that no damage is carried on; gives sheets with formulas.

    Those that will be replaced are passed over: they are read through for that.
    """
    sheets = {part_key(entry.part) for entry in workbook.sheets}
    replaced_ = {part_key(entry.part) for one in ours if (entry := workbook.find(one.name))}
    calculated = set()
    for member in container.members:
        if member.key in replaced_:
            continue
        if member.key in sheets:
            if formulas_in(container.chunks(member)):
                calculated.add(member.key)
        else:
            for _ in container.chunks(member):
                pass
    return calculated


def _planned(workbook: Workbook, job: Job, calculated: set[str]) -> _Plan:
    plan = _Plan()
    container = workbook.container
    styles_name = workbook.part_of("styles")
    styles = StyleBook.parse(_content(container, styles_name), container.label)
    for sheet in job.sheets:
        entry = workbook.find(sheet.name)
        if entry is None:
            _add(plan, workbook, sheet, styles)
        else:
            _replace(plan, workbook, (sheet, entry), styles)
    for edits in by_sheet(job.edits).values():
        _edit(plan, workbook, edits, styles)
    for sheet_name in dict.fromkeys(one.sheet for one in job.comments):
        _comment(plan, workbook, [one for one in job.comments if one.sheet == sheet_name])
    _refresh(plan, workbook, calculated)
    if styles.changed and (job.sheets or styles.grew):
        name = styles_name or workbook.add_styles()
        xml = styles.xml() if styles_name else _in_space(styles.xml(), workbook)
        plan.part(container, name, lambda: [xml])
    workbook.finish_names()
    for part in (workbook.types.part, workbook.relations.part, workbook.part):
        if part.edits:
            plan.part(container, part.member.name, _small(part))
    return plan


def _content(container: Container, name: str) -> bytes | None:
    """A part as it is, in an encoding that can be read and written; None without one."""
    member = container.find(name) if name else None
    if member is None:
        return None
    raw = container.read(member)
    text_of(raw, name, container.label)
    return raw


def _in_space(xml: bytes, workbook: Workbook) -> bytes:
    """A part of our own in the namespace of a strict book."""
    return xml.replace(TRANSITIONAL.encode(), STRICT.encode()) if workbook.strict else xml


def _add(plan: _Plan, workbook: Workbook, sheet: Sheet, styles: StyleBook) -> None:
    rendered = _in_its_space(render(sheet, styles, date1904=workbook.date1904), workbook)
    entry = workbook.add_sheet(sheet.name, hidden=sheet.hidden)
    plan.rendered[sheet.name] = rendered
    _name(workbook, entry, rendered, new=True)
    strict = workbook.strict
    plan.new[entry.part] = lambda: worksheet(rendered, strict=strict)
    number, drawing = workbook.add_drawing(entry) if sheet.buttons else (0, "")
    if drawing:
        plan.new[drawing] = lambda: [drawn(sheet, number)]
    if rendered.web or drawing:
        relations = new_relations(rendered.web, drawing, strict=strict)
        plan.new[rels_name(entry.part)] = lambda: [relations]
    plan.added.append(sheet.name)


def _replace(
    plan: _Plan, workbook: Workbook, which: tuple[Sheet, SheetEntry], styles: StyleBook
) -> None:
    sheet, entry = which
    container = workbook.container
    member = member_of(container, entry.part)
    assert member is not None, "the guard looked"  # noqa: S101 - a bug, not user data
    hull = read_hull(container, member)
    guard.check_sheet_part(hull.root, container.label)
    rendered = render(sheet, styles, prefix=hull.root.prefix, date1904=workbook.date1904)
    rendered = _in_its_space(rendered, workbook)
    plan.rendered[sheet.name] = rendered
    _name(workbook, entry, rendered, new=False)
    plan.contents[member.key] = lambda: replaced(hull, rendered.elements)
    _link(plan, workbook, member.name.replace("\\", "/"), rendered)
    plan.replaced.append(entry.name)


def _edit(plan: _Plan, workbook: Workbook, edits: Sequence[CellEdit], styles: StyleBook) -> None:
    """Edit one sheet that is there, and let what refers to its tables grow with them."""
    container = workbook.container
    entry = workbook.find(edits[0].sheet)
    member = member_of(container, entry.part) if entry else None
    if entry is None or member is None or entry.kind != "worksheet":
        refused = [Refusal(edit, Cell(edit.sheet), "没有这张工作表") for edit in edits]
        plan.refused += refused
        return
    assert member.key not in plan.contents, "a sheet of ours"  # noqa: S101 - a bug, not user data
    tables = hanging(container, member.name.replace("\\", "/"))
    around = Surroundings(styles, workbook.date1904, tables.forbidden())
    done = edited(container, member, edits, around)
    plan.refused += done.refused
    plan.contents[member.key] = lambda: [done.content]
    plan.edited.add(member.key)
    plan.rechained |= done.formulas_went
    for growth in done.growths:
        workbook.grow_names(workbook.position(entry.name), partial(grown, growth=growth))
    for part in tables.grown(done.growths):
        plan.contents[part.member.key] = _small(part)


def _comment(plan: _Plan, workbook: Workbook, comments: Sequence[Comment]) -> None:
    """Put comments on the cells of one sheet."""
    container = workbook.container
    entry = workbook.find(comments[0].sheet)
    member = member_of(container, entry.part) if entry else None
    if entry is None or member is None or entry.kind != "worksheet":
        plan.unplaced += [(one, "没有这张工作表") for one in comments]
        return
    found = commented(workbook, member, comments, {name.casefold() for name in plan.new})
    for key, content in found.changed.items():
        plan.contents[key] = partial(_alone, content)
    for name, content in found.new.items():
        plan.new[name] = partial(_alone, content)
    plan.unplaced += [(one, "单元格上有会话批注") for one in found.left]


def _alone(content: bytes) -> list[bytes]:
    return [content]


def _in_its_space(rendered: Rendered, workbook: Workbook) -> Rendered:
    """The same with links and buttons in the namespace of a strict book."""
    related = [name for name in ("hyperlinks", "legacyDrawing") if name in rendered.elements]
    if not (related and workbook.strict):
        return rendered
    spaces = TRANSITIONAL_RELATIONS.encode(), STRICT_RELATIONS.encode()
    moved = {n: [chunk.replace(*spaces) for chunk in rendered.elements[n]] for n in related}
    return replace(rendered, elements={**rendered.elements, **moved})


def _link(plan: _Plan, workbook: Workbook, part: str, rendered: Rendered) -> None:
    """Relate a sheet to the web addresses that its links need; ours of last time go."""
    name, strict = rels_name(part), workbook.strict
    if name in workbook.container:
        relations = Relations(workbook.container, part)
        relations.link(rendered.web, OWN_ID, strict=strict)
        if relations.part.edits:
            plan.part(workbook.container, name, _small(relations.part))
    elif rendered.web:
        plan.new[name] = lambda: [new_relations(rendered.web, "", strict=strict)]


def _name(workbook: Workbook, entry: SheetEntry, rendered: Rendered, *, new: bool) -> None:
    """Enter the sheet's local names; print titles of an existing sheet are the clerk's."""
    position = workbook.position(entry.name)
    for name, reference in rendered.defined_names:
        if new or name != _PRINT_TITLES:
            workbook.set_name(name, position, reference)


def _refresh(plan: _Plan, workbook: Workbook, calculated: set[str]) -> None:
    """See to it that nothing else in the book keeps an outdated figure.

    The cached values of our own formulas are right; those of other sheets may depend on what
    changed, so Excel is asked to calculate once where there are any. A calculation chain that
    lists a formula which is no longer there makes Excel repair the file: then it leaves, and
    Excel makes a new one.
    """
    if (plan.added or plan.replaced) and calculated - set(plan.contents):
        workbook.calculate_on_load()
        plan.outdated = bool(plan.replaced)
    if plan.edited and calculated:
        workbook.calculate_on_load()
        plan.outdated = True
    chain = workbook.part_of("calcChain")
    replaced_ids = {entry.sheet_id for entry in map(workbook.find, plan.replaced) if entry}
    gone = plan.rechained or (
        chain and replaced_ids and replaced_ids & _chained(workbook.container, chain)
    )
    if chain and gone:
        plan.dropped.add(workbook.drop_part("calcChain"))


def _chained(container: Container, chain: str) -> set[int]:
    """The ids of the sheets whose formulas a calculation chain lists."""
    raw = _content(container, chain) or b""
    body = text_of(raw, chain, container.label).body
    return {int(number) for number in _CHAINED.findall(body)}


def _small(part: XmlPart) -> Content:
    """A small part with its edits done, read once more before it is believed."""
    body = b"".join(spliced(part.text.body, part.edits))
    index(body, part.name, part.label)
    packed = part.text.packed(body)
    return lambda: [packed]


def _written(container: Container, plan: _Plan, into: BinaryIO) -> bool:
    """Write the package; whether anything differs from before."""
    packer = Packer(into)
    changed = bool(plan.new or plan.dropped)
    for member in sorted(container.members, key=lambda member: member.offset):
        content = plan.contents.get(member.key)
        if member.key in plan.dropped:
            continue
        if content is None:
            packer.copy(container, member)
        elif _renewed(container, packer, member, content):
            changed = True
    for name, content in plan.new.items():
        packer.add(name, content(), level=_SHEET_LEVEL)
    packer.close((member.key for member in container.members), container.comment)
    return changed


def _renewed(container: Container, packer: Packer, member: Member, content: Content) -> bool:
    """Write a part's new content, or copy the old where it is the same."""
    old = _Compared(container.chunks(member))
    written = packer.renew(member, old.beside(content()), level=_SHEET_LEVEL)
    if written != (member.crc, member.size) or not old.is_same():
        return True
    packer.take_back(member.key)
    packer.copy(container, member)
    return False


class _Compared:
    """An old content, read along with the new one as far as they are the same."""

    def __init__(self, old: Iterator[bytes]) -> None:
        self._old, self._ahead, self._same = old, b"", True

    def beside(self, new: Iterable[bytes]) -> Iterator[bytes]:
        """The new chunks, each held against the old content on its way."""
        for chunk in gathered(new):
            if self._same:
                self._hold(chunk)
            yield chunk

    def _hold(self, chunk: bytes) -> None:
        while len(self._ahead) < len(chunk) and (more := next(self._old, None)) is not None:
            self._ahead += more
        self._same = self._ahead.startswith(chunk)
        self._ahead = self._ahead[len(chunk) :]

    def is_same(self) -> bool:
        """Whether both were the same to the end, which the old one's checksum has confirmed."""
        return self._same and not self._ahead and not any(self._old)


def check_result(source: Path | bytes, result: Path | bytes, own: frozenset[str]) -> None:
    """Read a finished package back: foreign parts equal as compressed bytes, our own readable."""
    with Container(source, "source") as old, Container(result, "result") as new:
        for member in new.members:
            before = old.find(member.name)
            if before is None or member.key in own:
                for _ in new.chunks(member):
                    pass
            elif any(a != b for a, b in zip_longest(old.raw(before), new.raw(member))):
                raise damaged("result", f"“{member.name}”没有原样写出")
        missing = [m.name for m in old.members if m.key not in own and m.name not in new]
        if missing:
            raise damaged("result", f"“{missing[0]}”没有写出")
