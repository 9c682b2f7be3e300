"""The emulator as others see it: boto3 and AWS CLI read a fixture from mock-iam, and both have to agree with KeyWitness's report."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from programs import ACCESS_KEY, DEADLINE, FIXTURES, SECRET_KEY, environment, mock_iam

FIXTURE = "demo-account"
AWS = Path(sys.executable).with_name("aws")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    with mock_iam(FIXTURES / FIXTURE, tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture(scope="module")
def puzzled(tmp_path_factory):
    """Another one, for the requests that have no answer: its log is not the readers' log."""
    with mock_iam(FIXTURES / FIXTURE, tmp_path_factory.mktemp("puzzled")) as running:
        yield running


def client(emulator, service):
    return boto3.client(
        service, endpoint_url=emulator.url, region_name="us-east-1", aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY, config=Config(retries={"total_max_attempts": 1}),
    )


def stamp(instant):
    """An instant as boto3 or as AWS CLI gives it, in the report's form."""
    if isinstance(instant, str):
        instant = datetime.fromisoformat(instant)
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def told(caller, users):
    """What one reader was told, in one form for all of them."""
    return {"account": caller["Account"], "caller": caller["Arn"], "users": {user["UserName"]: user for user in users}}


def fact_of_user(user, keys, console):
    return {
        "UserName": user["UserName"], "UserId": user["UserId"], "Arn": user["Arn"], "CreateDate": stamp(user["CreateDate"]),
        "PasswordLastUsed": stamp(user["PasswordLastUsed"]) if "PasswordLastUsed" in user else None, "console": console,
        "keys": {key["AccessKeyId"]: key for key in keys},
    }


def fact_of_key(key, use):
    used = use.get("LastUsedDate")
    return {
        "AccessKeyId": key["AccessKeyId"], "Status": key["Status"], "CreateDate": stamp(key["CreateDate"]),
        "used": stamp(used) if used else None, "service": use["ServiceName"] if used else None, "region": use["Region"] if used else None,
    }


@pytest.fixture(scope="module")
def boto3_told(emulator):
    iam = client(emulator, "iam")
    users = []
    for page in iam.get_paginator("list_users").paginate():
        for user in page["Users"]:
            keys = [
                fact_of_key(key, iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"])
                for page in iam.get_paginator("list_access_keys").paginate(UserName=user["UserName"])
                for key in page["AccessKeyMetadata"]
            ]
            try:
                iam.get_login_profile(UserName=user["UserName"])
                console = True
            except ClientError as error:
                assert error.response["Error"]["Code"] == "NoSuchEntity"
                console = False
            users.append(fact_of_user(user, keys, console))
    return told(client(emulator, "sts").get_caller_identity(), users)


def aws(emulator, home, *arguments):
    """AWS CLI's answer as JSON; None where it says NoSuchEntity."""
    done = subprocess.run(
        [sys.executable, AWS, *arguments, "--output", "json", "--endpoint-url", emulator.url, "--region", "us-east-1"],
        env=environment(home, AWS_PAGER="", AWS_MAX_ATTEMPTS="1"), capture_output=True, text=True, timeout=DEADLINE,
    )
    if done.returncode and "(NoSuchEntity)" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def cli_told(emulator, tmp_path_factory):
    home = tmp_path_factory.mktemp("aws-cli")

    def ask(*arguments):
        return aws(emulator, home, *arguments)

    def facts(user):
        # '=' in one word: a name may begin with a hyphen, or look like a file or a shorthand.
        name = f"--user-name={user['UserName']}"
        keys = [
            fact_of_key(key, ask("iam", "get-access-key-last-used", "--access-key-id", key["AccessKeyId"])["AccessKeyLastUsed"])
            for key in ask("iam", "list-access-keys", name)["AccessKeyMetadata"]
        ]
        return fact_of_user(user, keys, ask("iam", "get-login-profile", name) is not None)

    # Half a second of CPU per process, most of it Python's start.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        users = list(pool.map(facts, ask("iam", "list-users")["Users"]))
    return told(ask("sts", "get-caller-identity"), users)


@pytest.fixture(scope="module")
def keywitness_told(collections):
    report = collections(FIXTURE).report
    users = []
    for user in report["analysis_results"]["user_analysis"]:
        keys = [
            {
                "AccessKeyId": key["access_key_id"], "Status": key["status"], "CreateDate": key["created_date"],
                "used": key["last_used_date"], "service": key["last_used_service"], "region": key["last_used_region"],
            }
            for key in user["access_keys"]
        ]
        users.append({
            "UserName": user["username"], "UserId": user["user_id"], "Arn": user["arn"], "CreateDate": user["user_created"],
            "PasswordLastUsed": user["password_last_used"], "console": user["has_console_access"],
            "keys": {key["AccessKeyId"]: key for key in keys},
        })
    return told({"Account": report["metadata"]["account_id"], "Arn": report["metadata"]["caller_arn"]}, users)


def test_the_fixture_has_something_to_disagree_about(boto3_told):
    users = boto3_told["users"].values()
    assert len(users) >= 25
    assert {user["console"] for user in users} == {True, False}
    assert {key["Status"] for user in users for key in user["keys"].values()} == {"Active", "Inactive"}
    assert {key["used"] is None for user in users for key in user["keys"].values()} == {True, False}


def test_keywitness_agrees_with_boto3(keywitness_told, boto3_told):
    assert keywitness_told == boto3_told


def test_aws_cli_agrees_with_boto3(cli_told, boto3_told):
    assert cli_told == boto3_told


def test_readers_find_an_answer_to_every_request(emulator, boto3_told, cli_told):
    assert "no answer" not in emulator.log


def test_an_unknown_user_is_an_error_that_names_the_nearest(puzzled):
    with pytest.raises(ClientError) as raised:
        client(puzzled, "iam").list_access_keys(UserName="ci-deplox")
    error = raised.value.response["Error"]
    assert error["Code"] == "MockIAM.NoRecordedAnswer"
    assert "ListAccessKeys UserName=ci-deploy" in error["Message"]
    line = next(line for line in puzzled.log.splitlines() if "UserName=ci-deplox'" in line)
    assert "warning" in line and "Nearest: ListAccessKeys UserName=ci-deploy" in line


@pytest.mark.parametrize("service, operation", [("iam", "list_roles"), ("iam", "list_groups"), ("sts", "get_session_token")])
def test_an_unknown_operation_is_an_error_and_no_parse_failure(puzzled, service, operation):
    with pytest.raises(ClientError) as raised:
        getattr(client(puzzled, service), operation)()
    response = raised.value.response
    assert response["Error"]["Code"] == "MockIAM.NoRecordedAnswer"
    assert "ListUsers" in response["Error"]["Message"]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["ResponseMetadata"]["RequestId"]


def test_aws_cli_prints_the_emulators_error(puzzled, tmp_path):
    with pytest.raises(AssertionError, match="MockIAM.NoRecordedAnswer.*ListRoles"):
        aws(puzzled, tmp_path, "iam", "list-roles")


def test_the_fixtures_are_what_their_generator_writes():
    subprocess.run([sys.executable, FIXTURES / "generate.py", "--check"], check=True, timeout=DEADLINE)
