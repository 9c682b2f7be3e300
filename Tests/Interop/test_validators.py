"""Every package of OSCAL documents, in four validators that others wrote. An error fails, and so does a warning that isn't known.

What each warning means, and how to run the validators by hand: docs/oscal-validators.md."""

import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import yaml

from accounts import CLOCK
from programs import ACCESS_KEY, REPOSITORY, SECRET_KEY, collect, fixture_names, served
from validators import VALIDATORS, documents, drive, load

# What oscal-validate says of every document.
ALWAYS = {
    "WARNING OSCAL_VERSION_DIFFERS oscal-version",
    "INFO IMPORT_RESOLVED href",
    "UNVERIFIABLE PATTERN_NOT_CHECKED TokenDatatype",
    *(f"UNVERIFIABLE CONSTRAINT_NOT_EVALUATED {kind}" for kind in ("allowed-values", "expect", "index", "matches")),
}

# Every warning that the validators may give, and that at least one package gets: a warning that is gone has to go from here as well.
WARNINGS = {
    "check-jsonschema": set(),
    "oscal-validate": {
        *ALWAYS,
        "INFO IMPORT_NOT_SUPPLIED href",
        "UNVERIFIABLE REFERENCE_UNVERIFIABLE control-id",
        "UNVERIFIABLE REFERENCE_UNVERIFIABLE with-ids",
    },
    "oscal-validate-complete": ALWAYS,
    "compliance-trestle": {"Resources have N uuids and N are not referenced by model."},
    "oscal": set(),
}


# --- The packages -------------------------------------------------------------------------------------------------------------------


def generated(spec, *arguments, faults=(), code=3):
    """A package of an account that is made up, where the named things go wrong."""
    def make(folder):
        # At an instant of its own, at which it is judged as well, so that the verdicts don't change with the day.
        instant = f"{CLOCK:%Y-%m-%dT%H:%M:%SZ}"
        options = ["--generate", f"{spec},clock={instant}", "--key", f"{ACCESS_KEY}:{SECRET_KEY}"]
        if faults:
            folder.mkdir()
            (folder / "faults.yaml").write_text(yaml.safe_dump({"faults": list(faults)}), "utf-8")
            options += ["--faults", folder / "faults.yaml"]
        with served(folder / "emulator", *options) as emulator:
            collected = collect(folder / "run", emulator.url, "--as-of", instant, *arguments)
        assert collected.code == code, f"exit code {collected.code}: {collected.stderr}"
        return collected.bundle
    return make


def denied(action, **when):
    return {"match": {"action": action}, "error": "AccessDenied", **({"when": when} if when else {})}


def excepted(folder):
    """Exceptions in force, expired and to come, one that nobody fits, and one for the root user."""
    def entry(number, subject, start, end, tests=("key-rotation", "unused-key"), **more):
        return {
            "ticket": f"SEC-{number}", "subject": subject, "tests": list(tests), "kind": "accepted-risk", "owner": "platform@example.com",
            "approver": "ciso@example.com", "reason": "Agreed: 'until' the \"migration\" <ends> & not longer.",
            "created": (CLOCK + timedelta(days=start)).strftime("%Y-%m-%d"), "expires": (CLOCK + timedelta(days=end)).strftime("%Y-%m-%d"),
            **more,
        }
    entries = [
        entry(1, {"users": ["*a*"]}, -10, 30), entry(2, {"users": ["*e*"]}, -300, -1), entry(3, {"users": ["*s*"]}, 5, 90),
        entry(4, {"user": "nobody-here"}, -10, 90), entry(5, {"root_user": True}, -10, 90, tests=["root-key"]),
        entry(6, {"users": ["*i*"]}, -10, 10, kind="compensating-control"),
    ]
    folder.mkdir()
    (folder / "exceptions.yaml").write_text(yaml.safe_dump({"exceptions": entries}), "utf-8")
    return generated("users=40,keys=1.4,seed=12,profile=messy", "--exceptions", folder / "exceptions.yaml")(folder / "account")


