"""Every document that KeyWitness writes or ships, against the JSON Schema that it ships for it."""

import json
import shutil
import subprocess

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from programs import BINARIES, DEADLINE, FIXTURES, SCHEMAS, environment

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))


def schema(name):
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))


def complaints(name, document):
    """What the schema has against a document, each with the place in it."""
    validator = Draft202012Validator(schema(name), format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(document)]


def describe():
    done = subprocess.run(
        [BINARIES / "keywitness", "describe", "--format", "json"], env=environment("/nonexistent"), capture_output=True,
        text=True, encoding="utf-8", timeout=DEADLINE, check=True,
    )
    return json.loads(done.stdout)


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_all_schemas_are_here():
    assert {"controls", "describe", "exceptions", "manifest", "policy", "recording-line", "report", "verification"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_valid_itself(name):
    document = schema(name)
    assert document["$schema"] == DRAFT
    assert document["$id"] == f"urn:keywitness:schema:{name}:{2 if name == 'report' else 1}"
    Draft202012Validator.check_schema(document)


@pytest.mark.parametrize("name", NAMES)
def test_schema_accepts_not_just_anything(name):
    assert complaints(name, {}), "an empty object passes"
    assert complaints(name, {"no": "such document"})


def test_manifest_and_report_mean_the_same_completeness():
    """What both have has one form; only the words about it may differ."""

    def form(value, document):
        if isinstance(value, dict):
            if "$ref" in value:
                return form(document["$defs"][value["$ref"].removeprefix("#/$defs/")], document)
            return {name: form(member, document) for name, member in value.items() if name != "description"}
        return [form(member, document) for member in value] if isinstance(value, list) else value

    documents = [schema(name) for name in ("report", "manifest")]
    sections = [document["properties"]["completeness"]["properties"] for document in documents]
    shared = sections[0].keys() & sections[1].keys()
    # The manifest has the numbers of these lists.
    assert sections[0].keys() - shared == {"complete", "failures", "needed_facts", "population_notes", "users_with_unknown_keys"}
    assert sections[1].keys() - shared == {"failures_needed", "failures_other", "notes_explained", "notes_unexplained"}
    for name in shared:
        forms = [form(section[name], document) for section, document in zip(sections, documents)]
        assert forms[0] == forms[1], name


@pytest.mark.parametrize("path", [SCHEMAS / "controls.json", *sorted((SCHEMAS / "frameworks").glob("*.json"))], ids=lambda path: path.stem)
def test_controls(path):
    assert complaints("controls", json.loads(path.read_text("utf-8"))) == []


def test_describe():
    description = describe()
    assert complaints("describe", description) == []
    assert description["schema"] == schema("describe")["$id"]


def test_describe_hands_out_the_schemas_of_its_outputs():
    shipped = {output["path"]: output.get("jsonSchema") for output in describe()["outputs"]}
    assert shipped["report.json"] == schema("report")
    assert shipped["manifest.json"] == schema("manifest")
    assert shipped["policy.json"] == schema("policy")
    assert shipped["exceptions.json"] == schema("exceptions")
    assert shipped["controls.json"] == schema("controls")
    assert shipped["raw/exchanges.jsonl"] == schema("recording-line")


def test_describe_names_every_file_of_a_bundle(collected):
    written = {path.relative_to(collected.bundle).as_posix() for path in collected.bundle.rglob("*") if path.is_file()}
    # These were given no exceptions, no key and no authority.
    assert written | {"exceptions.json", "SHA256SUMS.sig", "SHA256SUMS.tsr"} == {output["path"] for output in describe()["outputs"]}


def test_describe_knows_the_exit_code(collected):
    assert collected.code in {entry["code"] for entry in describe()["exitCodes"]}


@pytest.mark.parametrize("name", ["report", "manifest"])
def test_document_of_a_bundle(collected, name):
    document = json.loads((collected.bundle / f"{name}.json").read_text("utf-8"))
    assert complaints(name, document) == []
    assert document["schema"] == schema(name)["$id"]


def test_every_line_of_the_recording(collected):
    for number, line in enumerate(lines(collected.bundle / "raw/exchanges.jsonl"), 1):
        assert complaints("recording-line", line) == [], f"line {number}"


def test_every_line_of_the_fixture(fixture_name):
    for number, line in enumerate(lines(FIXTURES / fixture_name / "exchanges.jsonl"), 1):
        assert complaints("recording-line", line) == [], f"line {number}"


def verify(*arguments):
    done = subprocess.run(
        [BINARIES / "keywitness", "verify", "--format", "json", *arguments], env=environment("/nonexistent"), capture_output=True,
        text=True, encoding="utf-8", timeout=DEADLINE,
    )
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("options", [[], ["--chain"], ["--recompute", "--chain"]], ids=" ".join)
def test_verification_of_a_sound_bundle(collected, options):
    code, document = verify(*options, collected.bundle)
    assert complaints("verification", document) == []
    assert code == 0 and document["sound"]
    assert document["schema"] == schema("verification")["$id"]
    (bundle,) = document["bundles"]
    assert bundle["sha256"] and (document["chains"] is not None) == ("--chain" in options)


def test_verification_of_what_is_no_sound_bundle(collected, tmp_path):
    damaged, emptied = tmp_path / "damaged", tmp_path / "emptied"
    for folder, text in ((damaged, (collected.bundle / "manifest.json").read_text("utf-8") + " "), (emptied, "{}")):
        shutil.copytree(collected.bundle, folder)
        (folder / "manifest.json").write_text(text, "utf-8")
    code, document = verify("--chain", damaged, emptied, tmp_path / "none")
    assert complaints("verification", document) == []
    assert code == 5 and not document["sound"] and not any(bundle["sound"] for bundle in document["bundles"])
    assert [bundle["run"] is None for bundle in document["bundles"]] == [False, True, True]
