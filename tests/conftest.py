"""What every test may use: golden texts with a switch to renew them, and LibreOffice."""

import pytest
from support import golden, office


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


def pytest_runtest_setup(item):
    """A test that needs LibreOffice says so by its marker."""
    if item.get_closest_marker("office") and not office.present():
        office.missing()