def own_framework(folder):
    """Another framework beside those that are built in, with names that YAML, XML and URLs take for something else."""
    mapping = {
        "framework": "house.rules_2", "control": "hr-1.2", "label": "HR <1> & \"2\"", "targetType": "statement-id", "target": "hr-1.2_smt",
        "relationship": "supporting", "rationale": "Größe: \"keys\" & <secrets> are 100 % ours.",
    }
    document = {
        "version": "2.0.0", "frameworks": [{"id": "house.rules_2", "title": "House rules & Größe; <ours>", "label": "House"}],
        "tests": [{"test": test, "mappings": [mapping]} for test in ("unused-key", "root-key")],
    }
    folder.mkdir()
    (folder / "own.json").write_text(json.dumps(document), "utf-8")
    return generated("users=20,seed=3", "--controls", folder / "own.json")(folder / "account")


VERSIONS = ("1.1.2", "1.1.3", "1.2.0", "1.2.1", "1.2.2", "1.2.3")
FRAMEWORKS = ("nist-800-53-rev5", "soc2-tsc-2017", "cis-aws-3.0", "iso-27001-2022", "pci-dss-4.0")
SMALL = "users=20,seed=3"
OLD = "users=20,seed=2,profile=messy"

# By name, what makes the package: 0, 1 and 5,000 keys, names that hurt careless readers, incomplete runs, and every option that changes
# what the documents have.
MADE = {
    "0-users": generated("users=0", code=0),
    "0-keys": generated("users=3,keys=0,seed=1", code=0),
    "1-key": generated("users=1,keys=1,seed=1", code=0),
    "hostile": generated("users=40,seed=13,profile=hostile", "--include", "all", code=4),
    "messy": generated("users=60,keys=1.4,seed=12,profile=messy"),
    "source-live": generated(OLD, "--source", "live", "--include", "all"),
    "source-report": generated(OLD, "--source", "report", code=4),
    "without-key-ids": generated(OLD, "--source", "report", "--without-key-ids"),
    "denied-report": generated(SMALL, faults=[denied("GenerateCredentialReport"), denied("GetCredentialReport")]),
    "denied-last-use": generated(SMALL, "--source", "live", faults=[denied("GetAccessKeyLastUsed")], code=4),
    "denied-some-keys": generated(
        SMALL, "--source", "live", "--include", "tags", faults=[denied("ListAccessKeys", calls=[3, 5]), denied("ListUserTags")], code=4
    ),
    "denied-all": generated(SMALL, faults=[denied(f"{verb}*") for verb in ("List", "Generate", "GetA", "GetCr", "GetU")], code=4),
    "expired-midway": generated(
        SMALL, "--source", "live", faults=[{"match": {"action": "ListAccessKeys"}, "when": {"calls": [5]}, "error": "ExpiredToken"}], code=4
    ),
    "exceptions": excepted,
    "policy": generated(SMALL, "--policy", "cis-aws", "--key-age-threshold", "45"),
    "framework-nist-only": generated(SMALL, "--framework", "nist-800-53-rev5"),
    "framework-cis-only": generated(SMALL, "--framework", "cis-aws-3.0"),
    "frameworks-all": generated(SMALL, *(word for name in FRAMEWORKS for word in ("--framework", name))),
    "own-framework": own_framework,
    # Only oscal goes by the version that a document states; the schema and oscal-validate go by 1.2.3, and trestle by 1.2.1.
    **{f"version-{version}": generated("users=5,seed=3,profile=messy", "--oscal-version", version) for version in VERSIONS},
    # The last, as it takes long. Measured alone: check-jsonschema 47 s, oscal-validate 36 s, compliance-trestle 31 s, oscal 4 s.
    "5000-keys": generated("users=5000,keys=1,seed=7"),
}


@pytest.fixture(scope="module")
def packages(collections, tmp_path_factory):
    """The folder of a package by its name: made once, and not kept, as some are large."""
    made, folder = {}, tmp_path_factory.mktemp("packages")

    def package(name):
        if name not in made:
            bundle = collections(name).bundle if name in fixture_names() else MADE[name](folder / name)
            assert bundle, f"no bundle of {name}"
            made[name] = bundle / "oscal"
        return made[name]

    yield package
    shutil.rmtree(folder)


