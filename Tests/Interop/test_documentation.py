"""What docs/mock-iam.md shows is run as it stands there."""

import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

from programs import BINARIES, DEADLINE, REPOSITORY, environment


def block(heading):
    """The first block of code below a heading."""
    page = (REPOSITORY / "docs/mock-iam.md").read_text("utf-8")
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return textwrap.dedent(re.search(r"(?:^    .*\n|^\n)+", section[section.index("\n    ") + 1:], re.M).group())


def path():
    return os.pathsep.join([str(BINARIES), str(Path(sys.executable).parent), os.environ["PATH"]])


def test_from_the_shell(tmp_path):
    # It ends when the emulator has ended, too: until then that has the streams.
    done = subprocess.run(
        ["sh", "-c", block("From the shell")], cwd=tmp_path, capture_output=True, text=True, timeout=DEADLINE,
        env=environment(tmp_path, PATH=path(), AWS_PAGER="", AWS_MAX_ATTEMPTS="1"),
    )
    assert done.returncode == 0, done.stderr
    listed, end = json.JSONDecoder().raw_decode(done.stdout[done.stdout.index("{"):])
    assert len(listed["Users"]) == 500
    assert "\n500 users on 1 page, " in done.stdout
    assert len(list(tmp_path.glob("keywitness-evidence/111122223333/*/report.json"))) == 1
    assert re.search(r"SIGTERM: \d+ requests served, 0 without an answer", done.stderr), done.stderr
    assert not (tmp_path / "url").exists()


def test_from_python(tmp_path):
    (tmp_path / "tests").mkdir()
    users = [{"name": f"user-{number}", "created": "10d ago"} for number in range(8)]
    (tmp_path / "tests/account.yaml").write_text(json.dumps({"account": "111122223333", "users": users}), "utf-8")
    (tmp_path / "tests/test_example.py").write_text(block("From Python"), "utf-8")
    done = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-q", "tests"], cwd=tmp_path, capture_output=True,
        text=True, timeout=DEADLINE, env=environment(tmp_path, PATH=path()),
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
