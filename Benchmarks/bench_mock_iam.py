#!/usr/bin/env python3
"""Measures mock-iam: against moto's server under load, with 100,000 users, and at its start.

    .venv/bin/python Benchmarks/bench_mock_iam.py --bin-dir .build/release

* Load: both serve the same 100 users with 120 access keys, and get the same signed requests in the mix of an audit: for each page of
  users, a ListAccessKeys to each user and a GetAccessKeyLastUsed to each key. One load generator asks both, over connections that stay
  open where the server lets them. mock-iam checks every signature; moto, as it comes, checks none. Reported are requests a second, what
  the kernel says of the server's own CPU time a request, which doesn't depend on the generator, and its peak memory.
* Size: 100,000 users are listed page by page, and their credential report is fetched.
* Start: from exec to the first answer, of an account of 25 users and of a recording.

Exit code 1 if mock-iam answers fewer than 50 times as many requests a second, needs more than 200 MB for 100,000 users, or takes more
than 50 ms to start. It needs Linux, for /proc.
"""

import argparse
import base64
import os
import random
import re
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

REPOSITORY = Path(__file__).resolve().parents[1]
REQUIRED_RATIO = 50
MEMORY_LIMIT = 200  # megabytes
START_LIMIT = 50  # milliseconds
DEADLINE = 120  # seconds; only something that hangs gets there
USERS, KEYS, BIG = 100, 120, 100_000


# MARK: Servers

def environment(home):
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": str(home)}


class Server:
    """A server's process, for as long as the block runs."""

    def __init__(self, command, home, log):
        self.begin = time.monotonic()
        with open(log, "wb") as errors:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment(home))
        self.url = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(DEADLINE)
        finally:
            self.process.kill()
            self.process.stdout.close()

    @property
    def address(self):
        parts = urlsplit(self.url)
        return parts.hostname, parts.port

    @property
    def cpu(self):
        """Seconds, of user and system."""
        # The second field is the program's name in parentheses, and may have blanks.
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, field):
        """Megabytes: VmHWM is the peak, VmRSS what is in use."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.M)[1]) * 1024 / 1e6


def mock_iam(program, home, *arguments):
    server = Server([program, "serve", *arguments], home, home / "mock-iam.log")
    ready, _, _ = select.select([server.process.stdout], [], [], DEADLINE)
    line = server.process.stdout.readline().decode() if ready else ""
    if not line.startswith("listening on "):
        server.__exit__()
        sys.exit(f"mock-iam doesn't listen: {(home / 'mock-iam.log').read_text()[-2000:]}")
    server.url = line.split()[-1]
    return server


def moto(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "import sys; from moto.server import main; sys.exit(main(sys.argv[1:]))"
    server = Server([sys.executable, "-B", "-c", code, "-H", "127.0.0.1", "-p", str(port)], home, home / "moto.log")
    server.url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end and server.process.poll() is None:
        try:
            socket.create_connection(server.address).close()
            return server
        except ConnectionRefusedError:
            time.sleep(0.05)
    server.__exit__()
    sys.exit(f"moto doesn't listen: {(home / 'moto.log').read_text()[-2000:]}")


# MARK: Requests

def signed(url, key, action, **parameters):
    """The bytes of a request, signed now: good for a quarter of an hour."""
    body = urlencode({"Action": action, "Version": "2010-05-08", **parameters})
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = AWSRequest("POST", f"{url}/", data=body, headers=headers)
    SigV4Auth(Credentials(*key), "iam", "us-east-1").add_auth(request)
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join(["POST / HTTP/1.1", f"Host: {urlsplit(url).netloc}", *lines, f"Content-Length: {len(body)}", "", ""])
    return head.encode() + body.encode()


LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
CLOSES = re.compile(rb"\r\nconnection: *close", re.I)


def exchange(connection, request):
    """Sends a request and returns the answer's head and body, over a blocking socket."""
    connection.sendall(request)
    data = b""
    while True:
        more = connection.recv(1 << 20)
        if not more:
            raise RuntimeError(f"the connection ended within an answer: {data[:300]!r}")
        data += more
        end = data.find(b"\r\n\r\n")
        if end < 0:
            continue
        head, length = data[:end], int(LENGTH.search(data, 0, end)[1])
        body = [data[end + 4:]]
        missing = length - len(body[0])
        while missing > 0:
            more = connection.recv(1 << 20)
            if not more:
                raise RuntimeError("the connection ended within a body")
            body.append(more)
            missing -= len(more)
        return head, b"".join(body)


