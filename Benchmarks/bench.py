#!/usr/bin/env python3
"""Measures `keywitness collect` against the boto3 script that people write today, on the same synthetic account.

    python3 Benchmarks/bench.py --bin-dir .build/release --python .venv/bin/python [--users 500]

Both read the account from mock-iam, one after the other in alternating pairs, the first of which doesn't count. Measured is what the
kernel says about the whole process: CPU seconds (user and system), peak memory, and wall time. The CPU figure decides, because a wall
time against a server on the same machine says little about one against AWS. Exit code 1 if keywitness doesn't need at most a fifth of
the CPU time, or if the two didn't make the same calls or didn't find the same keys.
"""

import argparse
import json
import os
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
REQUIRED_RATIO = 5
DEADLINE = 600  # seconds; only something that hangs gets there


@dataclass
class Run:
    """What one process used, and what it came to."""

    user: float
    system: float
    memory: float
    wall: float
    calls: int
    ages: dict

    @property
    def cpu(self):
        return self.user + self.system


def environment(home):
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return {
        **kept, "HOME": str(home), "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
    }


def measure(command, folder, allowed_codes):
    """Runs a command to its end and returns its resource usage, wall time and standard output."""
    with open(folder / "stdout", "wb") as out, open(folder / "stderr", "wb") as err:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment(folder), cwd=folder)
        # The usage of this one child: getrusage(RUSAGE_CHILDREN) would add up all of them.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
    code = process.returncode = os.waitstatus_to_exitcode(status)
    if code not in allowed_codes:
        sys.exit(f"{command[0]} ended with {code}: {(folder / 'stderr').read_text()[-2000:]}")
    return usage, wall, (folder / "stdout").read_text("utf-8")


def run(usage, wall, calls, users):
    megabyte = 1 << 20 if sys.platform == "darwin" else 1 << 10
    ages = {key["access_key_id"]: key["age_days"] for user in users for key in user["access_keys"]}
    return Run(usage.ru_utime, usage.ru_stime, usage.ru_maxrss / megabyte, wall, calls, ages)


def keywitness(program, url, as_of, folder):
    usage, wall, _ = measure(
        [program, "collect", "--endpoint-url", url, "--as-of", as_of, "--output-dir", folder / "evidence", "--quiet"], folder, {0, 3}
    )
    (path,) = (folder / "evidence").glob("*/*/report.json")
    report = json.loads(path.read_text("utf-8"))
    return run(usage, wall, report["completeness"]["requests_total"], report["analysis_results"]["user_analysis"])


def baseline(python, url, as_of, folder):
    usage, wall, said = measure(
        [python, "-B", HERE / "baseline_boto3.py", "--endpoint-url", url, "--as-of", as_of, "--output-dir", folder / "out"], folder, {0}
    )
    report = json.loads((folder / "out/report.json").read_text("utf-8"))
    return run(usage, wall, int(said.split()[-1]), report["user_analysis"])


class Server:
    """mock-iam with a fixture, for as long as the block runs."""

    def __init__(self, program, fixture, log):
        self.command = [program, "serve", "--fixtures", fixture]
        self.log = log

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log)
        ready, _, _ = select.select([self.process.stdout], [], [], DEADLINE)
        line = self.process.stdout.readline().decode() if ready else ""
        if not line.startswith("listening on "):
            self.__exit__()
            sys.exit(f"mock-iam doesn't listen: {self.log.read_text()[-2000:]}")
        return line.split()[-1]

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def spread(values, digits):
    return " / ".join(f"{value:.{digits}f}" for value in (min(values), statistics.median(values), max(values)))


def table(pairs):
    figures = [
        ("CPU s", lambda run: run.cpu, 3), ("  user s", lambda run: run.user, 3), ("  system s", lambda run: run.system, 3),
        ("peak RSS MB", lambda run: run.memory, 1), ("wall s", lambda run: run.wall, 3),
    ]
    yield f"{'min / median / max':<20}{'keywitness':>26}{'boto3 script':>26}{'ratio, median of pairs':>24}"
    for name, figure, digits in figures:
        ours, theirs = [figure(own) for own, _ in pairs], [figure(other) for _, other in pairs]
        ratio = statistics.median(other / own if own else float("inf") for own, other in zip(ours, theirs))
        yield f"{name:<20}{spread(ours, digits):>26}{spread(theirs, digits):>26}{ratio:>24.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin-dir", type=Path, required=True, help="where the release builds of keywitness and mock-iam are")
    parser.add_argument("--python", type=Path, required=True, help="a Python that has boto3, such as .venv/bin/python")
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=9, help="counted pairs, after one that isn't")
    arguments = parser.parse_args()
    # Not resolve(): a virtual environment's python is a link, and by its target it would be another Python.
    python = Path(os.path.abspath(arguments.python))
    binaries = arguments.bin_dir.resolve()

    folder = Path(tempfile.mkdtemp(prefix="keywitness-bench-"))
    try:
        fixture = folder / "fixture"
        subprocess.run(
            [sys.executable, REPOSITORY / "MockIAM/Fixtures/generate.py", "synthetic", "--users", str(arguments.users),
             "--keys-per-user", "1", "--out", fixture], check=True,
        )
        with open(fixture / "exchanges.jsonl", encoding="utf-8") as file:
            as_of = json.loads(file.readline())["_recording"]["clock"]
        pairs = []
        with Server(binaries / "mock-iam", fixture, folder / "mock-iam.log") as url:
            for number in range(arguments.pairs + 1):
                places = [folder / f"{name}-{number}" for name in ("keywitness", "baseline")]
                for place in places:
                    place.mkdir()
                pair = (
                    keywitness(binaries / "keywitness", url, as_of, places[0]), baseline(python, url, as_of, places[1])
                )
                if number:
                    pairs.append(pair)
    finally:
        shutil.rmtree(folder)

    failures = []
    own, other = pairs[0]
    if len({run.calls for pair in pairs for run in pair}) != 1:
        failures.append(f"the calls differ: {[(own.calls, other.calls) for own, other in pairs]}")
    if any(run.ages != own.ages for pair in pairs for run in pair):
        failures.append("keys or their ages differ")
    print(f"{arguments.users} users, {len(own.ages)} keys, {own.calls} calls, {len(pairs)} pairs")
    print("\n".join(table(pairs)))
    ratio = statistics.median(other.cpu / own.cpu for own, other in pairs)
    if ratio < REQUIRED_RATIO:
        failures.append(f"the boto3 script needs only {ratio:.2f} times the CPU time; wanted is {REQUIRED_RATIO}")
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
