"""`keywitness verify` on bundles of every kind, and on bundles that somebody has had in hand."""

import hashlib
import json
import shutil
import subprocess

import pytest

from programs import ACCESS_KEY, BINARIES, DEADLINE, REPOSITORY, SECRET_KEY, collect, environment, served
from test_policy import POLICY

GENERATED = {
    "none": "users=0,seed=1", "one": "users=1,keys=1,seed=2", "typical": "users=300,seed=3", "messy": "users=200,keys=1.4,seed=4,profile=messy",
    "hostile": "users=150,seed=5,profile=hostile",
}
SOURCES = {
    "auto": [], "live": ["--source", "live", "--include", "all"], "report": ["--source", "report"],
    "without-ids": ["--source", "report", "--without-key-ids"],
}


def verify(folder, *arguments):
    return subprocess.run(
        [BINARIES / "keywitness", "verify", *map(str, arguments)], env=environment(folder), capture_output=True, text=True,
        encoding="utf-8", timeout=DEADLINE, cwd=folder,
    )


def test_bundles_of_the_fixtures(collected, tmp_path):
    said = verify(tmp_path, "--recompute", collected.bundle)
    assert said.returncode == 0, said.stdout
    *lines, verdict, others = said.stdout.splitlines()[1:]
    assert verdict == "  Every check that was asked for passed." and others == "Not done: the chain of runs (--chain)."
    # A line without a name is a note on the one before.
    assert [line.split()[:2] for line in lines if not line.startswith("   ")] == [
        [name, "note" if name == "signature" else "ok"]
        for name in (
            "files", "checksums", "signature", "schemas", "content", "recording", "references", "oscal", "counts", "documents", "recomputed",
        )
    ]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("account", GENERATED)
def test_bundles_of_generated_accounts(account, source, tmp_path):
    """Twice: with a report that AWS makes for the run, and with the same one from the cache."""
    with served(tmp_path / "emulator", "--generate", GENERATED[account], "--key", f"{ACCESS_KEY}:{SECRET_KEY}") as emulator:
        bundles = [collect(tmp_path / name, emulator.url, *SOURCES[source]).bundle for name in ("first", "second")]
    said = verify(tmp_path, "--recompute", *bundles)
    assert said.returncode == 0, said.stdout
    assert said.stdout.count("byte for byte the same") == 4


def test_bundle_with_policy_and_tags(tmp_path):
    (tmp_path / "policy.json").write_text(json.dumps(POLICY), "utf-8")
    with served(tmp_path / "emulator", "--generate", GENERATED["messy"], "--key", f"{ACCESS_KEY}:{SECRET_KEY}") as emulator:
        bundle = collect(tmp_path / "run", emulator.url, "--policy", tmp_path / "policy.json").bundle
    said = verify(tmp_path, "--recompute", bundle)
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize(
    "options",
    [["--framework", "cis-aws-3.0"], ["--framework", "pci-dss-4.0"], ["--framework", "iso-27001-2022", "--oscal-version", "1.1.2"]],
    ids=["cis", "pci", "iso"],
)
def test_bundles_that_show_other_frameworks(options, tmp_path):
    """Not every test speaks to a control of theirs, and those that don't have no findings."""
    with served(tmp_path / "emulator", "--generate", GENERATED["messy"], "--key", f"{ACCESS_KEY}:{SECRET_KEY}") as emulator:
        bundle = collect(tmp_path / "run", emulator.url, *options).bundle
    said = verify(tmp_path, "--recompute", bundle)
    assert said.returncode == 0, said.stdout


def test_a_recorded_answer_that_was_changed_with_every_digest(collections, tmp_path):
    """Somebody makes a key younger in AWS's answer and puts all digests right: the documents don't follow from it any more."""
    bundle = tmp_path / "bundle"
    shutil.copytree(collections("demo-account").bundle, bundle)
    lines = (bundle / "raw/exchanges.jsonl").read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if '"_op":"ListAccessKeys"' in line and "AKIA7BTTBW5KIEXAMPLE" in line)
    entry = json.loads(lines[place])
    body = entry["response"]["content"]["text"]
    changed = body.replace("<Status>Active", "<Status>Inactive")
    assert changed != body
    entry["response"]["content"]["text"] = changed
    entry["_sha256"] = hashlib.sha256(changed.encode()).hexdigest()
    lines[place] = json.dumps(entry, separators=(",", ":"))
    (bundle / "raw/exchanges.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    digests = {path: hashlib.sha256((bundle / path).read_bytes()).hexdigest() for path in ["raw/exchanges.jsonl"]}
    for path in ("oscal/assessment-results.json", "manifest.json", "SHA256SUMS"):
        text = (bundle / path).read_text("utf-8")
        old = {line.split("  ")[1]: line.split("  ")[0] for line in (bundle / "SHA256SUMS").read_text("ascii").splitlines()}
        for changed_path, digest in digests.items():
            text = text.replace(old[changed_path], digest)
        (bundle / path).write_text(text, "utf-8")
        digests[path] = hashlib.sha256((bundle / path).read_bytes()).hexdigest()
    said = verify(tmp_path, "--recompute", bundle)
    assert said.returncode == 5
    assert "report.json isn't what the recorded answers come to" in said.stdout


def commands(bundle):
    """The indented lines of VERIFY.md, those for stock tools."""
    lines = (bundle / "VERIFY.md").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.startswith("    ") and "keywitness" not in line]