def ask(server, request):
    with socket.create_connection(server.address, timeout=DEADLINE) as connection:
        head, body = exchange(connection, request)
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise RuntimeError(f"{head!r} {body[:500]!r}")
    return body


# MARK: Load

@dataclass
class Load:
    """What came of one server's load."""

    seconds: float
    answers: int
    cpu: float
    generator: float
    peak: float

    @property
    def rate(self):
        return self.answers / self.seconds

    @property
    def cost(self):
        """Milliseconds of the server's CPU time a request."""
        return self.cpu / self.answers * 1000


class Line:
    """One connection of the generator: a request goes out when the answer to the last one is in."""

    __slots__ = ("socket", "missing", "head", "next", "closes")


def load(server, requests, connections, seconds):
    """Keeps `connections` connections busy for so many seconds. One thread and one epoll, and no object made to each request."""
    poll = select.epoll()
    lines, count = {}, len(requests)

    def connect(line):
        line.socket = socket.create_connection(server.address, timeout=DEADLINE)
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.head, line.missing, line.closes = b"", -1, False
        lines[line.socket.fileno()] = line
        poll.register(line.socket.fileno(), select.EPOLLIN)
        line.socket.send(requests[line.next])

    def reconnect(line):
        poll.unregister(line.socket.fileno())
        del lines[line.socket.fileno()]
        line.socket.close()
        connect(line)

    for number in range(connections):
        line = Line()
        line.next = number * count // connections
        connect(line)
    answers, cpu, own = 0, server.cpu, time.process_time()
    begin = now = time.monotonic()
    end = begin + seconds
    while now < end:
        for descriptor, _ in poll.poll(DEADLINE):
            line = lines[descriptor]
            data = line.socket.recv(262_144)
            if line.missing < 0:
                if line.head:
                    data = line.head + data
                head = data.find(b"\r\n\r\n")
                if head < 0:
                    if not data:
                        raise RuntimeError("the server closed a connection within an answer")
                    line.head = data
                    continue
                # Status and headers are looked at in every answer.
                if data[8:13] != b" 200 ":
                    raise RuntimeError(f"an answer that isn't 200: {data[:800]!r}")
                line.missing = head + 4 + int(LENGTH.search(data, 0, head)[1])
                line.closes = data[:8] == b"HTTP/1.0" or CLOSES.search(data, 0, head) is not None
            elif not data:
                raise RuntimeError("the server closed a connection within a body")
            line.missing -= len(data)
            if line.missing == 0:
                answers += 1
                line.next = (line.next + 1) % count
                if line.closes:
                    reconnect(line)
                else:
                    line.missing, line.head = -1, b""
                    line.socket.send(requests[line.next])
        now = time.monotonic()
    result = Load(now - begin, answers, server.cpu - cpu, time.process_time() - own, server.memory("VmHWM"))
    for line in lines.values():
        line.socket.close()
    poll.close()
    return result


