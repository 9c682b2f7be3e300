"""Policy, exceptions and crosswalk as an auditor checks them: by the files of the bundle alone, with a second implementation of the
rules, written from the documentation. Nothing here knows how KeyWitness does it."""

import hashlib
import json
import re
import shutil
import subprocess
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

import pytest
import yaml

from programs import ACCESS_KEY, BINARIES, DEADLINE, SCHEMAS, SECRET_KEY, collect, environment, served
from test_schemas import complaints
from validators import nist_schema, run

GENERATED = {"typical": "users=150,seed=11", "messy": "users=150,keys=1.4,seed=12,profile=messy", "hostile": "users=120,seed=13,profile=hostile"}

POLICY = {
    "name": "second-opinion", "extends": "default", "owner_tags": ["Owner", "team"],
    "levels": {"high": {"never_used_age": 60, "idle": 75}, "medium": {"idle": 50, "age": 45}},
    "limits": {"last_used": 75, "key_age": 120, "rotation_overlap": 30, "inactive_grace": 40},
    "inactive_keys": {"at_most": "medium"},
    "overrides": [
        {"name": "services", "match": {"users": ["svc-*", "*-deploy", "?????"]}, "limits": {"key_age": 365, "last_used": 20}},
        {"name": "tagged", "match": {"tags": {"OWNER": "p*"}}, "levels": {"low": {"age": 1}}, "limits": {"rotation_overlap": 0}},
    ],
}


def exceptions(users, asof):
    """Some of each kind, about users who are there, and about nobody."""
    def entry(number, subject, tests, start, end, **more):
        day = lambda days: (asof + timedelta(days=days)).strftime("%Y-%m-%d")
        return {
            "ticket": f"SEC-{number}", "subject": subject, "tests": tests, "kind": "accepted-risk", "owner": "platform@example.com",
            "approver": "ciso@example.com", "reason": "Agreed: 'until' the \"migration\" ends; see the ticket.", "created": day(start),
            "expires": day(end), **more,
        }
    with_keys = [user for user in users if user["access_keys"]]
    key = with_keys[0]["access_keys"][0]["access_key_id"]
    return [
        entry(1, {"key": key}, ["key-rotation", "unused-key"], -10, 30),
        entry(2, {"user": with_keys[1]["username"]}, ["key-rotation", "single-active-key", "identifier-assigned"], -300, -1),
        entry(3, {"users": ["*a*"]}, ["key-rotation"], -10, 10, kind="compensating-control"),
        entry(4, {"tags": {"owner": "*"}}, ["unused-key"], -10, 90),
        entry(5, {"user": "nobody-here"}, ["unused-key"], -10, 90),
        entry(6, {"user": with_keys[2]["username"]}, ["key-rotation", "unused-key"], -10, 90, approver=with_keys[2]["username"]),
        entry(7, {"user": with_keys[3]["username"]}, ["key-rotation"], 5, 90),
    ]


@pytest.fixture(scope="module", params=list(GENERATED))
def judged(request, tmp_path_factory):
    """An account, read twice: to see who is there, and then by policy and exceptions."""
    folder = tmp_path_factory.mktemp(request.param)
    with served(folder / "emulator", "--generate", GENERATED[request.param], "--key", f"{ACCESS_KEY}:{SECRET_KEY}") as emulator:
        first = collect(folder / "first", emulator.url)
        asof = datetime.fromisoformat(first.report["metadata"]["assessment_date"])
        (folder / "policy.yaml").write_text(yaml.safe_dump(POLICY, allow_unicode=True), "utf-8")
        (folder / "exceptions.yaml").write_text(
            yaml.safe_dump({"exceptions": exceptions(list(first.users.values()), asof)}, allow_unicode=True), "utf-8"
        )
        second = collect(
            folder / "second", emulator.url, "--policy", folder / "policy.yaml", "--exceptions", folder / "exceptions.yaml",
            "--as-of", first.report["metadata"]["assessment_date"],
        )
    assert second.code in (3, 4), second.stderr
    return second


def document(judged, path):
    return json.loads((judged.bundle / path).read_text("utf-8"))


# --- The second opinion -------------------------------------------------------------------------------------------------------------


def glob(pattern, name):
    return fnmatchcase(name, re.sub(r"([\[\]])", r"[\1]", pattern))


