"""One command for people and CI: `nox -s check`."""

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["check"]

GATES = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
)


@nox.session
def style(session: nox.Session) -> None:
    """Ruff, mypy --strict and the import contract."""
    session.install("-e", ".[dev]")
    for gate in GATES:
        session.run(*gate)


@nox.session
def check(session: nox.Session) -> None:
    """The style gates, then every test and doctest."""
    style(session)
    session.run(
        "python", "-m", "pytest", *(session.posargs or ("-n", "auto", "--dist", "loadfile"))
    )
