#!/usr/bin/env python3
"""Measures `keywitness collect` against the scripts that people write today, and against floors that nobody gets below.

    python3 Benchmarks/bench.py --bin-dir .build/release --python .venv/bin/python [--sizes 500,5000,50000] [--rounds 5] [--all]

All read the same generated account from mock-iam: 60 % of the users have one key, 20 % two, 20 % none. In a round each contender runs
once, and ratios are medians over the rounds; a first round doesn't count. Measured is what the kernel says about the whole process: CPU
seconds (user and system), peak memory, and wall time. Before each run the emulator is as it was at its start, so that a credential report
is made for the run, as for a nightly one.

  auto, live, report   keywitness collect --source auto, live, and report --without-key-ids
  script               boto3, one call after the other: Benchmarks/baseline_boto3.py
  report script        boto3, the credential report: Benchmarks/baseline_report_boto3.py
  own client, AHC      the requests of the live scan, sent by keywitness's own HTTP client and by AsyncHTTPClient, and nothing else
  xmllint              the answers of the live scan, read by xmllint --stream

Besides: how long scans take with slow answers and with throttles, what part of 50,000 keys' scan is packaging, and how fast XML is decoded.

Of 50,000 users the script and the live scan would take an hour; --all runs them, too. Exit code 1 where a required figure is missed; the
goals beyond them are printed with what was reached.
"""

import argparse
import hashlib
import json
import os
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEADLINE = 600  # seconds; only something that hangs gets there


@dataclass
class Run:
    """What one process used, and what it came to."""

    cpu: float
    memory: float
    wall: float
    calls: int = 0
    keys: int = 0


def credentials():
    """Of a role's session, as a nightly run has them: each request carries and signs a token of a thousand characters, and no answer
    may repeat it. Short ones of the emulator's would cost less than AWS's do."""
    token = "".join(hashlib.sha512(bytes([part])).hexdigest() for part in range(8))
    return {
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLEBENCHMARK", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": token,
    }


def environment(home):
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, **credentials(), "HOME": str(home), "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}


def measure(command, folder, allowed_codes=(0,)):
    """Runs a command to its end and returns what it used, and its standard output."""
    with open(folder / "stdout", "wb") as out, open(folder / "stderr", "wb") as err:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment(folder), cwd=folder)
        # The usage of this one child: getrusage(RUSAGE_CHILDREN) would add up all of them.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
    code = process.returncode = os.waitstatus_to_exitcode(status)
    if code not in allowed_codes:
        sys.exit(f"{command[0]} ended with {code}: {(folder / 'stderr').read_text()[-2000:]}")
    megabyte = 1 << 20 if sys.platform == "darwin" else 1 << 10
    run = Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / megabyte, wall)
    return run, (folder / "stdout").read_text("utf-8")