NAMES = [*fixture_names(), *MADE]
# 25 MB take oscal-validate half a minute, and it says the same with NIST's catalog as without it: once is enough.
PAIRS = [(name, validator) for name in NAMES for validator in VALIDATORS if (name, validator) != ("5000-keys", "oscal-validate")]


@pytest.fixture(scope="module")
def verdicts(packages):
    """What all validators say about a package, as many of them at a time as there are processors, and the next package's beforehand."""
    asked = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        def ask(name):
            if name not in asked:
                package = packages(name)
                asked[name] = {each: pool.submit(VALIDATORS[each], package) for other, each in PAIRS if other == name}
            return asked[name]

        def verdict(name, validator):
            asking = ask(name)[validator]
            for following in NAMES[NAMES.index(name) + 1 :][:1]:
                ask(following)
            return asking.result()

        yield verdict


@pytest.mark.parametrize(("name", "validator"), PAIRS)
def test_package(verdicts, name, validator):
    verdict = verdicts(name, validator)
    unknown = verdict.warnings - WARNINGS[validator]
    assert verdict.errors == []
    assert unknown == set(), "a warning that nobody has explained"


@pytest.mark.parametrize("validator", VALIDATORS)
def test_known_warnings_are_seen(verdicts, validator):
    seen = set().union(*(verdicts(name, validator).warnings for name, each in PAIRS if each == validator))
    assert WARNINGS[validator] - seen == set(), "these are gone: take them from the list, and from docs/oscal-validators.md"


@pytest.mark.parametrize("validator", VALIDATORS)
def test_known_warnings_are_explained(validator):
    text = (REPOSITORY / "docs/oscal-validators.md").read_text("utf-8")
    assert [warning for warning in WARNINGS[validator] if f"`{warning}`" not in text] == []


def test_packages_are_what_they_are_named(packages):
    """So that what was validated is what was meant."""
    def results(name):
        (result,) = load(packages(name), "assessment-results")["results"]
        return result

    def items(name):
        return len(results(name)["local-definitions"].get("inventory-items", []))

    assert (items("0-keys"), items("1-key"), items("5000-keys")) == (0, 1, 5000)
    for name in ("hostile", "denied-last-use", "denied-some-keys", "denied-all", "expired-midway"):
        assert "other" in {finding["target"]["status"]["reason"] for finding in results(name)["findings"]}, name
    assert {risk["status"] for risk in results("exceptions")["risks"]} == {"open", "deviation-approved"}
    imported = {name: [one["href"] for one in load(packages(name), "profile")["imports"]] for name in MADE}
    assert imported["framework-cis-only"] == ["./index-catalog.json"]
    assert len(imported["framework-nist-only"]) == 1 and imported["framework-nist-only"][0].startswith("https://")
    for name, frameworks in {"own-framework": {"house.rules_2"}, "frameworks-all": set(FRAMEWORKS[1:])}.items():
        assert frameworks <= {group["id"] for group in load(packages(name), "index-catalog")["groups"]}


@pytest.mark.parametrize("name", NAMES)
def test_documents_state_the_version_that_was_asked_for(packages, name):
    stated = {load(packages(name), path.stem)["metadata"]["oscal-version"] for path in documents(packages(name))}
    assert stated == {name.removeprefix("version-") if name.startswith("version-") else "1.2.1"}


def test_versions_differ_in_nothing_else(packages):
    def text(version, path):
        text = path.read_text("utf-8").replace(f'"oscal-version": "{version}"', '"oscal-version": ""')
        # Each was collected by itself.
        return re.sub(r'"last-modified": "[^"]*"', "", text)

    for path in documents(packages("version-1.2.1")):
        if path.stem != "assessment-results":  # it has the digests of the others
            assert {text(version, packages(f"version-{version}") / path.name) for version in VERSIONS} == {text("1.2.1", path)}


# --- The validators would object ----------------------------------------------------------------------------------------------------


