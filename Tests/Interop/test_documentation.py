"""What docs/mock-iam.md and docs/nightly.md show is run as it stands there, and docs/importing.md names what there is."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
import urllib.request
from fnmatch import fnmatch
from pathlib import Path

import pytest

from programs import ACCESS_KEY, BINARIES, DEADLINE, REPOSITORY, SECRET_KEY, environment, served


def block(heading, page="mock-iam"):
    """The first block of code below a heading."""
    page = (REPOSITORY / f"docs/{page}.md").read_text("utf-8")
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


def started_nightly_job(folder, url, tmp_path):
    """Starts the job in a folder that stands for the job's own. What it would upload is written down by a stand-in for the AWS CLI."""
    home, programs = tmp_path / "home", tmp_path / "bin"
    if not home.exists():
        (home / ".aws").mkdir(parents=True)
        (home / ".aws/config").write_text(f"[profile audit]\nregion = us-east-1\nendpoint_url = {url}\n", "utf-8")
        (home / ".aws/credentials").write_text(
            f"[audit]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n", "utf-8"
        )
        programs.mkdir()
        # Uploads what the command names, but hidden files, to a folder; fails where there is a file `offline`.
        (programs / "aws").write_text(
            f"""#!/bin/sh
            [ "$1 $2 $3 $4 $5" = "s3 sync --only-show-errors --exclude */.*" ] || exit 2
            [ ! -e "{tmp_path}/offline" ] || exit 1
            target="{tmp_path}/bucket/${{7#s3://}}"
            mkdir -p "$target" && cp -Rn "$6/." "$target" && find "$target" -name '.*' -type f -delete
            """,
            "utf-8",
        )
        (programs / "aws").chmod(0o755)
        (tmp_path / "policy.yaml").write_text("name: nightly\nextends: cis-aws\n", "utf-8")
        (tmp_path / "exceptions.yaml").write_text("exceptions: []\n", "utf-8")
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "evidence", "-f", tmp_path / "evidence_ed25519"], check=True, timeout=DEADLINE
        )
    folder.mkdir(exist_ok=True)
    for name in ("policy.yaml", "exceptions.yaml", "evidence_ed25519"):
        shutil.copy(tmp_path / name, folder)
    job = block("The job", "nightly")
    assert "cd /var/lib/keywitness " in job
    variables = environment(home, PATH=os.pathsep.join([str(programs), path()]))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del variables[name]
    return subprocess.Popen(
        ["sh", "-c", job.replace("/var/lib/keywitness", str(folder))], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def nightly_job(folder, url, tmp_path):
    with started_nightly_job(folder, url, tmp_path) as job:
        output, errors = job.communicate(timeout=DEADLINE)
    return subprocess.CompletedProcess(job.args, job.returncode, output, errors)


def test_nightly_job_on_a_disk_that_does_not_stay(tmp_path):
    page = (REPOSITORY / "docs/nightly.md").read_text("utf-8")
    restored = re.findall(r"--include '([^']+)'", page)
    assert len(restored) == 2
    with served(tmp_path / "emulator", "--generate", "users=20,keys=1.0,seed=7,profile=typical", "--key", f"{ACCESS_KEY}:{SECRET_KEY}") as emulator:
        first = nightly_job(tmp_path / "first", emulator.url, tmp_path)
        assert (first.returncode, first.stdout, first.stderr) == (3, "", "")
        second = int(time.time())
        while int(time.time()) == second:  # A run is called by its second.
            time.sleep(0.01)
        bucket = tmp_path / "first"
        for file in bucket.glob("keywitness-evidence/**/*"):
            relative = file.relative_to(bucket)
            if any(fnmatch(str(relative), pattern) for pattern in restored):
                (tmp_path / "second" / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, tmp_path / "second" / relative)
        again = nightly_job(tmp_path / "second", emulator.url, tmp_path)
        assert (again.returncode, again.stdout, again.stderr) == (3, "", "")
    # In the bucket both are whole.
    bundles = sorted((tmp_path / "bucket/example-evidence/keywitness-evidence").glob("*/*"))
    assert len(bundles) == 2
    signers = tmp_path / "signers"
    signers.write_text("evidence@example.com " + (tmp_path / "evidence_ed25519.pub").read_text("utf-8"), "utf-8")
    done = subprocess.run(
        [BINARIES / "keywitness", "verify", "--chain", "--allowed-signers", signers, *bundles],
        env=environment(tmp_path), capture_output=True, text=True, timeout=DEADLINE,
    )
    assert done.returncode == 0, done.stdout
    assert "The chain is whole." in done.stdout


def test_nightly_job_whose_upload_fails_says_so_and_makes_up_for_it(tmp_path):
    with served(tmp_path / "emulator", "--generate", "users=20,keys=1.0,seed=7,profile=typical", "--key", f"{ACCESS_KEY}:{SECRET_KEY}") as emulator:
        (tmp_path / "offline").touch()
        failed = nightly_job(tmp_path / "disk", emulator.url, tmp_path)
        assert (failed.returncode, failed.stderr) == (1, "keywitness-evidence isn't uploaded\n")
        (tmp_path / "offline").unlink()
        second = int(time.time())
        while int(time.time()) == second:
            time.sleep(0.01)
        done = nightly_job(tmp_path / "disk", emulator.url, tmp_path)
        assert (done.returncode, done.stderr) == (3, "")
    assert len(list((tmp_path / "bucket/example-evidence/keywitness-evidence").glob("*/*/SHA256SUMS.sig"))) == 2


def test_nightly_job_that_is_stopped_uploads_what_the_scan_has_come_to(tmp_path):
    (tmp_path / "slow.yaml").write_text("faults: [{match: {action: [ListAccessKeys]}, latency: {fixed: 600s}}]\n", "utf-8")
    arguments = ["--generate", "users=20,keys=1.0,seed=7,profile=typical", "--key", f"{ACCESS_KEY}:{SECRET_KEY}", "--faults", tmp_path / "slow.yaml"]
    with served(tmp_path / "emulator", *arguments) as emulator, started_nightly_job(tmp_path / "disk", emulator.url, tmp_path) as job:
        deadline = time.monotonic() + DEADLINE
        while b'"ListAccessKeys"' not in urllib.request.urlopen(emulator.url + "/_mock/journal").read():
            assert job.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        # The shell alone, as whoever stops a container does it.
        job.terminate()
        _, errors = job.communicate(timeout=DEADLINE)
    assert job.returncode == 4, errors
    assert "interrupted: the bundle will say what was not read" in errors
    [report] = (tmp_path / "bucket/example-evidence/keywitness-evidence").glob("*/*/report.json")
    assert json.loads(report.read_text("utf-8"))["completeness"]["complete"] is False


@pytest.mark.parametrize(
    ("codes", "worst"), [((0, 0), 0), ((3, 0), 3), ((0, 4), 4), ((4, 3), 4), ((3, 1), 1), ((1, 4), 1), ((4, 64), 64), ((64, 0), 64)]
)
def test_loop_over_accounts_ends_with_what_asks_for_most(tmp_path, codes, worst):
    (tmp_path / "keywitness").write_text(
        f"""#!/bin/sh
        case "$*" in *111122223333*) exit {codes[0]} ;; *444455556666*) exit {codes[1]} ;; esac
        exit 99
        """,
        "utf-8",
    )
    (tmp_path / "keywitness").chmod(0o755)
    done = subprocess.run(
        ["sh", "-c", block("Several accounts", "nightly")], env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True, text=True, timeout=DEADLINE,
    )
    assert done.returncode == worst
    said = [f"{account} ended with {code}" for account, code in zip(("111122223333", "444455556666"), codes) if code]
    assert done.stderr.splitlines() == said


# --- For importers ------------------------------------------------------------------------------------------------------------------

IMPORTING = (REPOSITORY / "docs" / "importing.md").read_text("utf-8")


def section(title):
    """A section of the page on importing."""
    return IMPORTING.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("name", ["keys.csv", "summary.csv"])
def test_every_column_of_a_table_is_documented_and_no_other(collections, name):
    header = (collections("demo-account").bundle / name).read_text("utf-8").splitlines()[0].split(",")
    text = section(f"`{name}`")
    # Of the table of columns the names stand on the left; of the list between commas.
    names = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")] if name == "keys.csv" else [text]
    documented = re.findall(r"`([a-z0-9_]+)`", " ".join(names))
    assert sorted(set(documented) - {"not-run"}) == sorted(header)


def test_every_property_of_oscal_is_documented_and_no_other(collections):
    source = "".join(path.read_text("utf-8") for path in sorted((REPOSITORY / "Sources" / "Evidence" / "OSCAL").glob("*.swift")))
    written = set(re.findall(r'(?:OSCAL\.Property|Kind)\(\s*"([a-z0-9-]+)"', source))
    assert {"organization-defined-parameter", "maps-to", "beyond-framework-limit"} < written
    rows = [line.split("|") for line in section("OSCAL's properties").splitlines() if line.startswith("| ")]
    documented = {name for row in rows for name in re.findall(r"`([a-z0-9-]+)`", row[2])}
    assert documented == written
    found = set()

    def walk(value):
        if isinstance(value, dict):
            found.update(prop["name"] for prop in value.get("props", []) if prop.get("ns") == "urn:keywitness:oscal:1")
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    for fixture in ("demo-account", "partial-account"):
        for path in (collections(fixture).bundle / "oscal").glob("*.json"):
            walk(json.loads(path.read_text("utf-8")))
    assert found and found <= documented
