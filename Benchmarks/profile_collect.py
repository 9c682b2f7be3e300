#!/usr/bin/env python3
"""Says where the CPU time of `keywitness collect` goes: by `perf`, on Linux.

    python3 Benchmarks/profile_collect.py --bin-dir .build/release [--users 5000] [--source live] [--rounds 3]

The program runs as in bench.py, against mock-iam. Of each sample the innermost frame that belongs to one of the parts below decides; what
the kernel does is told by its functions. Malloc and memcpy have no frame pointers in most systems' libraries: their share stands by
itself, for whichever part they were called. Before a share stands what it is for a call, in microseconds of CPU time: measured without perf.
"""

import argparse
import collections
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import bench

# The first that matches a frame has it. Swift's mangled names hold a module's after its length: `9AWSClient`.
PARTS = [
    ("kernel: sockets", r"tcp_|sock_|inet_|sk_stream"),
    ("kernel: waiting", r"__x64_sys_(epoll|futex|timerfd)"),
    ("kernel: files", r"ext4|xfs|btrfs|overlay|__x64_sys_(fsync|openat|rename|mkdir|newfstatat|close|write)\b"),
    ("kernel: pages of memory", r"asm_exc_page_fault|__x64_sys_(mmap|munmap|mprotect|brk)|execve"),
    ("kernel: others", r"do_syscall_64|asm_sysvec|ret_from_fork"),
    ("start: dynamic linker", r"ld-linux|_dl_relocate|dl_main"),
    ("start: arguments", r"14ArgumentParser"),
    ("signing", r"SigV4|CanonicalRequest|SigningKeys|QueryCall|PercentEncoding"),
    ("secrets in answers", r"6redact|Redact|6places|7replace"),
    ("XML", r"XMLReader|XMLParser|ParserOutput|QueryAnswer|libxml2|12CredentialReport|CredentialReportV"),
    ("recording", r"9Recording|8RecorderC|RecordingTransport"),
    ("digests and writing", r"DurableFile|FileBeingWritten|sha256_block"),
    ("documents", r"15BundleDocuments|OSCAL|13CanonicalJSON|8Evidence6Report|8Evidence.*CSV|Manifest"),
    ("judging", r"8Evidence"),
    ("HTTP and connections", r"NIOHTTP1|llhttp|PooledConnection|ConnectionPool|HTTPTransport"),
    ("event loop", r"NIOPosix|NIOCore|14EventLoopTasks"),
    ("client, retries, credentials", r"9AWSClient"),
    ("collection", r"9Collector|10keywitness"),
    ("tasks", r"swift_task|swift_job|AsyncTask|runJob|swift_continuation"),
    ("types looked up", r"conformsToProtocol|getTypeByMangled|GenericMetadata"),
]
PARTS = [(name, re.compile(pattern)) for name, pattern in PARTS]
REST = "memory, and what has no frames"
FRAME = re.compile(r"\s+[0-9a-f]+ (.*)")


def part_of(stack):
    for frame in stack:
        for name, pattern in PARTS:
            if pattern.search(frame):
                return name
    return REST


def samples(data):
    """The stacks of keywitness's threads, innermost frame first."""
    script = subprocess.Popen(
        ["perf", "script", "-i", str(data), "-F", "comm,ip,sym,dso"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        errors="replace")
    stack = []
    for line in script.stdout:
        frame = FRAME.match(line)
        if frame:
            stack.append(frame[1])
        elif not line.strip() and stack:
            yield stack
            stack = []
    script.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--bin-dir", type=Path, required=True)
    parser.add_argument("--users", type=int, default=5000)
    parser.add_argument("--source", default="live", choices=["auto", "live", "report"])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if shutil.which("perf") is None:
        sys.exit("perf isn't here; on Debian it is in the package linux-perf")
    binaries = arguments.bin_dir.resolve()

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with bench.Server(binaries / "mock-iam", arguments.users, folder / "mock-iam.log", "--auth", "lenient") as server:
            contenders = bench.Contenders(binaries, sys.executable, server, folder)
            runs = []
            for _ in range(arguments.rounds):
                server.reset()
                runs.append(contenders.keywitness("--source", arguments.source))
            counts = collections.Counter()
            for number in range(arguments.rounds):
                server.reset()
                output = folder / f"profiled-{number}"
                command = [
                    str(binaries / "keywitness"), "collect", "--endpoint-url", server.url, "--as-of", server.clock, "--source",
                    arguments.source, "--output-dir", str(output), "--quiet",
                ]
                data = folder / "perf.data"
                # The exit code is that of the findings.
                done = subprocess.run(
                    ["perf", "record", "-F", "10000", "-g", "-o", str(data), "--", *command], env=bench.environment(folder),
                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                if not output.is_dir():
                    sys.exit(f"perf or keywitness failed: {done.stderr[-2000:]}")
                counts.update(part_of(stack) for stack in samples(data))
                shutil.rmtree(output)

    cpu = sorted(run.cpu for run in runs)[len(runs) // 2]
    calls = runs[0].calls
    total = sum(counts.values())
    print(f"{arguments.users} users, --source {arguments.source}: {calls} calls, {cpu:.3f} s of CPU, {cpu / calls * 1e6:.0f} us a call")
    print(f"{total} samples of {arguments.rounds} runs\n\n   us a call      %")
    for name, count in counts.most_common():
        share = count / total
        print(f"  {cpu / calls * 1e6 * share:10.1f}  {100 * share:5.1f}  {name}")


if __name__ == "__main__":
    main()
