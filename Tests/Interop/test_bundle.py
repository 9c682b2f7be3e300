"""The bundle as an auditor gets it: checked with stock tools, readable without KeyWitness, and free of secrets."""

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import stat
import subprocess
from urllib.parse import quote, quote_plus

import pytest

import accounts
from conftest import EXIT_CODES, TOKEN
from programs import (
    ACCESS_KEY, BINARIES, DEADLINE, FIXTURES, SECRET_KEY, clock, collect, environment, mock_iam, served,
)


def files(bundle):
    return {path.relative_to(bundle).as_posix(): path for path in bundle.rglob("*") if not path.is_dir()}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def exchanges(bundle):
    """The recording's entries by their number, without its manifest line."""
    entries = [json.loads(line) for line in (bundle / "raw/exchanges.jsonl").read_text("utf-8").splitlines()[1:]]
    return {entry["_seq"]: entry for entry in entries}


def test_exit_code(collected, fixture_name):
    assert collected.code == EXIT_CODES[fixture_name], collected.stderr
    assert collected.report["completeness"]["complete"] is (collected.code != 4)


def test_levels_are_those_of_the_fixtures_page(collected, fixture_name):
    """The generator of the fixtures works the levels out by itself, from the policy's table."""
    rows = [line.split("|") for line in (FIXTURES / fixture_name / "README.md").read_text("utf-8").splitlines() if "`AKIA" in line]
    expected = {row[3].strip(" `"): row[8].strip().upper() for row in rows}
    users = collected.report["analysis_results"]["user_analysis"]
    assert expected == {key["access_key_id"]: key["risk_level"] for user in users for key in user["access_keys"]}


# --- Integrity ----------------------------------------------------------------------------------------------------------------------


def test_sha256sum_agrees(collected):
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("there is no sha256sum")
    done = subprocess.run(
        [program, "--strict", "-c", "SHA256SUMS"], cwd=collected.bundle, capture_output=True, text=True, timeout=DEADLINE
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_sums_name_every_file_once_in_order(collected):
    text = (collected.bundle / "SHA256SUMS").read_text("ascii")
    listed = [line.split("  ", 1)[1] for line in text.splitlines()]
    assert listed == sorted(listed)
    assert set(listed) | {"SHA256SUMS"} == files(collected.bundle).keys()
    assert len(set(listed)) == len(listed)
    assert text.endswith("\n") and "\r" not in text


def test_manifest_describes_every_file(collected):
    manifest = json.loads((collected.bundle / "manifest.json").read_text("utf-8"))
    present = files(collected.bundle)
    described = {file["path"]: (file["size"], file["sha256"]) for file in manifest["files"]}
    # It can't hold its own digest, nor that of the sums which hold it.
    assert described.keys() == present.keys() - {"manifest.json", "SHA256SUMS"}
    for path, facts in described.items():
        assert facts == (present[path].stat().st_size, digest(present[path])), path


def test_nobody_else_may_read_it(collected):
    for path in [collected.bundle, *collected.bundle.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


# --- Secrets ------------------------------------------------------------------------------------------------------------------------


def spellings(secret):
    """A secret as it is, and as a form, a URL, JSON or base64 would hide it."""
    forms = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], secret.replace("/", "\\/")}
    return {form.encode() for form in forms} | {base64.b64encode(secret.encode()).rstrip(b"=")[:-1]}


def test_no_secret_is_written_anywhere(collected):
    texts = {name: path.read_bytes() for name, path in files(collected.bundle).items()}
    texts |= {"standard output": collected.stdout.encode(), "standard error": collected.stderr.encode()}
    for name, text in texts.items():
        for secret in (SECRET_KEY, TOKEN):
            assert not any(form in text for form in spellings(secret)), name
        for header in (b"authorization:", b'"authorization"', b"x-amz-security-token", b"aws4-hmac-sha256", b"signature="):
            assert header not in text.lower(), f"{header} in {name}"


def test_home_is_left_alone(collected):
    home = collected.bundle.parents[2] / "home"
    assert home.is_dir() and list(home.iterdir()) == []


# --- Tables -------------------------------------------------------------------------------------------------------------------------


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def cell(value):
    """A fact of report.json as a CSV cell has it."""
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


# What could not be read says so in a table, where null in the JSON report would be an empty cell, and an empty cell looks like "never".
LAST_USE = ("last_used_date", "days_since_last_used", "never_used", "last_used_service", "last_used_region")


