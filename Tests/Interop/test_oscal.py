"""The OSCAL documents: what the validators of test_validators.py don't check."""

import hashlib
import json
import uuid

import pytest

# The objectives and statements that findings may be about: NIST SP 800-53 Rev. 5's own ids, and our index of SOC 2.
OBJECTIVES = ["ac-2.3_obj", "ac-2.3_obj.d", "ac-6_obj", "ia-4_obj", "ia-4_obj.d", "ia-5_obj", "ia-5_obj.f"]
TARGETS = {**dict.fromkeys(OBJECTIVES, "objective-id"), "cc6.1_smt": "statement-id"}


@pytest.fixture
def results(collected):
    return json.loads((collected.bundle / "oscal/assessment-results.json").read_text("utf-8"))["assessment-results"]


@pytest.fixture
def result(results):
    (only,) = results["results"]
    return only


def everything(node, path="$"):
    """Every object in a document, with its place."""
    if isinstance(node, dict):
        yield path, node
        for name, child in node.items():
            yield from everything(child, f"{path}.{name}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from everything(child, f"{path}[{index}]")


def values(node, name):
    return [(path, found[name]) for path, found in everything(node) if name in found]


def props(holder, name):
    return [prop["value"] for prop in holder.get("props", []) if prop["name"] == name]


def uuids(items):
    return {item["uuid"] for item in items}


def findings_of_keys(result):
    return [finding for finding in result["findings"] if props(finding, "scope") == ["access-key"]]


# --- References ---------------------------------------------------------------------------------------------------------------------


def test_the_documents_lead_to_one_another(collected):
    def read(name):
        return json.loads((collected.bundle / f"oscal/{name}.json").read_text("utf-8"))

    results, plan = read("assessment-results")["assessment-results"], read("assessment-plan")["assessment-plan"]
    ssp, profile = read("ssp")["system-security-plan"], read("profile")["profile"]
    catalog = read("index-catalog")["catalog"]
    assert results["import-ap"]["href"] == "./assessment-plan.json"
    assert plan["import-ssp"]["href"] == "./ssp.json" and ssp["import-profile"]["href"] == "./profile.json"
    imported = {control for one in profile["imports"] for part in one["include-controls"] for control in part["with-ids"]}
    reviewed = {
        control["control-id"] for part in plan["reviewed-controls"]["control-selections"] for control in part["include-controls"]
    }
    required = {requirement["control-id"] for requirement in ssp["control-implementation"]["implemented-requirements"]}
    assert imported == reviewed == required
    indexed = {control["id"]: {part["id"] for part in control["parts"]} for group in catalog["groups"] for control in group["controls"]}
    assert indexed == {"cc6.1": {"cc6.1_smt"}}
    (nist,) = [one for one in profile["imports"] if one["href"].startswith("https://")]
    assert {control for part in nist["include-controls"] for control in part["with-ids"]} == imported - {"cc6.1"}
    tests = [test["test"] for test in collected.report["control_tests"]]
    assert [props(activity, "control-test") for activity in plan["local-definitions"]["activities"]] == [[test] for test in tests]
    activities = {activity["uuid"] for activity in plan["local-definitions"]["activities"]}
    for task in plan["tasks"]:
        assert {one["activity-uuid"] for one in task["associated-activities"]} == activities


def test_uuids_are_unique(results):
    found = [uuid for _, uuid in values(results, "uuid")]
    assert sorted(found) == sorted(set(found))


def test_references_resolve(results, result):
    local = result["local-definitions"]
    tools = uuids(local["assessment-assets"]["components"])
    components = uuids(local["components"]) | tools
    items = uuids(local.get("inventory-items", []))
    known = {
        "observation-uuid": uuids(result["observations"]), "risk-uuid": uuids(result.get("risks", [])),
        "component-uuid": components, "actor-uuid": tools,
    }
    for name, targets in known.items():
        dangling = [(path, uuid) for path, uuid in values(results, name) if uuid not in targets]
        assert dangling == [], name
    assert values(results, "observation-uuid") and values(results, "component-uuid") and values(results, "actor-uuid")
    for path, subject in everything(results):
        if "subject-uuid" in subject:
            assert subject["subject-uuid"] in {"component": components, "inventory-item": items}[subject["type"]], path
    parties = uuids(results["metadata"]["parties"])
    roles = {role["id"] for role in results["metadata"]["roles"]}
    for party in results["metadata"]["responsible-parties"]:
        assert set(party["party-uuids"]) <= parties and party["role-id"] in roles


def test_links_resolve(collected, results):
    resources = uuids(results["back-matter"]["resources"])
    links = values(results, "href")
    assert links
    for path, href in links:
        if href.startswith("#"):
            assert href[1:] in resources, path
        else:
            assert (collected.bundle / "oscal" / href).resolve().is_relative_to(collected.bundle.resolve()), path
            assert (collected.bundle / "oscal" / href).is_file(), path


def test_linked_files_have_the_digests_that_are_given(collected, results):
    links = [link for resource in results["back-matter"]["resources"] for link in resource.get("rlinks", [])]
    assert links
    for link in links:
        content = (collected.bundle / "oscal" / link["href"]).read_bytes()
        assert {"algorithm": "SHA-256", "value": hashlib.sha256(content).hexdigest()} in link["hashes"], link["href"]


# --- Meaning ------------------------------------------------------------------------------------------------------------------------


def test_targets_exist_in_the_catalogs(result):
    for finding in result["findings"]:
        assert TARGETS[finding["target"]["target-id"]] == finding["target"]["type"]
    whole = [finding["target"]["target-id"] for finding in result["findings"] if props(finding, "scope") == ["control"]]
    assert sorted(whole) == sorted(TARGETS), "one finding for each objective"


def test_reviewed_controls_are_those_of_the_findings(result):
    selections = result["reviewed-controls"]["control-selections"]
    reviewed = [control["control-id"] for selection in selections for control in selection["include-controls"]]
    assert len(reviewed) == len(set(reviewed))
    assert set(reviewed) == {control for finding in result["findings"] for control in props(finding, "control-id")}


def test_every_finding_about_a_key_leads_to_cc61_and_ia4(collected, result):
    findings = findings_of_keys(result)
    assert findings
    controls = {
        finding["target"]["target-id"]: props(finding, "control-id") for finding in result["findings"]
        if props(finding, "scope") == ["control"]
    }
    for finding in findings:
        assert {"cc6.1", "ia-4"} <= set(props(finding, "maps-to")), finding["title"]
        assert set(controls[finding["target"]["target-id"]]) <= set(props(finding, "maps-to")), finding["title"]
        assert len(props(finding, "maps-to")) == len(set(props(finding, "maps-to")))


def test_every_key_is_an_inventory_item(collected, result):
    items = [identifier for item in result["local-definitions"]["inventory-items"] for identifier in props(item, "access-key-id")]
    assert sorted(items) == sorted(collected.keys)


def test_items_and_risks_of_keys_have_the_uuids_that_anybody_can_work_out(collected, result):
    """As docs/auditor.md says, by another implementation of RFC 9562."""
    account = collected.report["metadata"]["account_id"]
    keywitness = uuid.UUID("6e3b1f52-8c0d-4e7a-9b41-d25c7710af36")

    def named(kind, identifier):
        return str(uuid.uuid5(uuid.uuid5(keywitness, f"{kind}\x1f{account}"), identifier))

    for item in result["local-definitions"]["inventory-items"]:
        (identifier,) = props(item, "access-key-id")
        assert item["uuid"] == named("inventory-item", identifier)
    for finding in findings_of_keys(result):
        (identifier,) = props(finding, "access-key-id")
        if finding["target"]["status"]["reason"] == "fail":
            assert [risk["risk-uuid"] for risk in finding["related-risks"]] == [named("risk", identifier)]


def verdict(conclusions):
    """State and reason of a finding that rests on these conclusions. OSCAL has no 'undetermined': what could not be read is not
    satisfied, for another reason than failing."""
    if "not-satisfied" in conclusions:
        return "not-satisfied", "fail"
    return ("not-satisfied", "other") if "undetermined" in conclusions else ("satisfied", "pass")


def targets_of_tests(report):
    """Which tests of the report bear on which objective."""
    targets = {}
    for test in report["control_tests"]:
        for control in test["controls"]:
            targets.setdefault(control["target"], []).append(test["test"])
    return targets


def said(finding):
    status = finding["target"]["status"]
    if status["reason"] == "other":
        assert "ndetermined" in status.get("remarks", "") + finding.get("remarks", ""), finding["title"]
    return status["state"], status["reason"]


def test_findings_about_keys_say_what_the_report_says(collected, result):
    # The target of a finding about a key is what its test decides directly, or else what it speaks to first; maps-to has the rest.
    direct = {
        test["test"]: sorted(test["controls"], key=lambda control: control["relationship"] != "direct")[0]["target"]
        for test in collected.report["control_tests"]
    }
    expected = {
        (identifier, direct[test["test"]]): verdict([test["conclusion"]])
        for identifier, key in collected.keys.items() for test in key["control_tests"]
    }
    found = {}
    for finding in findings_of_keys(result):
        (identifier,) = props(finding, "access-key-id")
        assert (identifier, finding["target"]["target-id"]) not in found, finding["title"]
        found[identifier, finding["target"]["target-id"]] = said(finding)
    assert found == expected


def test_a_control_fails_when_a_key_does_or_could(collected, result):
    conclusions = {test["test"]: test["conclusion"] for test in collected.report["control_tests"]}
    targets = targets_of_tests(collected.report)
    # An objective holds only where its parts do.
    whole = {
        target: [test for other, tests in targets.items() if other == target or other.startswith(f"{target}.") for test in tests]
        for target in targets
    }
    expected = {target: verdict([conclusions[test] for test in tests]) for target, tests in whole.items()}
    found = {finding["target"]["target-id"]: said(finding) for finding in result["findings"] if props(finding, "scope") == ["control"]}
    assert found == expected


def test_findings_about_users_say_what_the_report_says(collected, result):
    found = {
        (*props(finding, "iam-user"), *props(finding, "control-test")): said(finding)
        for finding in result["findings"] if props(finding, "scope") == ["iam-user"]
    }
    assert found == {
        (name, test["test"]): verdict([test["conclusion"]]) for name, user in collected.users.items() for test in user["control_tests"]
    }


def test_findings_about_the_account_say_what_the_report_says(collected, result):
    whole = {test["test"]: test for test in collected.report["control_tests"] if test["scope"] in ("root-user", "account")}
    assert whole.keys() == {"root-key", "identifier-unique"}
    for finding in result["findings"]:
        if props(finding, "scope") in (["root-user"], ["account"]):
            (test,) = props(finding, "control-test")
            assert said(finding) == verdict([whole.pop(test)["verdict"]["conclusion"]])
    assert not whole


def test_every_key_that_fails_is_a_risk(collected, result):
    failing = {
        identifier for identifier, key in collected.keys.items()
        if "not-satisfied" in [test["conclusion"] for test in key["control_tests"]]
    }
    for finding in findings_of_keys(result):
        (identifier,) = props(finding, "access-key-id")
        if finding["target"]["status"]["reason"] == "fail":
            assert finding["related-risks"], finding["title"]
    assert len(result.get("risks", [])) >= len(failing)
