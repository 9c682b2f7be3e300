"""KeyWitness against somebody else's IAM: moto, filled and read by boto3. Every fact of the report has to be boto3's."""

import csv
from datetime import datetime, timezone
from types import SimpleNamespace

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from programs import ACCESS_KEY, SECRET_KEY, collect

USERS = 320  # more than three pages of IAM's default size, were moto to page
ODD_NAMES = ["svc+a@b", "=cmd", "-dash", "@at", "a.b,c_d-e", "x" * 64, "UPPER", ".."]


@pytest.fixture(scope="module")
def moto():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def client(url, service, key=ACCESS_KEY, secret=SECRET_KEY):
    return boto3.client(
        service, endpoint_url=url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )


def fill(url):
    """Users by the remainder of their number: without a key, with one, with two; every fifth has a password, every seventh key is
    Inactive, and a few keys have been used."""
    iam = client(url, "iam")
    names = ODD_NAMES + [f"svc-{number:04}" for number in range(USERS - len(ODD_NAMES))]
    used = []
    for number, name in enumerate(names):
        iam.create_user(UserName=name, Path="/service/" if number % 11 == 0 else "/")
        for _ in range(number % 3):
            key = iam.create_access_key(UserName=name)["AccessKey"]
            if number % 7 == 0:
                iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive")
            elif number % 50 == 1:
                client(url, "sts", key["AccessKeyId"], key["SecretAccessKey"]).get_caller_identity()
                used.append(key["AccessKeyId"])
        if number % 5 == 0:
            iam.create_login_profile(UserName=name, Password="Interop-1234-example")
    return used


def read(url):
    """What boto3 says about every user, by name, and every key, by id."""
    iam = client(url, "iam")
    users, keys = {}, {}
    for page in iam.get_paginator("list_users").paginate():
        for user in page["Users"]:
            users[user["UserName"]] = user
    for name, user in users.items():
        pages = iam.get_paginator("list_access_keys").paginate(UserName=name)
        user["keys"] = [key for page in pages for key in page["AccessKeyMetadata"]]
        for key in user["keys"]:
            key["use"] = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
            keys[key["AccessKeyId"]] = key
        try:
            iam.get_login_profile(UserName=name)
            user["console"] = True
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NoSuchEntity"
            user["console"] = False
    return users, keys


@pytest.fixture(scope="module")
def account(moto, tmp_path_factory):
    used = fill(moto)
    users, keys = read(moto)
    return SimpleNamespace(used=used, users=users, keys=keys, found=collect(tmp_path_factory.mktemp("moto"), moto))


def seconds(instant):
    """An instant as both sides write it: whole seconds, UTC."""
    if isinstance(instant, str):
        instant = datetime.fromisoformat(instant.replace("Z", "+00:00"))
    return instant.astimezone(timezone.utc).replace(microsecond=0)


def test_the_account_is_as_varied_as_the_test_wants(account):
    assert len(account.users) == USERS
    assert len(account.keys) > 300
    assert {len(user["keys"]) for user in account.users.values()} == {0, 1, 2}
    assert {key["Status"] for key in account.keys.values()} == {"Active", "Inactive"}
    assert {user["console"] for user in account.users.values()} == {True, False}
    assert account.used


def test_fresh_keys_are_no_finding_but_those_that_are_switched_off(account):
    assert account.found.code == 3, account.found.stderr
    assert [test["test"] for test in account.found.report["control_tests"] if test["fails_run"]] == ["inactive-key-removed"]
    assert account.found.report["completeness"]["complete"] is True
    assert account.found.report["compliance_assessment"]["overall_status"] == "COMPLIANT"


def test_standard_output_is_the_report(account):
    assert account.found.stdout == (account.found.bundle / "report.json").read_text("utf-8")


def test_users_are_boto3s(account):
    found = account.found.users
    assert found.keys() == account.users.keys()
    for name, user in account.users.items():
        said = found[name]
        assert said["user_id"] == user["UserId"]
        assert said["arn"] == user["Arn"]
        assert seconds(said["user_created"]) == seconds(user["CreateDate"])
        assert said["has_console_access"] is user["console"], name
        assert said["access_keys_listed"] is True
        assert said["key_count"] == len(user["keys"])
        assert {key["access_key_id"] for key in said["access_keys"]} == {key["AccessKeyId"] for key in user["keys"]}


def test_keys_are_boto3s(account):
    found = account.found.keys
    assert found.keys() == account.keys.keys()
    for identifier, key in account.keys.items():
        said = found[identifier]
        assert said["status"] == key["Status"]
        assert seconds(said["created_date"]) == seconds(key["CreateDate"])
        assert said["age_days"] == 0


def test_last_use_is_boto3s(account):
    found = account.found.keys
    for identifier, key in account.keys.items():
        said, use = found[identifier], key["use"]
        assert said["last_used_determined"] is True
        assert said["never_used"] is ("LastUsedDate" not in use), identifier
        if "LastUsedDate" in use:
            assert seconds(said["last_used_date"]) == seconds(use["LastUsedDate"])
            assert (said["last_used_service"], said["last_used_region"]) == (use["ServiceName"], use["Region"])
        else:
            assert said["last_used_date"] is None and said["days_since_last_used"] is None
    assert {identifier for identifier in found if not found[identifier]["never_used"]} == set(account.used)


def test_counts(account):
    counts = account.found.report["analysis_results"]["summary"]
    active = [key for key in account.keys.values() if key["Status"] == "Active"]
    assert counts["total_users"] == len(account.users)
    assert counts["users_with_keys"] == sum(1 for user in account.users.values() if user["keys"])
    assert counts["total_keys"] == len(account.keys)
    assert counts["inactive_keys"] == len(account.keys) - len(active)
    assert counts["never_used_keys"] == len(account.keys) - len(account.used)
    levels = ("critical_keys", "high_risk_keys", "medium_risk_keys", "low_risk_keys", "undetermined_keys")
    assert [counts[level] for level in levels] == [0] * 5
    calls = account.found.report["completeness"]["requests"]
    assert calls["GetAccessKeyLastUsed"] == len(account.keys)
    assert calls["GetLoginProfile"] == calls["ListAccessKeys"] == len(account.users)
    assert account.found.report["completeness"]["requests_total"] == sum(calls.values())


def test_csv_is_boto3s(account):
    with open(account.found.bundle / "keys.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["access_key_id"] for row in rows} == account.keys.keys()
    assert len(rows) == len(account.keys)
    for row in rows:
        key = account.keys[row["access_key_id"]]
        user = account.users[key["UserName"]]
        # A spreadsheet's formula is kept from being one by an apostrophe; the exact name is in the JSON report.
        assert row["username"] == ("'" if key["UserName"][0] in "=+-@" else "") + key["UserName"]
        assert row["status"] == key["Status"]
        assert seconds(row["created_date"]) == seconds(key["CreateDate"])
        assert row["has_console_access"] == str(user["console"]).lower()
        assert row["never_used"] == str("LastUsedDate" not in key["use"]).lower()