class Server:
    """mock-iam with a generated account, for as long as the block runs."""

    def __init__(self, program, users, log, *options):
        self.command = [
            program, "serve", "--generate", f"users={users},keys=1.0,seed=7,profile=typical", *options,
        ]
        self.log = log

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=log)
        ready, _, _ = select.select([self.process.stdout], [], [], DEADLINE)
        line = self.process.stdout.readline().decode() if ready else ""
        if not line.startswith("listening on "):
            self.__exit__()
            sys.exit(f"mock-iam doesn't listen: {self.log.read_text()[-2000:]}")
        self.url = line.split()[-1]
        # It stands still: all runs judge the account at the same instant.
        self.clock = json.loads(urllib.request.urlopen(f"{self.url}/_mock/clock", timeout=DEADLINE).read())["now"]
        return self

    def reset(self):
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/_mock/reset", method="POST"), timeout=DEADLINE).read()

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Contenders:
    def __init__(self, binaries, python, server, folder):
        self.binaries, self.python, self.server, self.folder = binaries, python, server, folder
        self.number = 0
        self.recording = None

    def place(self):
        self.number += 1
        place = self.folder / str(self.number)
        place.mkdir()
        return place

    def keywitness(self, *options, keep=False):
        place = self.place()
        run, _ = measure(
            [self.binaries / "keywitness", "collect", "--endpoint-url", self.server.url, "--as-of", self.server.clock, "--output-dir",
             place / "evidence", "--quiet", *options], place, (0, 3))
        (bundle,) = [path.parent for path in (place / "evidence").glob("*/*/manifest.json")]
        completeness = json.loads((bundle / "manifest.json").read_text("utf-8"))["completeness"]
        run.calls, run.keys = completeness["requests_total"], completeness["population"]["keys"]
        if keep:
            self.recording = bundle / "raw/exchanges.jsonl"
        else:
            shutil.rmtree(place)
        return run

    def script(self, name):
        place = self.place()
        run, said = measure(
            [self.python, "-B", HERE / name, "--endpoint-url", self.server.url, "--as-of", self.server.clock, "--output-dir", place / "out"], place)
        with open(place / "out/report.json", encoding="utf-8") as file:
            run.calls, run.keys = int(said.split()[-1]), sum(line.count('"created_date"') for line in file)
        shutil.rmtree(place)
        return run

    def extract(self):
        """The requests of the live scan, and its answers, for the floors."""
        self.forms, self.bodies, self.calls = self.folder / "forms", self.folder / "all.xml", 0
        # Line by line: the kernel counts this process's memory to its children as well, until they run what they are for.
        with open(self.recording, encoding="utf-8") as file, open(self.forms, "w", encoding="utf-8") as forms:
            with open(self.bodies, "w", encoding="utf-8") as bodies:
                next(file)
                # xmllint opens every file by itself: all answers make one, within an element of their own.
                bodies.write("<all>")
                for line in file:
                    entry = json.loads(line)
                    forms.write(entry["request"]["postData"]["text"] + "\n")
                    bodies.write(entry["response"]["content"]["text"])
                    self.calls += 1
                bodies.write("</all>")

    def client(self, name):
        place = self.place()
        run, _ = measure(
            [self.binaries / "benchmark-client", "send", "--client", name, "--url", self.server.url + "/", "--forms", self.forms], place)
        run.calls = self.calls
        shutil.rmtree(place)
        return run

    def xmllint(self):
        place = self.place()
        run, _ = measure(["xmllint", "--stream", "--noout", self.bodies], place)
        run.calls = self.calls
        shutil.rmtree(place)
        return run


def compare(binaries, python, users, rounds, everything):
    """The medians of a size, and the ratios of CPU time by pair of contenders."""
    folder = Path(tempfile.mkdtemp(prefix="keywitness-bench-"))
    try:
        with Server(binaries / "mock-iam", users, folder / "mock-iam.log", "--auth", "lenient") as server:
            these = Contenders(binaries, python, server, folder)
            contenders = {
                "auto": lambda: these.keywitness(),
                "report": lambda: these.keywitness("--source", "report", "--without-key-ids"),
                "report script": lambda: these.script("baseline_report_boto3.py"),
            }
            if users <= 5000 or everything:
                contenders |= {
                    "live": lambda: these.keywitness("--source", "live"),
                    "script": lambda: these.script("baseline_boto3.py"),
                    "own client": lambda: these.client("own"),
                    "AHC": lambda: these.client("ahc"),
                }
                these.keywitness("--source", "live", keep=True)
                these.extract()
                if shutil.which("xmllint"):
                    contenders["xmllint"] = these.xmllint
            runs = {name: [] for name in contenders}
            for round in range(rounds + 1):
                for name, contender in contenders.items():
                    server.reset()
                    run = contender()
                    if round:
                        runs[name].append(run)
    finally:
        shutil.rmtree(folder)
    return runs


def median(runs, figure):
    return statistics.median(figure(run) for run in runs)


def ratio(runs, one, other, figure=lambda run: run.cpu):
    """How many times more the other needs, the median over the rounds."""
    return statistics.median(figure(b) / figure(a) for a, b in zip(runs[one], runs[other]))


def per_key(run):
    return run.cpu / run.keys


def per_call(run):
    return run.cpu / run.calls