def shell(command, bundle):
    return subprocess.run(["sh", "-euc", command], cwd=bundle, env=environment(bundle), capture_output=True, timeout=DEADLINE).returncode


def test_the_commands_of_verify_md(collected, tmp_path):
    missing = [program for program in ("sha256sum", "jq") if shutil.which(program) is None]
    if "sha256sum" in missing:
        pytest.skip("there is no sha256sum")
    found = [command for command in commands(collected.bundle) if not ("jq" in missing and "jq " in command)]
    assert len(found) >= 3
    complete = json.loads((collected.bundle / "manifest.json").read_text("utf-8"))["complete"]
    for command in found:
        asks_completeness = command.startswith("jq -e") and ".complete" in command
        assert shell(command, collected.bundle) == (1 if asks_completeness and not complete else 0), command
    # And they can fail: a byte changed, a file added, an answer changed.
    damaged = tmp_path / "damaged"
    shutil.copytree(collected.bundle, damaged)
    (damaged / "raw/SHA256SUMS.more").write_text("more", "utf-8")
    with open(damaged / "keys.csv", "ab") as file:
        file.write(b" ")
    recording = damaged / "raw/exchanges.jsonl"
    recording.write_text(recording.read_text("utf-8").replace("GetCallerIdentityResult", "GetCallerIdentityResulT"), "utf-8")
    failing = [command for command in found if shell(command, damaged) != 0 and not command.startswith("jq -e")]
    assert failing == [command for command in found if "strict" in command or command.startswith(("test ", "jq -c"))]
    assert "jq" in missing or len(failing) == 3
    linked = tmp_path / "linked"
    shutil.copytree(collected.bundle, linked)
    shutil.move(linked / "keys.csv", tmp_path / "keys.csv")
    (linked / "keys.csv").symlink_to(tmp_path / "keys.csv")
    assert [command.split()[0] for command in found if shell(command, linked) != 0 and not command.startswith("jq -e")] == ["test"]


def test_what_is_wrong_is_said_and_nothing_else_when_quiet(collections, tmp_path):
    sound, damaged = collections("clean-account").bundle, tmp_path / "damaged"
    shutil.copytree(sound, damaged)
    (damaged / "keys.csv").write_text("nothing\n", "utf-8")
    said = verify(tmp_path, "--quiet", sound, damaged)
    assert said.returncode == 5
    assert str(sound) not in said.stdout
    assert "keys.csv isn't what SHA256SUMS has" in said.stdout and "NOT sound" in said.stdout
    assert verify(tmp_path, "--quiet", sound).stdout == ""
    assert verify(tmp_path, tmp_path / "none").returncode == 5
    assert verify(tmp_path).returncode == 64


def test_help_and_documentation_name_every_check(collected, tmp_path):
    said = verify(tmp_path, "--recompute", "--chain", collected.bundle).stdout
    checks = [line.split()[0] for line in said.splitlines() if line.startswith("  ") and line.split()[1] in ("ok", "note", "FAILED", "unknown")]
    assert len(checks) >= 11
    help_text = verify(tmp_path, "--help").stdout
    listed = [line.split()[0] for line in help_text.splitlines() if line.startswith("  ") and not line.startswith("   ")]
    table = (REPOSITORY / "docs/auditor.md").read_text("utf-8").partition("| check |")[2]
    documented = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ") and "---" not in line]
    for check in checks:
        assert check in listed and check in documented, check


def test_verify_md_where_the_first_exchange_has_no_answer(tmp_path):
    """A connection that breaks is an exchange without an answer, and without a digest."""
    faults = tmp_path / "faults.yaml"
    faults.write_text("faults: [{match: {action: GetCallerIdentity}, when: {calls: [1]}, reset: before}]\n", "utf-8")
    small = REPOSITORY / "MockIAM/Accounts/small.yaml"
    with served(tmp_path, "--account", small, "--key", f"{ACCESS_KEY}:{SECRET_KEY}", "--faults", faults) as emulator:
        done = collect(tmp_path / "run", emulator.url)
    first = json.loads((done.bundle / "raw/exchanges.jsonl").read_text("utf-8").splitlines()[1])
    assert first["_outcome"] == "no-answer" and "_sha256" not in first
    for command in commands(done.bundle):
        assert shell(command, done.bundle) == 0, command
