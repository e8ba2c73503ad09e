"""The way to LibreOffice: its Python module, found from any environment, and a connection."""

import importlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from xlplan.diagnostics import RequestError

Remote = Any
"""An object that lives in LibreOffice; it has no types on this side."""

_PLACES = (
    "/usr/lib/python3/dist-packages",
    "/usr/lib*/python3*/site-packages",
    "/usr/lib*/libreoffice/program",
    "/opt/libreoffice*/program",
    "C:/Program Files/LibreOffice/program",
)
_PAUSE = 0.1
CONVENTION_PIPE = "xlplan"
"""The name of the pipe on which LibreOffice listens when nothing else is said."""


@cache
def load_uno() -> Remote:
    """LibreOffice's Python module.

    Distributions keep it with their own Python's packages. That folder is only looked into for
    this one import: PYTHONPATH would put all of the distribution's packages before ours.

    Raises:
        RequestError: XP801 where there is none.
    """
    chosen = os.environ.get("XLPLAN_UNO")
    places = [chosen] if chosen else [found for place in _PLACES for found in _found(place)]
    for place in ("", *places):
        with _looking_into(place):
            try:
                return importlib.import_module("uno")
            except ImportError:
                continue
    raise RequestError("XP801", reason="没有找到 LibreOffice 的 Python 组件 python3-uno")


def _found(pattern: str) -> list[str]:
    """The folders that fit a pattern; none where even its drive is unknown."""
    anchor = Path(pattern).anchor
    return sorted(map(str, Path(anchor).glob(pattern[len(anchor) :]))) if anchor else []


@contextmanager
def _looking_into(place: str) -> Iterator[None]:
    if not place or not Path(place).is_dir():
        yield
        return
    sys.path.append(place)
    try:
        yield
    finally:
        sys.path.remove(place)


def context_of(address: str) -> Remote:
    """The component context behind an address such as `pipe,name=xlplan`.

    Raises:
        RequestError: XP801 when nobody listens there.
    """
    uno = load_uno()
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    try:
        return resolver.resolve(f"uno:{address};urp;StarOffice.ComponentContext")
    except Exception as refused:
        if not is_remote(refused):
            raise
        raise RequestError("XP801", reason="LibreOffice 没有应答") from refused


def connect(address: str = f"pipe,name={CONVENTION_PIPE}", seconds: float = 0) -> Remote:
    """The same, waiting that long for an office that is still starting."""
    until = time.monotonic() + seconds
    while True:
        try:
            return context_of(address)
        except RequestError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)


def is_remote(trouble: BaseException) -> bool:
    """Whether an exception comes out of LibreOffice; its classes are made while one is raised."""
    kinds = type(trouble).__mro__
    return any("com.sun.star" in f"{kind.__module__}.{kind.__qualname__}" for kind in kinds)


def struct(name: str, **values: object) -> Remote:
    """A structure of LibreOffice, its fields filled."""
    made = load_uno().createUnoStruct(f"com.sun.star.{name}")
    for field, value in values.items():
        setattr(made, field, value)
    return made


def enum(name: str, value: str) -> Remote:
    """A named value of one of LibreOffice's types."""
    return load_uno().Enum(f"com.sun.star.{name}", value)


def settings(**values: object) -> tuple[Remote, ...]:
    """Named values, as loading, storing and dispatching take them."""
    return tuple(struct("beans.PropertyValue", Name=name, Value=it) for name, it in values.items())


def set_all(target: Remote, **values: object) -> None:
    """Set properties of a cell range in one call; they must stand in the order of their names."""
    names = tuple(sorted(values))
    target.setPropertyValues(names, tuple(values[name] for name in names))