def row(report, user, key):
    """A key's row by the names of its columns."""
    verdicts = key["control_tests"] + user["control_tests"]
    conclusions = {test["test"]: test["conclusion"] for test in verdicts}
    excepted = [test["test"] for test in verdicts if test.get("exception", {}).get("state") == "in-force"]
    columns = ["unused-key", "key-rotation", "inactive-key-removed", "single-active-key", "identifier-assigned"]
    row = {
        **key, "account_id": report["metadata"]["account_id"], "as_of": report["metadata"]["assessment_date"],
        "username": user["username"], "user_arn": user["arn"],
        "has_console_access": "undetermined" if user["has_console_access"] is None else user["has_console_access"],
        **{f"{test.replace('-', '_')}_test": conclusions.get(test, "not-applicable") for test in columns},
        "excepted_tests": " ".join(excepted),
        "policy_override": key.get("policy_override", ""),
        "access_key_slot": key.get("access_key_slot"),
        "last_used_source": (key["facts"]["last_use"] or {}).get("source"), "last_used_as_of": (key["facts"]["last_use"] or {}).get("as_of"),
    }
    if not key["last_used_determined"]:
        row.update(dict.fromkeys(LAST_USE, "undetermined"))
    return row


def test_keys_csv_is_the_reports_keys(collected):
    header, *rows = table(collected.bundle / "keys.csv")
    expected = [row(collected.report, user, key) for user in collected.users.values() for key in user["access_keys"]]
    assert len(rows) == len(expected) == collected.report["analysis_results"]["summary"]["total_keys"]
    for found, wanted in zip(rows, expected):
        for name, value in zip(header, found):
            if name == "issue":
                # Prose that for most keys only the tables have.
                assert value
            else:
                assert value == cell(wanted[name]), (wanted["access_key_id"], name)


ALL_TESTS = (
    "unused-key", "key-rotation", "inactive-key-removed", "single-active-key", "root-key", "identifier-unique", "identifier-assigned",
)


def test_summary_csv_is_the_reports_summary(collected):
    header, *rows = table(collected.bundle / "summary.csv")
    report = collected.report
    facts = {
        **report["analysis_results"]["summary"], **report["compliance_assessment"],
        "account_id": report["metadata"]["account_id"], "as_of": report["metadata"]["assessment_date"],
        "complete": report["completeness"]["complete"], "read_failures": len(report["completeness"]["failures"]),
        "policy": report["metadata"]["policy"]["name"],
    }
    has_keys = report["root_user"]["has_access_keys"]
    facts["root_has_access_keys"] = "undetermined" if has_keys is None else has_keys
    conclusions = {test["test"]: test["conclusion"] for test in report["control_tests"]}
    for test in ALL_TESTS:
        facts[f"{test.replace('-', '_')}_test"] = conclusions.get(test, "not-run")
    (found,) = [dict(zip(header, row)) for row in rows]
    rate, wanted = found.pop("compliance_rate"), facts["compliance_rate"]
    assert rate == "undetermined" if wanted is None else float(rate) == wanted
    assert found == {name: cell(facts[name]) for name in found}