@pytest.fixture
def damaged(packages, tmp_path):
    """Copies a small package and changes one document of it."""
    def damage(name, change):
        folder = tmp_path / "damaged"
        shutil.copytree(packages("1-key"), folder)
        document = json.loads((folder / f"{name}.json").read_text("utf-8"))
        (content,) = document.values()
        change(content)
        (folder / f"{name}.json").write_text(json.dumps(document), "utf-8")
        return folder
    return damage


def state_of_its_own(results):
    results["results"][0]["findings"][0]["target"]["status"]["state"] = "partial"


def bad_uuid(document):
    document["uuid"] = "not-a-uuid"


def no_title(document):
    del document["metadata"]["title"]


def nobody(document):
    document["metadata"]["responsible-parties"][0]["party-uuids"] = ["6a1e4d5f-5d0c-4c3b-9a55-0a4f4a3b2c1d"]


def another_control(profile):
    profile["imports"][1]["include-controls"][0]["with-ids"] = ["cc6.2"]


def link_to_nowhere(document):
    document["metadata"]["links"] = [{"href": "#6a1e4d5f-5d0c-4c3b-9a55-0a4f4a3b2c1d"}]


def link_with_a_space(document):
    document["metadata"]["links"] = [{"href": "a\\b c"}]


def twice(results):
    results["results"][0]["observations"].append(results["results"][0]["observations"][0])


def nowhere(document):
    next(value for key, value in document.items() if key.startswith("import-"))["href"] = "./no-such.json"


def prop_without_namespace(results):
    results["results"][0]["observations"][0]["props"][0].pop("ns")


OBJECTIONS = [
    ("check-jsonschema", "assessment-results", state_of_its_own, "'partial' is not one of"),
    ("check-jsonschema", "assessment-plan", bad_uuid, "not-a-uuid"),
    ("oscal-validate", "assessment-results", twice, "UUID_NOT_UNIQUE"),
    ("oscal-validate", "profile", no_title, "REQUIRED_PROPERTY_MISSING"),
    ("oscal-validate-complete", "ssp", nobody, "REFERENCE_UNRESOLVED"),
    ("oscal-validate-complete", "profile", another_control, "cc6.2"),
    ("compliance-trestle", "assessment-plan", no_title, "title"),
    ("compliance-trestle", "assessment-results", twice, "uplicate"),
    ("compliance-trestle", "ssp", nowhere, "no-such.json"),
    ("oscal", "profile", bad_uuid, "not-a-uuid"),
    ("oscal", "assessment-plan", no_title, "missing-required"),
    ("oscal", "assessment-results", prop_without_namespace, "allowed-values"),
    ("oscal", "assessment-results", nowhere, "no-such.json"),
]


@pytest.mark.parametrize(("validator", "name", "change", "expected"), OBJECTIONS, ids=lambda value: getattr(value, "__name__", value))
def test_damage_is_found(damaged, validator, name, change, expected):
    errors = VALIDATORS[validator](damaged(name, change)).errors
    assert errors and expected in "\n".join(errors)


@pytest.mark.parametrize(
    ("validator", "name", "change", "expected"),
    [
        ("oscal-validate", "ssp", nobody, "UNVERIFIABLE REFERENCE_UNVERIFIABLE ."),
        ("compliance-trestle", "assessment-results", link_to_nowhere, "Model references N uuids and N of them are not in resources."),
        ("oscal", "profile", link_with_a_space, "Repaired non-conformant uri-reference"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_another_warning_is_noticed(damaged, validator, name, change, expected):
    assert expected in "\n".join(VALIDATORS[validator](damaged(name, change)).warnings - WARNINGS[validator])


@pytest.mark.parametrize("validator", ["compliance-trestle", "oscal"])
def test_nothing_is_fetched(packages, tmp_path, validator):
    """The package as it is leads to NIST's catalog, and whoever follows it here gets no further."""
    package = packages("1-key")
    commands = {
        "compliance-trestle": [["init"], ["import", "-f", package / "ssp.json", "-o", "ssp"]], "oscal": [[package / "profile.json"]],
    }
    # trestle looks for the profile where it runs.
    shutil.copytree(package, tmp_path / "workspace")
    code, said = drive(validator.removeprefix("compliance-"), commands[validator], tmp_path / "workspace")[-1]
    assert code == 1 and "tests fetch nothing" in said
