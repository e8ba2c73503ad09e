"""What every test may use: golden texts with a switch to renew them, and LibreOffice."""

import pytest
from support import golden, live, office


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden texts anew instead of comparing; look at the difference in git",
    )


@pytest.fixture
def matches_golden(request):
    """Compare a text with tests/golden/NAME.txt, or renew that with --update-golden."""
    update = request.config.getoption("--update-golden")
    return lambda name, text: golden.check(name, text, update=update)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(tmp_path_factory):
    """Let programs that tests start keep what they compile, as installed ones do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("compiled")))
        patch.setenv("XLPLAN_STANDBY", "0")  # no process of a test outlives it
        yield


@pytest.fixture(scope="session")
def office_address():
    """A real LibreOffice that listens, one for the whole session."""
    if not office.present():
        office.missing()
    if not live.reachable():
        office.missing(live.REASON)
    with live.running() as address:
        yield address


@pytest.fixture(scope="session")
def office_app(office_address):
    """The same as an application of xlwings."""
    return live.app_of(office_address)


def pytest_runtest_setup(item):
    """A test that needs LibreOffice says so by its marker."""
    if item.get_closest_marker("office") and not office.present():
        office.missing()