@pytest.mark.parametrize("name", ["keys.csv", "summary.csv"])
def test_csv_is_one_table_that_runs_nothing(collected, name):
    header, *rows = table(collected.bundle / name)
    assert len(set(header)) == len(header)
    assert header not in rows
    assert {len(row) for row in rows} == {len(header)}
    assert not [value for row in rows for value in row if value[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_a_formula_is_neutralised_in_csv_and_exact_in_json(collections):
    demo = collections("demo-account")
    assert "=cmd-export" in demo.users
    assert "'=cmd-export" in [row[1] for row in table(demo.bundle / "keys.csv")]


# --- The recording ------------------------------------------------------------------------------------------------------------------


def test_exchanges_are_numbered_without_a_gap(collected):
    numbers = list(exchanges(collected.bundle))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == collected.report["completeness"]["requests_total"]


def test_bodies_have_the_digests_that_stand_beside_them(collected):
    for number, entry in exchanges(collected.bundle).items():
        if entry["response"]["status"]:
            assert hashlib.sha256(entry["response"]["content"]["text"].encode()).hexdigest() == entry["_sha256"], number


def test_evidence_of_a_key_names_the_key(collected):
    recorded = exchanges(collected.bundle)
    for user in collected.users.values():
        for key in user["access_keys"]:
            assert key["evidence_exchanges"]
            for number in key["evidence_exchanges"]:
                entry = recorded[number]
                answer = entry["response"]["content"]["text"]
                if entry["_op"] == "GetCredentialReport":
                    # It has no ids: user and creation date name the key.
                    row = report_row(answer, user["username"])
                    dates = [row[f"access_key_{slot}_last_rotated"][:19] + "Z" for slot in (1, 2)]
                    assert dates[key["access_key_slot"] - 1] == key["created_date"]
                elif entry["_op"] == "ListUserTags":
                    assert f"UserName={quote(user['username'])}" in entry["request"]["postData"]["text"]
                else:
                    assert key["access_key_id"] in entry["request"]["postData"]["text"] + answer
        for fact in user["facts"].values():
            if fact:
                assert recorded[fact["exchange"]]["_op"] == fact["source"]


# The list in a user's report, AWS's element for a member of it, and the element that tells members apart.
OPTIONAL_LISTS = {
    "tags": ("key", "Key"), "mfa_devices": ("id", "SerialNumber"), "signing_certificates": ("id", "CertificateId"),
    "ssh_public_keys": ("id", "SSHPublicKeyId"), "service_specific_credentials": ("id", "ServiceSpecificCredentialId"),
}


def test_lists_of_several_pages_name_each_page(tmp_path):
    """Whoever looks a list up in the recording finds all of it there, and in the order of the report."""
    account = tmp_path / "account.json"
    account.write_text(json.dumps(accounts.wide(12)), "utf-8")
    arguments = ["--key", f"{ACCESS_KEY}:{SECRET_KEY}", "--account", account, "--page-size", "3"]
    kinds = ["tags", "mfa-devices", "service-specific-credentials", "signing-certificates", "ssh-public-keys"]
    included = [argument for kind in kinds for argument in ("--include", kind)]
    with served(tmp_path, *arguments) as emulator:
        collected = collect(tmp_path, emulator.url, "--source", "live", "--as-of", accounts.instant(), *included)
    recorded = exchanges(collected.bundle)
    pages = 0
    for name, user in collected.users.items():
        for fact, (member, element) in OPTIONAL_LISTS.items():
            source = user["facts"][fact]
            numbers = [source["exchange"], *source.get("further_exchanges", [])]
            pages = max(pages, len(numbers))
            entries = [recorded[number] for number in numbers]
            assert {entry["_op"] for entry in entries} == {source["source"]}
            assert all(f"UserName={quote(name)}" in entry["request"]["postData"]["text"] for entry in entries)
            texts = [entry["response"]["content"]["text"] for entry in entries]
            assert ["<IsTruncated>true" in text for text in texts] == [True] * (len(texts) - 1) + [False]
            found = [value for text in texts for value in re.findall(f"<{element}>([^<]*)<", text)]
            assert sorted(found) == sorted(value[member] for value in user[fact]), f"{fact} of {name}"
        for key in user["access_keys"]:
            source = user["facts"]["tags"]
            assert set(key["evidence_exchanges"]) > {source["exchange"], *source.get("further_exchanges", [])}
    assert pages == 17  # of 50 tags
    results = (collected.bundle / "oscal/assessment-results.json").read_text("utf-8")
    for key in collected.keys.values():
        numbers = ", ".join(str(number) for number in key["evidence_exchanges"])
        assert f"exchanges with _seq {numbers}." in results
    done = subprocess.run(
        [BINARIES / "keywitness", "verify", "--recompute", collected.bundle], env=environment(tmp_path), capture_output=True,
        text=True, timeout=DEADLINE,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def report_row(answer, user):
    """A user's row of a credential report."""
    content = answer.split("<Content>")[1].split("</Content>")[0]
    (row,) = [row for row in csv.DictReader(io.StringIO(base64.b64decode(content).decode())) if row["user"] == user]
    return row


def test_failures_name_the_exchange_that_failed(collected):
    recorded = exchanges(collected.bundle)
    for failure in collected.report["completeness"]["failures"]:
        entry = recorded[failure["exchange"]]
        assert entry["_op"] == failure["operation"]


def test_recording_turns_into_a_har(collected):
    """What `jq -s '{log: {version: "1.2", creator: …, entries: .[1:]}}'` makes is HAR 1.2: its required fields are all there."""
    first, *entries = [json.loads(line) for line in (collected.bundle / "raw/exchanges.jsonl").read_text("utf-8").splitlines()]
    name, version = first["_recording"]["tool"].split()
    har = json.loads(json.dumps({"log": {"version": "1.2", "creator": {"name": name, "version": version}, "entries": entries}}))
    assert har["log"]["entries"]
    for entry in har["log"]["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= entry.keys()
        request, response = entry["request"], entry["response"]
        common = {"httpVersion", "cookies", "headers", "headersSize", "bodySize"}
        assert common | {"method", "url", "queryString", "postData"} <= request.keys()
        assert common | {"status", "statusText", "content", "redirectURL"} <= response.keys()
        assert {"send", "wait", "receive"} <= entry["timings"].keys()
        assert {"size", "mimeType"} <= response["content"].keys()
        assert request["cookies"] == response["cookies"] == []
        assert all(header.keys() == {"name", "value"} for header in request["headers"] + response["headers"])


def comparable(report):
    """A report without what another run may change: the moments at which it ran and the numbers of its exchanges."""
    moments = {"collection_started", "collection_ended", "evidence_exchanges", "exchange", "exchanges", "further_exchanges", "age_seconds", "clock_skew_seconds"}

    def without_moments(value):
        if isinstance(value, list):
            return [without_moments(element) for element in value]
        if not isinstance(value, dict):
            return value
        # When a call was made; that of the credential report is AWS's, and stays.
        left_out = moments | ({"as_of"} if value.get("source") != "GetCredentialReport" else set())
        return {name: without_moments(member) for name, member in value.items() if name not in left_out}

    return without_moments(report)


def test_a_bundle_replays_to_the_same_report(collected, tmp_path):
    with mock_iam(collected.bundle, tmp_path, "--repeat", "error") as emulator:
        again = collect(tmp_path / "run", emulator.url, "--as-of", clock(collected.bundle / "raw/exchanges.jsonl"))
    assert again.code == collected.code
    assert comparable(again.report) == comparable(collected.report)
