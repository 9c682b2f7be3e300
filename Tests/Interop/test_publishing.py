"""What is on disk whenever `keywitness collect` is cut short: whole bundles and nothing else, and a chain that is intact."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from programs import BINARIES, DEADLINE, FIXTURES, environment, mock_iam

ACCOUNT = "222233334444"
INSTANTS = [f"2026-11-22T20:{minute:02}:00Z" for minute in range(60)]


def skip(reason):
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    with mock_iam(FIXTURES / "clean-account", tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


def command(emulator, output, instant, *arguments):
    return [
        BINARIES / "keywitness", "collect", "--quiet", "--endpoint-url", emulator.url, "--output-dir", output, "--as-of", instant, *arguments,
    ]


def collect(emulator, output, instant, *arguments, **variables):
    return subprocess.run(
        command(emulator, output, instant, *arguments), env=environment(output.parent, **variables), capture_output=True, text=True,
        timeout=DEADLINE,
    )


def verify(*arguments):
    done = subprocess.run(
        [BINARIES / "keywitness", "verify", "--quiet", *arguments], env=environment(Path.cwd()), capture_output=True, text=True,
        timeout=DEADLINE,
    )
    return done.returncode, done.stdout


def runs(output):
    """The bundles that anybody would see."""
    return sorted(output.glob(f"{ACCOUNT}/2*"))


def stages(output):
    return sorted(output.glob(f"{ACCOUNT}/.stage-*"))


def manifest(bundle):
    return json.loads((bundle / "manifest.json").read_text("utf-8"))


# --- Faults -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def faults(tmp_path_factory):
    """A library that counts what a program does to files, and interferes."""
    if sys.platform != "linux":
        pytest.skip("the library is for Linux")
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        skip("there is no C compiler")
    library = tmp_path_factory.mktemp("faults") / "faults.so"
    source = Path(__file__).with_name("faults.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, source, "-ldl"], check=True, timeout=DEADLINE)

    def variables(output, step, kind, log=None):
        found = {"LD_PRELOAD": str(library), "FAULT_FOLDER": str(output), "FAULT_STEP": str(step), "FAULT_KIND": str(kind)}
        return {**found, "FAULT_LOG": str(log)} if log else found

    return variables


def steps(emulator, faults, folder):
    """What a run does to files, in order: `open …/manifest.json`, `write`, `fsync` and so on."""
    log, output = folder / "steps", folder / "counted"
    output.mkdir()
    assert collect(emulator, output, INSTANTS[0], **faults(output, 0, "kill", log)).returncode == 0
    return [line.split(maxsplit=1)[1] for line in log.read_text("utf-8").splitlines()]


def test_the_library_sees_the_steps(emulator, faults, tmp_path):
    seen = steps(emulator, faults, tmp_path)
    assert len(seen) > 40
    assert [step.split()[0] for step in seen].count("rename") == 1
    assert seen[-1].startswith("fsync") and seen[-2].startswith("rename")
    written = {step.split("/")[-1] for step in seen if step.startswith("open")}
    assert {"exchanges.jsonl", "report.json", "assessment-results.json", "manifest.json", "SHA256SUMS"} <= written


def test_a_kill_at_every_step_leaves_whole_bundles_and_a_whole_chain(emulator, faults, tmp_path):
    count = len(steps(emulator, faults, tmp_path))
    seen = {"absent": 0, "whole": 0}
    for step in range(1, count + 1):
        output = tmp_path / f"step-{step}"
        output.mkdir()
        killed = collect(emulator, output, INSTANTS[1], **faults(output, step, "kill"))
        assert killed.returncode == -9, f"step {step}"
        left = runs(output)
        seen["whole" if left else "absent"] += 1
        # The next run isn't kept from anything, and takes away what the killed one left.
        following = collect(emulator, output, INSTANTS[2])
        assert following.returncode == 0, f"step {step}: {following.stderr}"
        assert stages(output) == [], f"step {step}"
        assert len(runs(output)) == len(left) + 1
        code, said = verify("--chain", *runs(output))
        assert code == 0, f"step {step}: {said}"
        assert [manifest(bundle)["sequence"] for bundle in runs(output)] == list(range(1, len(left) + 2))
        shutil.rmtree(output)
    # Only after the rename it is there.
    assert seen == {"absent": count - 1, "whole": 1}


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS], ids=["disk-full", "read-only"])
def test_a_disk_that_fails_at_any_step_leaves_nothing_or_all(emulator, faults, tmp_path, error):
    count = len(steps(emulator, faults, tmp_path))
    for step in range(1, count + 1):
        output = tmp_path / f"step-{step}"
        output.mkdir()
        failed = collect(emulator, output, INSTANTS[1], **faults(output, step, error))
        assert failed.returncode == 1, f"step {step}: {failed.stderr}"
        assert os.strerror(error).lower() in failed.stderr.lower() and str(output) in failed.stderr, f"step {step}: {failed.stderr}"
        assert stages(output) == [], f"step {step}"
        # Where only the last word of the disk is missing, the bundle stays.
        assert len(runs(output)) == (1 if step == count else 0), f"step {step}"
        if runs(output):
            assert verify(*runs(output))[0] == 0
        shutil.rmtree(output)


# --- Several runs -------------------------------------------------------------------------------------------------------------------


def test_runs_at_once_make_one_chain(emulator, tmp_path):
    output = tmp_path / "evidence"
    started = [
        subprocess.Popen(
            command(emulator, output, instant), env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for instant in INSTANTS[:8]
    ]
    ended = [(process.communicate(timeout=DEADLINE)[1], process.returncode) for process in started]
    assert [code for _, code in ended] == [0] * 8, ended
    assert sorted(manifest(bundle)["sequence"] for bundle in runs(output)) == list(range(1, 9))
    assert verify("--chain", *runs(output)) == (0, "")
    assert stages(output) == []


def test_two_runs_of_one_instant(emulator, tmp_path):
    output = tmp_path / "evidence"
    started = [
        subprocess.Popen(
            command(emulator, output, INSTANTS[0]), env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ended = sorted((process.communicate(timeout=DEADLINE)[1], process.returncode) for process in started)
    assert sorted(code for _, code in ended) == [0, 1], ended
    refusals = ("exists already, and evidence is never overwritten", "another run is under way that is to become")
    assert any(text in ended[1][0] for text in refusals), ended
    assert len(runs(output)) == 1 and verify("--chain", *runs(output)) == (0, "") and stages(output) == []


def test_a_stage_that_is_in_use_is_left_alone(emulator, tmp_path):
    import fcntl

    output = tmp_path / "evidence"
    used, abandoned = (output / ACCOUNT / f".stage-{name}" for name in ("used", "abandoned"))
    for stage in (used, abandoned):
        stage.mkdir(parents=True)
    holder = os.open(used, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    assert collect(emulator, output, INSTANTS[0]).returncode == 0
    assert stages(output) == [used]
    os.close(holder)
    assert collect(emulator, output, INSTANTS[1]).returncode == 0
    assert stages(output) == []


def test_an_account_folder_on_another_file_system(emulator, tmp_path):
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system")
    output, folder = tmp_path / "evidence", elsewhere / f"keywitness-{os.getpid()}"
    output.mkdir()
    folder.mkdir()
    try:
        (output / ACCOUNT).symlink_to(folder)
        for instant in INSTANTS[:2]:
            done = collect(emulator, output, instant)
            assert done.returncode == 0, done.stderr
        assert len(list(folder.glob("2*"))) == 2
        assert verify("--chain", *runs(output)) == (0, "")
    finally:
        shutil.rmtree(folder)


def test_without_standard_output_no_file_of_the_bundle_takes_its_place(emulator, tmp_path):
    output = tmp_path / "evidence"
    loud = [argument for argument in command(emulator, output, INSTANTS[0]) if argument != "--quiet"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" "$@" >&-', *loud], env=environment(tmp_path), stderr=subprocess.PIPE, text=True, timeout=DEADLINE,
    )
    assert done.returncode == 1
    assert "can't write to standard output" in done.stderr and "The evidence bundle is whole" in done.stderr
    assert verify("--recompute", *runs(output)) == (0, "")


# --- The chain ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def four(emulator, tmp_path_factory):
    output = tmp_path_factory.mktemp("four") / "evidence"
    for instant in INSTANTS[:4]:
        assert collect(emulator, output, instant).returncode == 0
    return runs(output)


@pytest.fixture
def chain(four, tmp_path):
    """Four runs to do something to."""
    shutil.copytree(four[0].parent, tmp_path / ACCOUNT)
    return sorted((tmp_path / ACCOUNT).glob("2*"))


def test_a_chain_is_checked_with_all_that_lies_beside(chain):
    assert verify("--chain", chain[1]) == (0, "")
    # The same bundles somewhere else as well.
    copy = chain[0].parent.with_name("copy")
    shutil.copytree(chain[0].parent, copy)
    assert verify("--chain", chain[1], *copy.glob("2*")) == (0, "")


@pytest.mark.parametrize("name", ["keys.csv", "report.json", "raw/exchanges.jsonl"])
@pytest.mark.parametrize("damage", ["changed", "removed"])
def test_a_changed_run_shows(chain, name, damage):
    """Though it isn't the one that was named."""
    file = chain[1] / name
    if damage == "removed":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + b"x")
    code, said = verify("--chain", chain[3])
    assert code == 5
    what = f"{name} is missing" if damage == "removed" else f"{name} isn't what SHA256SUMS has"
    assert f"{chain[1].name}: {what}" in said


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_run_shows(chain, missing):
    shutil.rmtree(chain[missing])
    code, said = verify("--chain", chain[3])
    assert code == 5
    assert f"{chain[missing + 1].name} has number {missing + 2}, and the run before it, {chain[missing].name}, isn't here" in said