def show(users, runs):
    print(f"\n{users} users")
    print(f"{'':<15}{'calls':>8}{'keys':>8}{'calls/key':>11}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'CPU ms/call':>13}{'CPU ms/key':>12}")
    for name, all_runs in runs.items():
        calls, keys = all_runs[0].calls, all_runs[0].keys
        cpu, wall, memory = (median(all_runs, figure) for figure in (lambda r: r.cpu, lambda r: r.wall, lambda r: r.memory))
        print(
            f"{name:<15}{calls:>8}{keys or '':>8}{calls / keys if keys else float('nan'):>11.3f}{cpu:>9.3f}{wall:>9.3f}{memory:>9.1f}"
            f"{cpu / calls * 1000:>13.3f}{cpu / keys * 1000 if keys else float('nan'):>12.3f}".replace("nan", "   "))


class Goals:
    def __init__(self):
        self.missed = []

    def check(self, what, reached, wanted, required=None, at_most=False):
        """Prints a goal; a figure beyond `required` fails the benchmark."""
        met = reached <= wanted if at_most else reached >= wanted
        sign = "≤" if at_most else "≥"
        print(f"  {'met   ' if met else 'MISSED'} {what}: {reached:.2f} (wanted {sign} {wanted})")
        if required is not None and not (reached <= required if at_most else reached >= required):
            self.missed.append(f"{what}: {reached:.2f}, required {sign} {required}")


def judge(goals, users, runs):
    if "script" in runs:
        goals.check("CPU a key: the script needs … times that of auto", ratio(runs, "auto", "script", per_key), 25, 12)
        goals.check("CPU at equal calls: the script needs … times that of live", ratio(runs, "live", "script", per_call), 6, 6)
        goals.check("CPU a call of live, everything in, to that of AsyncHTTPClient alone", ratio(runs, "AHC", "live", per_call), 1.4, 2, True)
        goals.check("… and to that of its own client alone", ratio(runs, "own client", "live", per_call), 1.4, None, True)
    goals.check("CPU: the report script needs … times that of report without ids", ratio(runs, "report", "report script"), 10)
    goals.check("calls a key in auto", runs["auto"][0].calls / runs["auto"][0].keys, 0.8, 0.9, True)
    bound = 64 if users <= 5000 else 150
    for name in ("auto", "live", "report"):
        if name in runs:
            goals.check(f"peak memory of {name} in MB", median(runs[name], lambda run: run.memory), bound, bound * 1.25, True)


def latency(goals, binaries, folder):
    """How fast a scan is when answers take their time, and when AWS takes 20 calls a second."""
    faults = folder / "faults.yaml"
    faults.write_text("faults: [{latency: {fixed: 60ms}}]\n", "utf-8")
    with Server(binaries / "mock-iam", 500, folder / "log", "--auth", "lenient", "--faults", faults) as server:
        these = Contenders(binaries, None, server, folder)
        for source in ("auto", "live"):
            server.reset()
            run = these.keywitness("--source", source)
            goals.check(f"wall time of {source}, 500 users, 60 ms latency", run.wall, 2.5, 5, True)
    faults.write_text("faults: [{per: account, throttle: {rate: 20, burst: 20}}]\n", "utf-8")
    with Server(binaries / "mock-iam", 200, folder / "log", "--auth", "lenient", "--faults", faults) as server:
        these = Contenders(binaries, None, server, folder)
        run = these.keywitness()
        counts = json.loads(urllib.request.urlopen(f"{server.url}/_mock/journal", timeout=DEADLINE).read())
        refused = sum(entry.get("status") == 400 for entry in counts.get("entries", counts.get("requests", [])))
        ideal = (run.calls - refused - 20) / 20
        goals.check(f"wall time of auto, 200 users, 20 calls a second, to the ideal {ideal:.1f} s", run.wall / ideal, 1.2, 1.5, True)
        goals.check("… share of throttled calls in %", 100 * refused / run.calls, 2, 5, True)