def fill_moto(server):
    """Makes the users and keys by the API."""
    iam = boto3.client(
        "iam", endpoint_url=server.url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    keys = {}
    for number in range(USERS):
        name = f"user-{number:03}"
        iam.create_user(UserName=name)
        count = KEYS * (number + 1) // USERS - KEYS * number // USERS
        keys[name] = [iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"] for _ in range(count)]
    return keys


def account(keys):
    lines = ['account: "123456789012"', "users:"]
    for name, identifiers in keys.items():
        made = ", ".join(f"{{id: {identifier}}}" for identifier in identifiers)
        lines.append(f"  - {{name: {name}, created: 400d ago, keys: [{made}]}}")
    return "\n".join(lines) + "\n"


def audit(url, keys):
    """The mix of requests, in an order that is always the same."""
    key = ("test", "test")
    mix = [signed(url, key, "ListUsers", MaxItems=100)]
    for name, identifiers in keys.items():
        mix.append(signed(url, key, "ListAccessKeys", UserName=name))
        mix += [signed(url, key, "GetAccessKeyLastUsed", AccessKeyId=identifier) for identifier in identifiers]
    random.Random(1).shuffle(mix)
    return mix


def compare(program, folder, connections, seconds, rounds):
    """Loads of both in turn, with all processes there all the time. Returns two lists."""
    runs = []
    homes = [folder / name for name in ("load-moto", "load-mock-iam")]
    for home in homes:
        home.mkdir()
    with moto(homes[0]) as theirs:
        keys = fill_moto(theirs)
        file = folder / "account.yaml"
        file.write_text(account(keys))
        with mock_iam(program, homes[1], "--account", file) as ours:
            servers = [theirs, ours]
            for server in servers:
                users = ask(server, signed(server.url, ("test", "test"), "ListUsers", MaxItems=100))
                assert users.count(b"<UserName>") == USERS and b"<IsTruncated>false" in users
            for number in range(rounds + 1):
                pair = [load(server, audit(server.url, keys), connections, seconds if number else min(seconds, 2)) for server in servers]
                # The first warms up both.
                if number:
                    runs.append(pair)
    return [pair[0] for pair in runs], [pair[1] for pair in runs]


# MARK: Size

def big(program, folder):
    """Lists 100,000 users in pages of 1,000 and of 100, and fetches the credential report. Returns rows of a table and the peak."""
    home = folder / "big"
    home.mkdir()
    rows = []
    with mock_iam(program, home, "--generate", f"users={BIG},keys=1.2") as server:
        rows.append(("from exec to 'listening'", time.monotonic() - server.begin, server.memory("VmRSS")))
        for size in (1000, 100):
            begin, names, marker = time.monotonic(), 0, {}
            with socket.create_connection(server.address, timeout=DEADLINE) as connection:
                while True:
                    _, body = exchange(connection, signed(server.url, ("test", "test"), "ListUsers", MaxItems=size, **marker))
                    names += body.count(b"<UserName>")
                    found = re.search(rb"<Marker>([^<]+)</Marker>", body)
                    if not found:
                        break
                    marker = {"Marker": found[1].decode()}
            assert names == BIG, names
            rows.append((f"all users in pages of {size}", time.monotonic() - begin, server.memory("VmRSS")))
        begin = time.monotonic()
        while b"COMPLETE" not in ask(server, signed(server.url, ("test", "test"), "GenerateCredentialReport")):
            pass
        body = ask(server, signed(server.url, ("test", "test"), "GetCredentialReport"))
        report = base64.b64decode(re.search(rb"<Content>(.*?)</Content>", body)[1])
        assert report.count(b"\n") == BIG + 1
        rows.append((f"the credential report, {len(report) / 1e6:.0f} MB", time.monotonic() - begin, server.memory("VmRSS")))
        return rows, server.memory("VmHWM")


# MARK: Start

def start(program, folder, *arguments):
    """Milliseconds from exec to the first answer to /_mock/ready: the median of ten, after one that doesn't count."""
    times = []
    for number in range(11):
        home = folder / f"start-{arguments[0].strip('-')}-{number}"
        home.mkdir()
        with mock_iam(program, home, *arguments) as server:
            with socket.create_connection(server.address, timeout=DEADLINE) as connection:
                head, _ = exchange(connection, b"GET /_mock/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            times.append((time.monotonic() - server.begin) * 1000)
    return times[1:]


# MARK: Report

def spread(values, digits):
    return " / ".join(f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))


def table(moto, mock):
    figures = [
        ("requests/s", lambda run: run.rate, 0), ("server CPU ms/request", lambda run: run.cost, 4),
        ("server CPU, cores", lambda run: run.cpu / run.seconds, 2), ("generator CPU, cores", lambda run: run.generator / run.seconds, 2),
        ("peak RSS MB", lambda run: run.peak, 1),
    ]
    yield f"{'min / median / max':<24}{'moto':>28}{'mock-iam':>30}{'ratio of medians':>20}"
    for name, figure, digits in figures:
        theirs, ours = [figure(run) for run in moto], [figure(run) for run in mock]
        ratio = statistics.median(ours) / statistics.median(theirs)
        ratio = ratio if ratio >= 1 else 1 / ratio
        yield f"{name:<24}{spread(theirs, digits):>28}{spread(ours, digits):>30}{ratio:>20.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin-dir", type=Path, required=True, help="where the release build of mock-iam is")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5, help="of each load")
    parser.add_argument("--rounds", type=int, default=3, help="loads of each server that count")
    parser.add_argument("--only", choices=["load", "size", "start"], action="append", help="measure this part; all unless told otherwise")
    arguments = parser.parse_args()
    if not Path("/proc/self/stat").is_file():
        print("SKIPPED: bench_mock_iam.py needs Linux, for /proc", file=sys.stderr)
        return 0
    program = arguments.bin_dir.resolve() / "mock-iam"
    parts = arguments.only or ["load", "size", "start"]

    failures = []
    folder = Path(tempfile.mkdtemp(prefix="mock-iam-bench-"))
    try:
        if "load" in parts:
            theirs, ours = compare(program, folder, arguments.connections, arguments.seconds, arguments.rounds)
            print(f"{USERS} users, {KEYS} keys, {arguments.connections} connections, {len(ours)} loads of {arguments.seconds:g} s each")
            print("\n".join(table(theirs, ours)))
            slow, fast = (statistics.median(run.rate for run in runs) for runs in (theirs, ours))
            if fast < REQUIRED_RATIO * slow:
                failures.append(
                    f"mock-iam answers {fast:,.0f} requests a second and moto {slow:,.0f}: {fast / slow:.1f} times as many; "
                    f"wanted is {REQUIRED_RATIO}"
                )
        if "size" in parts:
            rows, peak = big(program, folder)
            print(f"\n{BIG:,} users" + " " * 21 + "seconds    RSS MB")
            for name, seconds, memory in rows:
                print(f"{name:<34}{seconds:>7.2f}{memory:>10.1f}")
            print(f"{'peak':<34}{'':>7}{peak:>10.1f}")
            if peak > MEMORY_LIMIT:
                failures.append(f"{BIG:,} users need {peak:.0f} MB; wanted are {MEMORY_LIMIT}")
        if "start" in parts:
            keys = {f"user-{number:03}": [f"AKIABENCHMARK{number:07}"] for number in range(25)}
            file = folder / "25-users.yaml"
            file.write_text(account(keys))
            print(f"\n{'ms until the first answer':<34}min / median / max of 10")
            for name, option, value in [
                ("an account of 25 users", "--account", file),
                ("a recording of as many", "--fixtures", REPOSITORY / "MockIAM/Fixtures/demo-account"),
            ]:
                times = start(program, folder, option, value)
                print(f"{name:<34}{spread(times, 1)}")
                if statistics.median(times) > START_LIMIT:
                    failures.append(f"{name}: {statistics.median(times):.0f} ms to start; wanted are {START_LIMIT}")
    finally:
        shutil.rmtree(folder)
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