def test_a_missing_last_run_does_not_show(chain):
    """And the documentation says so."""
    shutil.rmtree(chain[3])
    assert verify("--chain", chain[0])[0] == 0


def test_a_replaced_run_shows(chain, emulator, tmp_path):
    """Somebody makes the second run anew, with our own program, after the first."""
    again = tmp_path / "again"
    shutil.copytree(chain[0], again / ACCOUNT / chain[0].name)
    assert collect(emulator, again, "2026-11-22T20:01:00Z").returncode == 0
    assert manifest(runs(again)[1])["sequence"] == 2
    shutil.rmtree(chain[1])
    shutil.copytree(runs(again)[1], chain[1])
    assert verify(chain[1])[0] == 0, "by itself it is a good bundle"
    code, said = verify("--chain", chain[1])
    assert code == 5 and f"{chain[2].name} names another run before it than {chain[1].name}" in said


def test_a_run_put_in_between_shows(chain, emulator, tmp_path):
    again = tmp_path / "again"
    for bundle in chain[:2]:
        shutil.copytree(bundle, again / ACCOUNT / bundle.name)
    assert collect(emulator, again, "2026-11-22T21:00:00Z").returncode == 0
    shutil.copytree(runs(again)[2], chain[0].with_name("20261122T210000Z"))
    code, said = verify("--chain", chain[1])
    assert code == 5 and "are different runs of the same number, 3" in said