def path_of(arn):
    resource = arn.split(":", 5)[5]
    return resource[resource.index("/") : resource.rindex("/") + 1]


def fits(pattern, user):
    """Whether a pattern of a policy or an exception is about a user."""
    # The case of a key makes no difference in IAM.
    tags = {tag["key"].lower(): tag["value"] for tag in user["tags"]}
    return (
        ("users" not in pattern or any(glob(one, user["username"]) for one in pattern["users"]))
        and ("paths" not in pattern or any(glob(one, path_of(user["arn"])) for one in pattern["paths"]))
        and all(key.lower() in tags and glob(value, tags[key.lower()]) for key, value in pattern.get("tags", {}).items())
    )


def rules(policy, user):
    for override in policy["overrides"]:
        if fits(override["match"], user):
            merged = {name: {**policy[name], **override.get(name, {})} for name in ("levels", "limits", "inactive_keys", "due")}
            return override["name"], merged
    return None, policy


def days(start, end):
    return max(0, (datetime.fromisoformat(end) - datetime.fromisoformat(start)) // timedelta(days=1))


def level(key, age, idle, rules):
    found = "compliant"
    for name in ("critical", "high", "medium", "low"):
        band = rules["levels"].get(name, {})
        if (
            (key["never_used"] and age >= band.get("never_used_age", 1e9))
            or (idle is not None and idle >= band.get("idle", 1e9))
            or age >= band.get("age", 1e9)
        ):
            found = name
            break
    order = ["compliant", "low", "medium", "high", "critical"]
    if key["status"] != "Active":
        found = min(found, rules["inactive_keys"]["at_most"], key=order.index)
    return found.upper()


def key_tests(key, age, idle, limits):
    said = lambda days, limit: "not-satisfied" if days >= limit else "satisfied"
    if key["status"] == "Active":
        return {"unused-key": said(age if key["never_used"] else idle, limits["last_used"]), "key-rotation": said(age, limits["key_age"])}
    return {"inactive-key-removed": said(age if key["never_used"] else min(age, idle), limits["inactive_grace"])}


def due_date(key, level, tests, rules, asof):
    """The earliest of what was due at each level that the key has come to, and for the first of its failures."""
    created, used = key["created_date"], key["last_used_date"] or key["created_date"]
    start = {"age": created, "never_used_age": created, "idle": used}
    after = lambda instant, days: datetime.fromisoformat(instant) + timedelta(days=days)
    dates, urgent = [], key["status"] == "Active" and level in ("MEDIUM", "HIGH", "CRITICAL")
    worse = {"MEDIUM": ["medium"], "HIGH": ["medium", "high"], "CRITICAL": ["medium", "high", "critical"]}
    for name in worse[level] if urgent else []:
        reached = [
            after(start[kind], limit) for kind, limit in rules["levels"].get(name, {}).items()
            if days(start[kind], asof) >= limit and (kind == "age" or (kind == "never_used_age") == key["never_used"])
        ]
        if reached:
            dates.append(min(reached) + timedelta(days=rules["due"][name]))
    began = {"unused-key": (used, "last_used"), "key-rotation": (created, "key_age"), "inactive-key-removed": (max(created, used), "inactive_grace")}
    failed = [after(began[test][0], rules["limits"][began[test][1]]) for test, said in tests.items() if said == "not-satisfied"]
    if failed:
        own = "low" if urgent or level == "COMPLIANT" else level.lower()
        dates.append(min(failed) + timedelta(days=rules["due"][own]))
    return min(dates).strftime("%Y-%m-%dT%H:%M:%SZ") if dates else None


def user_tests(user, policy, limits, asof):
    tests = {}
    active = sorted(key["created_date"] for key in user["access_keys"] if key["status"] == "Active")
    if len(active) > 1:
        tests["single-active-key"] = "not-satisfied" if days(active[1], asof) >= limits["rotation_overlap"] else "satisfied"
    if user["access_keys"]:
        wanted = [tag.lower() for tag in policy["owner_tags"]]
        owned = any(tag["key"].lower() in wanted and tag["value"].strip() for tag in user["tags"])
        tests["identifier-assigned"] = "satisfied" if owned else "not-satisfied"
    return tests


def is_about(exception, user, key):
    subject = exception["subject"]
    if "key" in subject:
        return key is not None and subject["key"] == key["access_key_id"]
    return subject["user"] == user["username"] if "user" in subject else fits(subject, user)


def is_in_force(exception, user, asof):
    own = exception["approver"].lower() in (user["username"].lower(), user["arn"].lower())
    return exception["created"] <= asof < exception["expires"] and not own


def test_a_second_implementation_comes_to_the_same(judged):
    report, policy = judged.report, document(judged, "policy.json")
    listed, asof = document(judged, "exceptions.json")["exceptions"], report["metadata"]["assessment_date"]
    doubted = {(finding["username"], finding["access_key"]) for finding in report["data_findings"]}
    counts, excepted, dated = {}, 0, 0
    for user in report["analysis_results"]["user_analysis"]:
        name, own = rules(policy, user)
        known = [key for key in user["access_keys"] if key["last_used_determined"] and key["status"] in ("Active", "Inactive", "Expired")]
        for key in known:
            if (user["username"], key["access_key_id"]) in doubted:
                continue
            age, idle = days(key["created_date"], asof), None if key["never_used"] else days(key["last_used_date"], asof)
            assert key["risk_level"] == level(key, age, idle, own), key
            assert key.get("policy_override") == name, key
            found = {test["test"]: test["conclusion"] for test in key["control_tests"]}
            assert found == key_tests(key, age, idle, own["limits"]), key
            assert key["due_date"] == due_date(key, key["risk_level"], found, own, asof), key
            dated += key["due_date"] is not None
        if len(known) == len(user["access_keys"]) and not {(user["username"], key["access_key_id"]) for key in known} & doubted:
            found = {test["test"]: test["conclusion"] for test in user["control_tests"]}
            assert found == user_tests(user, policy, own["limits"], asof), user["username"]
        for key, tests in [(None, user["control_tests"]), *((key, key["control_tests"]) for key in user["access_keys"])]:
            for test in tests:
                holding = [
                    one for one in listed
                    if test["test"] in one["tests"] and is_about(one, user, key) and is_in_force(one, user, asof)
                ]
                holds = test["conclusion"] == "not-satisfied" and bool(holding)
                assert (test.get("exception", {}).get("state") == "in-force") is holds, (user["username"], test)
                if holds:
                    # The one that expires last; of equals `max` takes the first.
                    assert test["exception"]["ticket"] == max(holding, key=lambda one: one["expires"])["ticket"], (user["username"], test)
                excepted += holds
                count = counts.setdefault(test["test"], {"satisfied": 0, "failed": 0, "excepted": 0, "undetermined": 0})
                count[{"satisfied": "satisfied", "undetermined": "undetermined"}.get(test["conclusion"], "excepted" if holds else "failed")] += 1
    for test in report["control_tests"]:
        if test["scope"] in ("access-key", "iam-user"):
            expected = counts.get(test["test"], {"satisfied": 0, "failed": 0, "excepted": 0, "undetermined": 0})
            assert {part: test[f"subjects_{part}"] for part in expected} == expected
            assert test["fails_run"] is (expected["failed"] > 0)
    assert excepted == report["analysis_results"]["summary"]["excepted_failures"] > 0
    assert dated > 0


def test_what_owners_of_exceptions_should_know_is_reported(judged):
    notes = {(note["ticket"], note["kind"]) for note in judged.report["exceptions"]["notes"]}
    assert {("SEC-2", "expired"), ("SEC-3", "expires-soon"), ("SEC-5", "matches-nothing"), ("SEC-6", "self-approved")} <= notes
    assert ("SEC-7", "not-yet-in-force") in notes


# --- The files ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report", "manifest", "policy", "exceptions", "controls"])
def test_documents_of_the_bundle(judged, name):
    assert complaints(name, document(judged, f"{name}.json")) == []


def test_digests_name_the_files(judged):
    sums = dict(reversed(line.split("  ")) for line in (judged.bundle / "SHA256SUMS").read_text("ascii").splitlines())
    for metadata in (judged.report["metadata"], document(judged, "manifest.json")):
        assert metadata["policy"]["sha256"] == sums["policy.json"]
        assert metadata["exceptions"] == {"path": "exceptions.json", "sha256": sums["exceptions.json"]}


def test_oscal_has_the_exceptions_and_is_valid(judged, tmp_path):
    path = judged.bundle / "oscal/assessment-results.json"
    code, said = run("check-jsonschema", "--schemafile", nist_schema(), path, cwd=tmp_path)
    assert code == 0, said
    (result,) = json.loads(path.read_text("utf-8"))["assessment-results"]["results"]
    approved = [risk for risk in result["risks"] if risk["status"] == "deviation-approved"]
    assert approved
    for risk in approved:
        props = {prop["name"]: prop["value"] for prop in risk["props"]}
        assert props["exception"].startswith("SEC-") and props["exception-approver"] and props["exception-expires"] == risk["deadline"]
    for risk in result["risks"]:
        states = {prop.get("class") for prop in risk["props"] if prop["name"] == "exception"}
        assert risk["status"] == "open" or states == {"in-force"}


def test_the_same_files_give_the_same_bundle_policy(judged, tmp_path):
    """policy.json and exceptions.json are files that collect and policy take."""
    said = keywitness(tmp_path, "policy", "show", judged.bundle / "policy.json", "--format", "json")
    assert said.stdout == (judged.bundle / "policy.json").read_text("utf-8")
    said = keywitness(
        tmp_path, "policy", "check", judged.bundle / "policy.json", "--exceptions", judged.bundle / "exceptions.json", "--controls",
        judged.bundle / "controls.json",
    )
    # The crosswalk of the bundle has what is built in, and that can't be added again.
    assert said.returncode == 64 and "there is a framework 'nist-800-53-rev5' already" in said.stderr


# --- Built in, and bad files --------------------------------------------------------------------------------------------------------


def keywitness(folder, *arguments):
    return subprocess.run(
        [BINARIES / "keywitness", *map(str, arguments)], env=environment(folder), capture_output=True, text=True, encoding="utf-8",
        timeout=DEADLINE, cwd=folder,
    )


@pytest.mark.parametrize("path", sorted((SCHEMAS / "policies").glob("*.yaml")), ids=lambda path: path.stem)
def test_built_in_policies_are_their_files(path, tmp_path):
    assert complaints("policy", yaml.safe_load(path.read_text("utf-8"))) == []
    shown = keywitness(tmp_path, "policy", "show", path.stem)
    assert shown.stdout == path.read_text("utf-8") and shown.returncode == 0
    resolved = json.loads(keywitness(tmp_path, "policy", "show", path.stem, "--format", "json").stdout)
    assert complaints("policy", resolved) == []
    assert resolved == json.loads(keywitness(tmp_path, "policy", "show", path, "--format", "json").stdout)


EXCEPTION = {
    "ticket": "T", "subject": {"key": "AKIA"}, "tests": ["key-rotation"], "kind": "accepted-risk", "owner": "a", "approver": "b",
    "reason": "r", "created": "2026-01-01", "expires": "2026-02-01",
}


def without(name):
    return {key: value for key, value in EXCEPTION.items() if key != name}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("policy", {**POLICY, "name": "a b"}), ("policy", {**POLICY, "nam": "x"}), ("policy", {"levels": {}}),
        ("policy", {"name": "a", "limits": {"key_age": 0}}), ("policy", {"name": "a", "limits": {"key_age": "90"}}),
        ("policy", {"name": "a", "levels": {"high": {"idle": -1}}}), ("policy", {"name": "a", "levels": {"urgent": {"idle": 1}}}),
        ("policy", {"name": "a", "tests": ["no-such"]}), ("policy", {"name": "a", "tests": []}), ("policy", {"name": "a", "due": {"high": 1.5}}),
        ("policy", {"name": "a", "overrides": [{"name": "x", "match": {"users": ["a"]}}]}),
        ("policy", {"name": "a", "overrides": [{"name": "x", "match": {}, "limits": {}}]}),
        ("policy", {"name": "a", "overrides": [{"name": "x", "match": {"paths": ["x"]}, "limits": {"key_age": 1}}]}),
        ("policy", {"name": "a", "inactive_keys": {"at_most": "worst"}}), ("policy", {"name": "a", "exceptions": {"maximum_term": 0}}),
        ("policy", ["a"]), ("exceptions", {}), ("exceptions", []), ("exceptions", {"exceptions": None}),
        *(("exceptions", {"exceptions": [without(name)]}) for name in EXCEPTION),
        ("exceptions", {"exceptions": [{**EXCEPTION, "subject": {"key": "A", "user": "b"}}]}),
        ("exceptions", {"exceptions": [{**EXCEPTION, "subject": {}}]}), ("exceptions", {"exceptions": [{**EXCEPTION, "subject": {"root_user": False}}]}),
        ("exceptions", {"exceptions": [{**EXCEPTION, "tests": ["key-rotation"] * 2}]}), ("exceptions", {"exceptions": [{**EXCEPTION, "kind": "other"}]}),
        ("exceptions", {"exceptions": [{**EXCEPTION, "expires": "soon"}]}), ("exceptions", {"exceptions": [{**EXCEPTION, "reason": "a\nb"}]}),
    ],
)
def test_schema_and_program_refuse_the_same(kind, content, tmp_path):
    assert complaints(kind, content), "the schema takes it"
    path = tmp_path / "bad.yaml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    arguments = ["check", path] if kind == "policy" else ["check", "default", "--exceptions", path]
    said = keywitness(tmp_path, "policy", *arguments)
    assert said.returncode == 64 and re.search(r"bad\.yaml(:\d+)?: ", said.stderr), said.stderr
    # And nothing is asked of AWS before it is found: there is none at this address.
    asked = collect(tmp_path / "run", "http://127.0.0.1:9", f"--{kind}", path)
    assert asked.code == 64 and asked.bundle is None and "bad.yaml" in asked.stderr


