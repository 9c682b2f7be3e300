"""The programs under test, started as a user starts them: as processes, with nothing inherited that could steer them."""

import json
import os
import re
import select
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BINARIES = Path(os.environ.get("KEYWITNESS_BIN_DIR", REPOSITORY / ".build/debug")).resolve()
FIXTURES = REPOSITORY / "MockIAM/Fixtures"
SCHEMAS = REPOSITORY / "evidence-schemas"
DEADLINE = 120  # seconds; only something that hangs gets there

ACCESS_KEY = "AKIAINTEROPEXAMPLE00"
# Characters that break a careless form, header or shell, and a text that is easy to look for afterwards.
SECRET_KEY = "interop/secret+KEY=that&must%never show"


def environment(home, **more):
    """An environment of its own: no AWS_ variable and no ~/.aws of whoever runs the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return {
        **kept, "HOME": str(home), "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_EC2_METADATA_DISABLED": "true", **more,
    }


@dataclass
class Collected:
    """What one `keywitness collect` left: its exit code, its streams, and the folder of its bundle (None without one)."""

    code: int
    stdout: str
    stderr: str
    bundle: Path | None

    @property
    def report(self):
        assert self.bundle, f"no bundle, exit code {self.code}: {self.stderr}"
        return json.loads((self.bundle / "report.json").read_text("utf-8"))

    @property
    def users(self):
        return {user["username"]: user for user in self.report["analysis_results"]["user_analysis"]}

    @property
    def keys(self):
        return {key["access_key_id"]: key for user in self.users.values() for key in user["access_keys"]}


def collect(folder, url, *arguments, **variables):
    """Runs `keywitness collect` against `url`. HOME and the bundle are under `folder`, which nobody else uses."""
    home, output = folder / "home", folder / "evidence"
    home.mkdir(parents=True)
    done = subprocess.run(
        [BINARIES / "keywitness", "collect", "--endpoint-url", url, "--output-dir", output, "--format", "json", *arguments],
        env=environment(home, **variables), capture_output=True, text=True, encoding="utf-8", timeout=DEADLINE, cwd=folder,
    )
    bundles = [path.parent for path in output.glob("*/*/manifest.json")]
    assert len(bundles) <= 1, bundles
    return Collected(done.returncode, done.stdout, done.stderr, bundles[0] if bundles else None)


def first_line(process):
    """The first line of a process's standard output, as soon as it is there."""
    end, line = time.monotonic() + DEADLINE, b""
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([process.stdout], [], [], max(0, end - time.monotonic()))
        read = os.read(process.stdout.fileno(), 4096) if ready else b""
        if not read:
            raise RuntimeError(f"{process.args[0]} ended or said nothing within {DEADLINE} s; it said {line!r}")
        line += read
    return line.decode()


@dataclass
class Emulator:
    """A running mock-iam: where it listens, and its log."""

    url: str
    log_file: Path

    @property
    def log(self):
        return self.log_file.read_text("utf-8")


@contextmanager
def mock_iam(fixture, folder, *arguments):
    """Serves a fixture with mock-iam while the block runs."""
    with served(folder, "--fixtures", fixture, "--key", f"{ACCESS_KEY}:{SECRET_KEY}", *arguments) as emulator:
        yield emulator


@contextmanager
def served(folder, *arguments):
    """Runs `mock-iam serve` with these arguments while the block runs. Its log is in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    log_file = folder / "mock-iam.log"
    with open(log_file, "wb") as log:
        process = subprocess.Popen(
            [BINARIES / "mock-iam", "serve", *arguments], stdout=subprocess.PIPE, stderr=log, env=environment(folder),
        )
    try:
        line = first_line(process)
        assert re.fullmatch(r"listening on https?://127\.0\.0\.1:\d+\n", line), line
        yield Emulator(line.split()[-1], log_file)
    finally:
        process.terminate()
        try:
            code = process.wait(DEADLINE)
        finally:
            process.kill()
            process.stdout.close()
    assert code == 0, f"mock-iam ended with {code}: {log_file.read_text('utf-8')}"


def fixture_names():
    return sorted(path.parent.name for path in FIXTURES.glob("*/exchanges.jsonl"))


def clock(recording):
    """The instant at which a recording was made, or pretends to have been."""
    with open(recording, encoding="utf-8") as file:
        return json.loads(file.readline())["_recording"]["clock"]