def test_an_edited_link_shows(chain):
    """With every digest put right, in this bundle."""
    import hashlib

    file, sums = chain[1] / "manifest.json", chain[1] / "SHA256SUMS"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    text = file.read_text("utf-8").replace('"sequence": 2', '"sequence": 1')
    previous = json.dumps(manifest(chain[1])["previous"])
    assert previous != "null"
    start = text.index('"previous": ')
    text = text[:start] + '"previous": null' + text[text.index("}", start) + 1:]
    file.write_text(text, "utf-8")
    sums.write_text(sums.read_text("utf-8").replace(before, hashlib.sha256(file.read_bytes()).hexdigest()), "utf-8")
    code, said = verify("--chain", chain[0])
    assert code == 5
    assert "are different runs of the same number, 1" in said
    assert f"{chain[2].name} has number 3, and the run before it, {chain[1].name}, isn't here" in said


def test_another_name_for_the_run_before_shows(chain):
    """Whoever follows the links by hand would be led elsewhere."""
    import hashlib

    file, sums = chain[3] / "manifest.json", chain[3] / "SHA256SUMS"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    text = file.read_text("utf-8")
    changed = text.replace(f'"run": "{chain[2].name}"', '"run": "19991231T000000Z"')
    assert changed != text
    file.write_text(changed, "utf-8")
    sums.write_text(sums.read_text("utf-8").replace(before, hashlib.sha256(file.read_bytes()).hexdigest()), "utf-8")
    code, said = verify("--chain", chain[0])
    assert code == 5 and f"{chain[3].name} calls the run before it 19991231T000000Z, and it is {chain[2].name}" in said
    # A folder may have another name; the manifest tells the run's own.
    file.write_text(text, "utf-8")
    after = hashlib.sha256(file.read_bytes()).hexdigest()
    sums.write_text(sums.read_text("utf-8").replace(hashlib.sha256(changed.encode()).hexdigest(), after), "utf-8")
    chain[2].rename(chain[2].with_name("20000101T000000Z"))
    assert verify("--chain", chain[0])[0] == 0


def test_a_run_that_cannot_be_read_breaks_the_chain_and_the_next_one_says_so(chain, emulator, tmp_path):
    (chain[3] / "manifest.json").write_text("{}", "utf-8")
    assert collect(emulator, tmp_path, "2026-11-22T21:00:00Z").returncode == 0
    last = chain[3].with_name("20261122T210000Z")
    assert manifest(last)["unreadable_runs"] == [chain[3].name]
    assert manifest(last)["sequence"] == 4 and manifest(last)["previous"]["run"] == chain[2].name
    code, said = verify("--chain", last)
    assert code == 5
    assert f"when it was published, {chain[3].name} could not be read" in said and f"{chain[3].name}: manifest.json" in said


def test_evidence_of_two_accounts_are_two_chains(chain, tmp_path):
    shutil.copytree(chain[0].parent, tmp_path / "other")
    for manifest_file in (tmp_path / "other").glob("*/manifest.json"):
        manifest_file.write_text(manifest_file.read_text("utf-8").replace(ACCOUNT, "444455556666"), "utf-8")
    code, said = verify("--chain", chain[0], tmp_path / "other" / chain[0].name)
    assert code == 5 and "its manifest isn't what SHA256SUMS has" in said and "Runs of account 444455556666" in said