def test_schema_and_program_take_the_same(tmp_path):
    assert complaints("policy", POLICY) == [] and complaints("exceptions", {"exceptions": [EXCEPTION]}) == []
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(POLICY), "utf-8")
    (tmp_path / "e.json").write_text(json.dumps({"exceptions": [EXCEPTION]}), "utf-8")
    assert keywitness(tmp_path, "policy", "check", "p.yaml", "--exceptions", "e.json").returncode == 0


@pytest.mark.parametrize("missing", ["none.yaml", "."])
def test_a_file_that_is_missing_or_none_is_an_error(missing, tmp_path):
    for option in ("--exceptions", "--policy", "--controls"):
        asked = collect(tmp_path / option, "http://127.0.0.1:9", option, missing)
        assert asked.code == 64 and asked.bundle is None and missing in asked.stderr


# --- Explain ------------------------------------------------------------------------------------------------------------------------


def test_every_user_is_explained_as_the_report_has_it(judged, tmp_path):
    report = judged.report
    users = [user for user in report["analysis_results"]["user_analysis"] if user["access_keys"]][:25]
    for user in users:
        said = keywitness(tmp_path, "explain", "--bundle", judged.bundle, "--", user["username"])
        assert said.returncode == 0, said.stderr
        for key in user["access_keys"]:
            assert f"Access key {key['access_key_id']}: {key['risk_level']}\n" in said.stdout
            for test in key["control_tests"]:
                assert re.search(rf"{test['test']} +{test['conclusion']}: ", said.stdout)


