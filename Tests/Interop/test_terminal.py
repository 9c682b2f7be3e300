"""What `keywitness collect` draws on a terminal: a line that is drawn anew where it stands, however narrow the terminal is."""

import fcntl
import os
import pty
import pwd
import re
import struct
import subprocess
import termios

import pytest

from emulated import Control
from programs import BINARIES, environment, served

ACCOUNT = "users=300,keys=1.2,seed=7"


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    """An account whose answers take a while, so that there is something to watch."""
    with served(tmp_path_factory.mktemp("slow"), "--generate", ACCOUNT) as emulator:
        Control(emulator.url).put("faults", {"faults": [{"latency": "40ms"}]})
        yield emulator


def drawn(url, folder, columns, **variables):
    """What a run writes to a terminal of so many columns; 0 for one that doesn't say."""
    terminal, program = pty.openpty()
    fcntl.ioctl(program, termios.TIOCSWINSZ, struct.pack("HHHH", 24 if columns else 0, columns, 0, 0))
    (folder / "home").mkdir()
    process = subprocess.Popen(
        [BINARIES / "keywitness", "collect", "--source", "live", "--endpoint-url", url, "--output-dir", folder / "out", "--no-color"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=program,
        env=environment(folder / "home", AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", TERM="xterm", **variables),
    )
    os.close(program)
    written = b""
    while True:
        try:
            read = os.read(terminal, 65536)
        except OSError:  # The other side is closed.
            break
        if not read:
            break
        written += read
    os.close(terminal)
    assert process.wait() in (0, 3)
    return written.decode()


def screen(written, columns):
    """The lines of a terminal after all this: a character after the last column goes to the next line."""
    lines, row, column = [[]], 0, 0
    for token in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|.", written, re.S):
        if token == "\r":
            column = 0
        elif token == "\n":
            row += 1
        elif token == "\x1b[K":
            del lines[row][column:]
        elif not token.startswith("\x1b"):
            if column == columns:
                row, column = row + 1, 0
            while len(lines) <= row:
                lines.append([])
            lines[row] += " " * (column - len(lines[row]))
            lines[row][column:column + 1] = [token]
            column += 1
        while len(lines) <= row:
            lines.append([])
    return ["".join(line).rstrip() for line in lines]


@pytest.mark.parametrize("columns", [120, 80, 60, 40, 20])
def test_the_bar_stays_on_its_line(slow, tmp_path, columns):
    written = drawn(slow.url, tmp_path, columns)
    bars = [part.removesuffix("\x1b[K") for part in written.split("\r") if part.endswith("\x1b[K")]
    shown = [bar for bar in bars if "/300 users" in bar]
    assert len(shown) >= 3, written
    assert max(map(len, bars)) < columns
    # Nothing of all the drawings is left but the words before and after them.
    left = "".join(screen(written, columns))
    assert left.startswith("Connected to ")
    assert "users" not in left and "█" not in left and "░" not in left


def test_columns_count_where_the_terminal_says_nothing(slow, tmp_path):
    written = drawn(slow.url, tmp_path, 0, COLUMNS="50")
    assert max(len(part.removesuffix("\x1b[K")) for part in written.split("\r") if part.endswith("\x1b[K")) < 50


def run_into_closed_pipe(arguments, env):
    """Runs a program whose reader has gone away before it wrote anything."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            [BINARIES / "keywitness", *arguments], stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE, env=env, text=True,
            timeout=60,
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["controls"], 0), (["policy", "show"], 0), (["permissions"], 0), (["describe"], 0), (["--help"], 0), (["verify", "/nonexistent"], 5)],
    ids=lambda value: str(value),
)
def test_a_reader_that_goes_away_changes_no_exit_code(tmp_path, arguments, code):
    done = run_into_closed_pipe(arguments, environment(tmp_path))
    assert (done.returncode, done.stderr) == (code, "")


def test_without_home_the_files_are_where_the_system_has_them(tmp_path):
    env = environment(tmp_path)
    del env["HOME"]
    done = subprocess.run(
        [BINARIES / "keywitness", "whoami", "--offline", "--profile", "there-is-no-such-profile"], capture_output=True, env=env, text=True,
        timeout=60,
    )
    home = pwd.getpwuid(os.getuid()).pw_dir
    assert done.returncode == 1 and f"{home}/.aws/config" in done.stderr, done.stderr
