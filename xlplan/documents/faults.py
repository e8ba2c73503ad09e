"""The faults of a template as one refusal: each in its place, in one line."""

from dataclasses import dataclass

from xlplan.diagnostics import KINDS, RequestError, Severity
from xlplan.diagnostics.kinds import Language
from xlplan.documents.lint import Fault


@dataclass(frozen=True, slots=True)
class TemplateFaults:
    """The faults of one template as XP850 lists them."""

    name: str
    found: tuple[Fault, ...]

    def __format__(self, language: str) -> str:
        """In Chinese, or in English for the format `en`."""
        said: Language = "en" if language == "en" else "zh"
        colon, stop = (": ", "; ") if said == "en" else ("：", "；")
        return f"{self.name}{colon}{stop.join(line(fault, said) for fault in self.found)}"

    def __str__(self) -> str:
        return format(self, "zh")


def line(fault: Fault, language: Language = "zh") -> str:
    """A fault with its place, its code and what to do."""
    kind = KINDS[fault.code]
    colon, stop = (": ", "; ") if language == "en" else ("：", "，")
    message = kind.message(language).format_map(fault.values)
    hint = kind.hint(language).format_map(fault.values)
    return f"{fault.passage.shown}{colon}{message}{stop}{hint}（{fault.code}）"


def refuse(faults: TemplateFaults) -> tuple[str, ...]:
    """XP850 when any fault is an error; else the warnings, one line each."""
    errors = [fault for fault in faults.found if KINDS[fault.code].severity is Severity.ERROR]
    if errors:
        listed = TemplateFaults(faults.name, tuple(errors))
        raise RequestError("XP850", count=len(errors), faults=listed)
    return tuple(map(line, faults.found))
