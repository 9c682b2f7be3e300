"""What several test files share: each fixture collected once, and the exit code it has to end with."""

import pytest

from programs import BINARIES, FIXTURES, clock, collect, fixture_names, mock_iam

# demo-account has findings, clean-account has none, partial-account can't be read completely. A new fixture needs a line here.
EXIT_CODES = {"clean-account": 0, "demo-account": 3, "partial-account": 4}

TOKEN = "interop-session-token//that+must/never=show=="


def pytest_configure(config):
    missing = [name for name in ("keywitness", "mock-iam") if not (BINARIES / name).is_file()]
    if missing:
        raise pytest.UsageError(f"{' and '.join(missing)} not in {BINARIES}: build first, or set KEYWITNESS_BIN_DIR")


@pytest.fixture(scope="session", params=fixture_names())
def fixture_name(request):
    return request.param


@pytest.fixture(scope="session")
def collections(tmp_path_factory):
    """Collects a fixture by its name, once for all tests, at the fixture's own clock and with temporary credentials."""
    made = {}

    def collection(name):
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            fixture = FIXTURES / name
            with mock_iam(fixture, folder) as emulator:
                made[name] = collect(
                    folder / "run", emulator.url, "--as-of", clock(fixture / "exchanges.jsonl"), AWS_SESSION_TOKEN=TOKEN
                )
        return made[name]

    return collection


@pytest.fixture(scope="session")
def collected(collections, fixture_name):
    return collections(fixture_name)