def packaging(goals, binaries, folder, rounds):
    """What of a scan's CPU time is judging, writing the documents and publishing, by benchmark-client, which scans as keywitness does."""
    with Server(binaries / "mock-iam", 50000, folder / "log", "--auth", "lenient") as server:
        # Collecting by auto is short enough for other work on the machine to be seen in the ratio: it takes more rounds.
        for source, most in (("live", 3), ("auto", 5)):
            shares, memory = [], []
            for _ in range(min(rounds, most)):
                server.reset()
                place = folder / "packaging"
                place.mkdir()
                run, said = measure(
                    [binaries / "benchmark-client", "packaging", "--url", server.url, "--output", place / "evidence", "--source", source], place)
                said = json.loads(said)
                shares.append(said["packaging"] / said["collecting"])
                memory.append(run.memory)
                print(f"    {source}, {said['keys']} keys: collecting {said['collecting']:.2f} s, packaging {said['packaging']:.2f} s of CPU, "
                      f"{said['system']:.2f} s of it the kernel's")
                shutil.rmtree(place)
            goals.check(f"CPU of packaging 50,000 keys, to that of collecting them by {source}", statistics.median(shares), 0.25,
                        0.25, True)
            goals.check("… peak memory in MB", max(memory), 200, 200, True)


def decoding(goals, binaries, folder, rounds):
    """A ListUsers document of 50 MB into typed values, and the same read by xmllint."""
    if not shutil.which("xmllint"):
        print("  (xmllint isn't there: decoding isn't compared; on Debian it is in libxml2-utils)")
        return
    member = (
        "<member><Path>/team/backend/</Path><UserName>service-{0:06}</UserName><UserId>AIDA{0:017}</UserId>"
        "<Arn>arn:aws:iam::111122223333:user/team/backend/service-{0:06}</Arn><CreateDate>2024-03-01T12:00:00Z</CreateDate>"
        "<PasswordLastUsed>2025-03-01T12:00:00Z</PasswordLastUsed></member>\n"
    )
    document = folder / "users.xml"
    count = 50_000_000 // len(member.format(1))
    with open(document, "w", encoding="utf-8") as file:
        file.write("<ListUsersResponse><ListUsersResult><IsTruncated>false</IsTruncated><Users>\n")
        file.writelines(member.format(number) for number in range(count))
        file.write("</Users></ListUsersResult></ListUsersResponse>\n")
    ratios = []
    for _ in range(rounds):
        own, said = measure([binaries / "benchmark-client", "decode", document], folder)
        if int(said) != count:
            sys.exit(f"decoded {said} users of {count}")
        other, _ = measure(["xmllint", "--stream", "--noout", document], folder)
        ratios.append(other.cpu / own.cpu)
    goals.check("decoding 50 MB of ListUsers: rate to that of xmllint --stream", statistics.median(ratios), 0.7, 0.5)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin-dir", type=Path, required=True, help="where the release builds are")
    parser.add_argument("--python", type=Path, required=True, help="a Python that has boto3, such as .venv/bin/python")
    parser.add_argument("--sizes", default="500,5000,50000", help="numbers of users")
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds, after one that isn't")
    parser.add_argument("--all", action="store_true", help="the script and the live scan of 50,000 users, too: an hour")
    arguments = parser.parse_args()
    # Not resolve(): a virtual environment's python is a link, and by its target it would be another Python.
    python = Path(os.path.abspath(arguments.python))
    binaries = arguments.bin_dir.resolve()

    goals = Goals()
    for users in [int(size) for size in arguments.sizes.split(",")]:
        runs = compare(binaries, python, users, arguments.rounds, arguments.all)
        show(users, runs)
        judge(goals, users, runs)
    folder = Path(tempfile.mkdtemp(prefix="keywitness-bench-"))
    try:
        print("\nTime, packaging and decoding")
        latency(goals, binaries, folder)
        packaging(goals, binaries, folder, arguments.rounds)
        decoding(goals, binaries, folder, arguments.rounds)
    finally:
        shutil.rmtree(folder)
    for failure in goals.missed:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if goals.missed else 0


if __name__ == "__main__":
    sys.exit(main())