def test_explain_sees_a_report_that_was_changed(judged, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(judged.bundle, copy)
    text = (copy / "report.json").read_text("utf-8")
    name = next(user["username"] for user in judged.users.values() for key in user["access_keys"] if key["risk_level"] == "CRITICAL")
    (copy / "report.json").write_text(re.sub('"risk_level": ?"CRITICAL"', '"risk_level": "LOW"', text), "utf-8")
    said = keywitness(tmp_path, "explain", "--bundle", copy, "--", name)
    assert said.returncode == 5
    assert "report.json: not what SHA256SUMS has" in said.stderr and "than its own facts and policy.json come to" in said.stderr


def test_explain_sees_a_status_that_was_changed_with_its_checksum(judged, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(judged.bundle, copy)
    text = (copy / "report.json").read_text("utf-8")
    changed = re.sub('"overall_status": ?"[A-Z_]+"', '"overall_status": "COMPLIANT"', text)
    assert changed != text
    (copy / "report.json").write_text(changed, "utf-8")
    sums = (copy / "SHA256SUMS").read_text("ascii")
    old, new = (hashlib.sha256(content.encode("utf-8")).hexdigest() for content in (text, changed))
    (copy / "SHA256SUMS").write_text(sums.replace(old, new), "ascii")
    said = keywitness(tmp_path, "explain", "--bundle", copy, "--", next(iter(judged.users)))
    assert said.returncode == 5 and "SHA256SUMS" not in said.stderr
    assert "report.json says something else of the account than its own facts and policy.json come to" in said.stderr
