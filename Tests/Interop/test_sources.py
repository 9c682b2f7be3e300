"""What `keywitness collect` concludes from each source of facts, against what boto3 reads of the same account.

boto3 asks for every fact by a call of its own, with AWS's own client code: whatever way keywitness takes, it has to arrive at the same
users, keys, ages and last uses, and `auto` at the same verdicts as `live`.
"""

import base64
import csv
import io
import json
from datetime import datetime, timezone

import pytest

from emulated import client
from programs import ACCESS_KEY, SECRET_KEY, collect, served

CLOCK = "2026-11-22T20:45:00Z"
ACCOUNTS = {
    # A report of three hours ago, users that vanished since, keys made in the same second.
    "messy": f"users=80,keys=1.2,seed=11,profile=messy,clock={CLOCK}",
    # A report made for the run.
    "typical": f"users=80,keys=1.0,seed=5,profile=typical,clock={CLOCK}",
}


def days(start):
    return max(0, int((datetime.fromisoformat(CLOCK) - start).total_seconds() // 86_400))


def read_by_boto3(url):
    """Every key by its id: user, status, age, and days since the last use."""
    iam = client(url, "iam", ACCESS_KEY, SECRET_KEY)
    keys = {}
    for page in iam.get_paginator("list_users").paginate():
        for user in page["Users"]:
            try:
                own = iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"]
            except iam.exceptions.NoSuchEntityException:
                continue
            for key in own:
                use = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
                used = use.get("LastUsedDate")
                keys[key["AccessKeyId"]] = (user["UserName"], key["Status"], days(key["CreateDate"]), used and days(used))
    return keys


@pytest.fixture(scope="module", params=ACCOUNTS)
def account(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)

    def run(name, *arguments):
        # A server of its own each: a report that one run has made is another's cached one.
        with served(folder / name, "--generate", ACCOUNTS[request.param], "--key", f"{ACCESS_KEY}:{SECRET_KEY}") as emulator:
            return collect(folder / name / "run", emulator.url, "--as-of", CLOCK, *arguments)

    runs = {source: run(source, "--source", source) for source in ("auto", "live", "report")}
    runs["without ids"] = run("without", "--source", "report", "--without-key-ids")
    with served(folder / "boto3", "--generate", ACCOUNTS[request.param], "--key", f"{ACCESS_KEY}:{SECRET_KEY}") as emulator:
        runs["boto3"] = read_by_boto3(emulator.url)
    return runs


def facts(run):
    return {
        identifier: (user["username"], key["status"], key["age_days"], key["days_since_last_used"])
        for user in run.users.values() for key in user["access_keys"] for identifier in [key["access_key_id"]]
    }


def verdicts(run):
    return {
        identifier: (key["risk_level"], [(test["test"], test["conclusion"]) for test in key["control_tests"]])
        for identifier, key in run.keys.items()
    }


def test_live_reads_what_boto3_reads(account):
    assert account["live"].report["completeness"]["complete"]
    assert facts(account["live"]) == account["boto3"]


def test_auto_has_the_same_keys_and_comes_to_the_same_verdicts(account):
    auto, live = account["auto"], account["live"]
    assert auto.code == live.code
    assert verdicts(auto) == verdicts(live)
    assert auto.report["compliance_assessment"] == live.report["compliance_assessment"]
    # By fewer calls.
    assert auto.report["completeness"]["requests_total"] < live.report["completeness"]["requests_total"] / 2


def test_what_auto_took_from_the_report_stands_in_the_report(account):
    """Every last use that auto didn't ask for is the one of AWS's CSV, read here by Python's csv module."""
    bundle, found = account["auto"].bundle, 0
    rows = credential_report(bundle)
    for user in account["auto"].users.values():
        for key in user["access_keys"]:
            source = key["facts"]["last_use"]
            if source["source"] != "GetCredentialReport":
                continue
            row = rows[user["username"]]
            slot = key["access_key_slot"]
            assert row[f"access_key_{slot}_last_rotated"] == key["created_date"]
            used = row[f"access_key_{slot}_last_used_date"]
            assert used == (key["last_used_date"] or "N/A")
            found += 1
    assert found


def credential_report(bundle):
    for line in (bundle / "raw/exchanges.jsonl").read_text("utf-8").splitlines()[1:]:
        entry = json.loads(line)
        if entry["_op"] == "GetCredentialReport" and entry["response"]["status"] == 200:
            content = entry["response"]["content"]["text"].split("<Content>")[1].split("</Content>")[0]
            return {row["user"]: row for row in csv.DictReader(io.StringIO(base64.b64decode(content).decode()))}
    raise AssertionError("no credential report was recorded")


def test_the_report_alone_takes_four_calls_and_is_of_when_it_was_made(account):
    run = account["without ids"]
    completeness = run.report["completeness"]
    requests = completeness["requests"]
    # AWS says "in progress" as often as it likes.
    assert requests.pop("GetCredentialReport") >= 1
    assert requests == {"GetCallerIdentity": 1, "GenerateCredentialReport": 1, "GetAccountSummary": 1}
    generated = completeness["credential_report"]["generated_time"]
    for user in run.users.values():
        assert user["user_id"] is None
        for key in user["access_keys"]:
            assert key["access_key_id"] is None and key["access_key_slot"] in (1, 2)
            assert key["facts"]["status"]["as_of"] == key["facts"]["last_use"]["as_of"] == generated
    rows = credential_report(run.bundle)
    assert set(run.users) == set(rows) - {"<root_account>"}


def test_every_note_on_the_population_is_explained(account):
    for source in ("auto", "live"):
        notes = account[source].report["completeness"]["population_notes"]
        assert all(note["explained"] and note["exchanges"] for note in notes), notes
        generated = datetime.fromisoformat(account[source].report["completeness"]["credential_report"]["generated_time"])
        if generated < datetime(2026, 11, 22, 20, 0, tzinfo=timezone.utc):
            assert notes, "an account that changed since the report leaves notes"
