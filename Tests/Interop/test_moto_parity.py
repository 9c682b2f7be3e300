"""The same account in moto and in mock-iam, read by the same boto3 code: every answer is equal, but for what two tables name.

Each entry of the tables has to be seen, so that none outlives a change of moto's or of the emulator's. docs/mock-iam-and-moto.md has
the same entries for people."""

import csv
import io
import json
import re
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from moto.server import ThreadedMotoServer

import seeding
from emulated import Control, call, client
from programs import REPOSITORY, served
from test_errors import LIST_USERS, send
from test_fidelity import OF_A_USER, web_identity

USERS = seeding.users()
# What tells the elements of a list apart.
IDENTITIES = ["AccessKeyId", "SerialNumber", "CertificateId", "SSHPublicKeyId", "Key", "UserName"]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """moto and mock-iam with the same account, and the key of a user who may ask both."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        url = "http://{}:{}".format(*server.get_host_and_port())
        # All servers of a process share one account, and other tests have been there.
        urllib.request.urlopen(f"{url}/moto-api/reset", b"").close()
        document = seeding.document(seeding.fill_moto(client(url, "iam")))
        folder = tmp_path_factory.mktemp("parity")
        file = folder / "account.json"
        file.write_text(json.dumps(document), "utf-8")
        (key,) = [key for user in document["users"] if user["name"] == seeding.READER for key in user["keys"]]
        with served(folder, "--account", file) as emulator:
            yield SimpleNamespace(moto=url, mock=emulator.url, document=document, key=(key["id"], key["secret"]))
    finally:
        server.stop()


# MARK: Answers

def questions(document):
    yield "sts", "GetCallerIdentity", {}
    for name, parameters in [
        ("ListUsers", {"MaxItems": 1000}), ("ListUsers", {"PathPrefix": "/team/"}), ("ListUsers", {"PathPrefix": "/nobody/"}),
        ("GetAccountAuthorizationDetails", {"Filter": ["User"], "MaxItems": 1000}), ("GetAccountSummary", {}), ("ListAccountAliases", {}),
        ("GetUser", {}),
    ]:
        yield "iam", name, parameters
    named = [name for name in USERS if not name.startswith("more-")]
    for name in [*named, "more-007", "nobody"]:
        for operation in [*OF_A_USER, "GetLoginProfile"]:
            if operation != "ListServiceSpecificCredentials":
                yield "iam", operation, {"UserName": name}
    for user in document["users"]:
        for key in user["keys"]:
            yield "iam", "GetAccessKeyLastUsed", {"AccessKeyId": key["id"]}
            yield "sts", "GetAccessKeyInfo", {"AccessKeyId": key["id"]}
    yield "iam", "GetAccessKeyLastUsed", {"AccessKeyId": "AKIANOSUCHKEY0000000"}
    yield "iam", "GetCredentialReport", {}
    for _ in range(3):
        yield "iam", "GenerateCredentialReport", {}
    yield "iam", "GetCredentialReport", {}


def told(asking, operation, parameters):
    """An answer in a form that can be compared: without what belongs to the request, an error by status, code and message."""
    try:
        answer = call(asking, operation, **parameters)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return {"error": {"status": status, **error.response["Error"]}}
    del answer["ResponseMetadata"]
    if operation == "GetCredentialReport":
        text = answer.pop("Content").decode()
        answer["ends with a line feed"] = text.endswith("\n")
        header, *rows = csv.reader(io.StringIO(text))
        answer["columns"] = header
        answer["rows"] = [
            {"UserName": row[0], **(dict(zip(header[1:], row[1:])) if len(row) == len(header) else {"fields": len(row)})} for row in rows
        ]
    return answer


def differences(moto, mock, path=""):
    """Where two answers differ, with both values. Elements of lists are told apart by what they are called, and so is their order."""
    if isinstance(moto, dict) and isinstance(mock, dict):
        for name in sorted({*moto, *mock}):
            yield from differences(moto.get(name), mock.get(name), f"{path}.{name}")
        return
    identity = next((name for name in IDENTITIES for value in (moto, mock) if isinstance(value, list) and value and name in value[0]), None)
    if identity and isinstance(moto, list) and isinstance(mock, list):
        ours, theirs = ({element[identity]: element for element in side} for side in (mock, moto))
        assert len(ours) == len(mock) and len(theirs) == len(moto), path
        if [name for name in theirs if name in ours] != [name for name in ours if name in theirs]:
            yield f"{path} in order", list(theirs), list(ours)
        for name in {**ours, **theirs}:
            yield from differences(theirs.get(name), ours.get(name), f"{path}[{name}]")
        return
    if instant(moto) and instant(mock) and moto != mock and moto.replace("+00:00", "Z") == mock.replace("+00:00", "Z"):
        yield f"{path} as text", moto, mock
    elif moto != mock:
        yield path, moto, mock


@dataclass
class Row:
    """A difference that is meant: a pattern of operation and path, the two values, and why."""

    where: str
    moto: object
    mock: object
    why: str

    def covers(self, where, moto, mock):
        def fits(wanted, value):
            return wanted(value) if callable(wanted) else wanted == value

        return re.fullmatch(self.where, where) and fits(self.moto, moto) and fits(self.mock, mock)


def anything(value):
    return True


def instant(value):
    return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)", value))


def same_users(value):
    return len(value) > 100


ANSWERS = {
    "users in order of their names": Row(
        r"(ListUsers|GetAccountAuthorizationDetails)\.(Users|UserDetailList) in order|GetCredentialReport\.rows in order", same_users,
        lambda value: value == sorted(value, key=lambda name: (name.lower(), name)), "moto lists users in the order in which they were made",
    ),
    "how instants end in reports": Row(
        r"GetCredentialReport\.rows\[.*\]\.\w+ as text", lambda text: text.endswith("+00:00"), lambda text: text.endswith("Z"),
        "moto writes them as AWS did until about 2021",
    ),
    "tags in order of their keys": Row(
        r"ListUserTags\.Tags in order", ["b", "a"], ["a", "b"], "ListUserTags sorts by key, as its page says; moto keeps the order",
    ),
    "IsTruncated in every list": Row(
        r"(ListAccessKeys|ListSigningCertificates|ListSSHPublicKeys|ListAccountAliases)\.IsTruncated", None, False,
        "moto leaves it out where it never pages",
    ),
    "when a password was made": Row(
        r"GetLoginProfile\.LoginProfile\.CreateDate", anything, anything,
        "a password has a date of its own; moto gives the user's",
    ),
    "the words of errors": Row(
        r"\w+\.error\.[Mm]essage", anything, anything, "moto has words of its own, and sends them twice",
    ),
    "a key that the account doesn't have": Row(
        r"GetAccessKeyLastUsed\.error\.(status|Code)", lambda value: value in (404, "NoSuchEntity"),
        lambda value: value in (403, "AccessDenied"), "AWS doesn't tell whether anybody has it",
    ),
    "empty lists of policies": Row(
        r"GetAccountAuthorizationDetails\.UserDetailList\[.*\]\.UserPolicyList", [], None,
        "the emulator has no policies and doesn't send the list",
    ),
    "an empty list of tags": Row(
        r"GetAccountAuthorizationDetails\.UserDetailList\[.*\]\.Tags", None, [], "AWS sends the list in any case",
    ),
    "a password in the account": Row(r"GetAccountSummary\.SummaryMap\.AccountPasswordPresent", None, 1, "moto doesn't know the figure"),
    "MFA of the root user": Row(
        r"GetAccountSummary\.SummaryMap\.AccountMFAEnabled", 0, 1, "moto has no root user; the emulator's has MFA unless told otherwise",
    ),
    "MFA devices are counted": Row(
        r"GetAccountSummary\.SummaryMap\.MFADevices(InUse)?", lambda count: count in (0, 2), 3,
        "moto counts virtual devices only among all, and nowhere the root user's",
    ),
    "the last use by this very test": Row(
        r"GetAccessKeyLastUsed\.AccessKeyLastUsed\.\w+|GetCredentialReport\.rows\[reader\]\.access_key_1_last_used_date",
        anything, lambda value: value in (None, "N/A"), "moto keeps track; the emulator's account stays what it was told",
    ),
    "the root user's row": Row(r"GetCredentialReport\.rows\[<root_account>\]", None, anything, "AWS's reports begin with it"),
    "no line feed at the end": Row(r"GetCredentialReport\.ends with a line feed", True, False, "as in AWS's reports"),
    "when the report was made": Row(
        r"GetCredentialReport\.GeneratedTime", datetime(2015, 2, 2, 20, 2, 2, tzinfo=timezone.utc), seeding.CLOCK,
        "moto's is always the same",
    ),
    "passwords that aren't there": Row(
        r"GetCredentialReport\.rows\[.*\]\.password_last_used", "not_supported", "N/A", "not_supported is for the root user",
    ),
    "when passwords were changed": Row(
        r"GetCredentialReport\.rows\[.*\]\.password_last_changed", instant, lambda text: text == "N/A" or instant(text),
        "moto gives the user's creation, also where there is no password",
    ),
    "when passwords have to be changed": Row(
        r"GetCredentialReport\.rows\[.*\]\.password_next_rotation", "not_supported", "N/A", "not_supported is for the root user",
    ),
    "where and for what keys were used": Row(
        r"GetCredentialReport\.rows\[.*\]\.access_key_[12]_last_used_(region|service)", "not_supported", anything, "moto doesn't say",
    ),
    "when certificates were uploaded": Row(
        r"GetCredentialReport\.rows\[certificates\]\.cert_[12]_last_rotated", "N/A", instant, "moto doesn't say",
    ),
    "a comma in a name": Row(
        r"GetCredentialReport\.rows\[comma(,name)?\]", lambda row: row is None or row["fields"] == 24, anything,
        "moto doesn't quote, and the row has too many fields",
    ),
}


@pytest.fixture(scope="module")
def found(both):
    """Every difference between all answers, with the question."""
    asking = {(url, service): client(url, service, *both.key) for url in (both.moto, both.mock) for service in ("iam", "sts")}
    found = []
    for service, operation, parameters in questions(both.document):
        pair = [told(asking[url, service], operation, parameters) for url in (both.moto, both.mock)]
        found += [(operation, parameters, operation + path, *values) for path, *values in differences(*pair)]
    return found


def test_answers_are_equal_but_for_what_the_table_names(found):
    stray = [difference for difference in found if not any(row.covers(*difference[2:]) for row in ANSWERS.values())]
    assert not stray, "\n".join(map(str, stray[:10]))


@pytest.mark.parametrize("name", ANSWERS)
def test_a_difference_that_is_named_is_there(found, name):
    assert any(ANSWERS[name].covers(*difference[2:]) for difference in found)


def test_the_comparison_sees_every_kind_of_fact(both):
    """A value of each kind changed in the emulator's account shows."""
    iam = client(both.mock, "iam", *both.key)
    before = told(iam, "GetUser", {"UserName": "tagged"})
    after = json.loads(json.dumps(before, default=str))
    assert list(differences(before, told(iam, "GetUser", {"UserName": "tagged"}))) == []
    after["User"]["Tags"][0]["Value"] = "other"
    assert len(list(differences(before, after))) == 2  # the value and the date, which is a text now
    del after["User"]["Arn"]
    assert len(list(differences(before, after))) == 3


# MARK: Behaviour

def outcome(asking, operation, **parameters):
    """What comes of a call: `ok`, an error's code, or `broken` for what is no answer of AWS's protocol."""
    try:
        call(asking, operation, **parameters)
    except ClientError as error:
        return error.response["Error"]["Code"]
    except ResponseParserError:
        return "broken"
    return "ok"


class Side:
    """One of the two, with clients of the reader's."""

    def __init__(self, url, key):
        self.url, self.key = url, key
        self.iam, self.sts = (client(url, service, *key) for service in ("iam", "sts"))

    def with_key(self, *key, service="iam"):
        return client(self.url, service, *key)

    def outcome(self, operation, **parameters):
        return outcome(self.iam, operation, **parameters)

    def sts_outcome(self, operation, **parameters):
        return outcome(self.sts, operation, **parameters)

    def by_hand(self, **more):
        status, _, body = send(self.url, LIST_USERS, **more)
        return "ok" if status == 200 else re.search(rb"<Code>(\w+)</Code>", body)[1].decode()


def expired_token(side):
    token = web_identity(expires=datetime.now(timezone.utc) - timedelta(hours=1))
    return side.sts_outcome("AssumeRoleWithWebIdentity", RoleArn=ROLE, RoleSessionName="parity", WebIdentityToken=token)


def inactive_key(side):
    (user,) = [user for user in side.document["users"] if user["name"] == "inactive"]
    return outcome(side.with_key(user["keys"][0]["id"], user["keys"][0]["secret"]), "ListUsers")


def temporary_keys_without_their_token(side):
    granted = side.sts.get_session_token()["Credentials"]
    return outcome(side.with_key(granted["AccessKeyId"], granted["SecretAccessKey"]), "ListUsers")


def session_tokens_are_alike(side):
    first, second = (side.sts.get_session_token()["Credentials"]["SessionToken"] for _ in range(2))
    return first == second


def identifiers(side):
    """Of users that the emulator was told no identifier for; moto draws them in any case."""
    if side.url == side.moto:
        found = [user["UserId"] for user in side.iam.list_users()["Users"]]
    else:
        nameless = side.document | {"users": [{"name": "nameless", "created": "400d ago"}]}
        control = Control(side.url)
        control.put("state", nameless)
        try:
            found = [user["UserId"] for user in client(side.url, "iam").list_users()["Users"]]
        finally:
            control.post("reset")
    return {bool(re.fullmatch("AIDA[A-Z2-7]{17}", identifier)) for identifier in found} == {True}


ROLE = f"arn:aws:iam::{seeding.ACCOUNT}:role/nobody-made-this"
# A question, and what the two come to. The emulator's is AWS's.
BEHAVIOUR = {
    "MaxItems": (lambda side: len(side.iam.list_users(MaxItems=1)["Users"]), len(USERS), 1),
    "MaxItems of tags": (lambda side: len(side.iam.list_user_tags(UserName="tagged", MaxItems=1)["Tags"]), 3, 1),
    "the page of 100": (lambda side: len(side.iam.list_users()["Users"]), len(USERS), 100),
    "access keys in pages": (lambda side: len(side.iam.list_access_keys(UserName="two-keys", MaxItems=1)["AccessKeyMetadata"]), 2, 1),
    "users' details in pages": (
        lambda side: len(side.iam.get_account_authorization_details(Filter=["User"], MaxItems=7)["UserDetailList"]), len(USERS), 7,
    ),
    "MaxItems that is no number": (lambda side: side.outcome("ListUsers", MaxItems="one"), "broken", "MalformedInput"),
    "MaxItems out of range": (lambda side: side.outcome("ListUsers", MaxItems="1001"), "ok", "ValidationError"),
    "a garbage Marker": (lambda side: side.outcome("ListUsers", Marker="garbage"), "ok", "ValidationError"),
    "PathPrefix without a slash": (lambda side: side.outcome("ListUsers", PathPrefix="team"), "ok", "ValidationError"),
    "a name that can't be": (lambda side: side.outcome("GetUser", UserName="no/body"), "NoSuchEntity", "ValidationError"),
    "an operation that isn't there": (
        lambda side: side.outcome("GetOrganizationsAccessReport", JobId="x" * 36), "broken", "InvalidAction",
    ),
    "service-specific credentials": (
        lambda side: side.outcome("ListServiceSpecificCredentials", UserName="bare"), "broken", "ok",
    ),
    "a request that isn't signed": (lambda side: side.by_hand(signed=False), "ok", "MissingAuthenticationToken"),
    "a signature of 30 days ago": (lambda side: side.by_hand(shift=timedelta(days=-30)), "ok", "SignatureDoesNotMatch"),
    "a signature for another service": (lambda side: side.by_hand(service="s3"), "ok", "SignatureDoesNotMatch"),
    "a wrong secret": (lambda side: outcome(side.with_key(side.key[0], "wrong"), "ListUsers"), "ok", "SignatureDoesNotMatch"),
    "an unknown key": (lambda side: outcome(side.with_key("AKIANOSUCHKEY0000000", "x"), "ListUsers"), "ok", "InvalidClientTokenId"),
    "an inactive key": (inactive_key, "ok", "InvalidClientTokenId"),
    "a temporary key without its token": (temporary_keys_without_their_token, "ok", "InvalidClientTokenId"),
    "the form of identifiers": (identifiers, False, True),
    "session tokens": (session_tokens_are_alike, True, False),
    "a role that isn't there": (
        lambda side: side.sts_outcome("AssumeRole", RoleArn=ROLE, RoleSessionName="parity"), "ok", "AccessDenied",
    ),
    "a session of a second": (lambda side: side.sts_outcome("GetSessionToken", DurationSeconds=1), "ok", "ValidationError"),
    "a web identity that is none": (
        lambda side: side.sts_outcome("AssumeRoleWithWebIdentity", RoleArn=ROLE, RoleSessionName="parity", WebIdentityToken="none"),
        "ok", "InvalidIdentityToken",
    ),
    "a web identity that expired": (expired_token, "ok", "ExpiredTokenException"),
    "an access key that nobody has": (
        lambda side: side.sts_outcome("GetAccessKeyInfo", AccessKeyId="AKIANOSUCHKEY0000000"), "ok", "ValidationError",
    ),
}


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_both_behave_as_the_table_says(both, name):
    question, moto, mock = BEHAVIOUR[name]
    found = []
    for url in (both.moto, both.mock):
        side = Side(url, both.key)
        side.document, side.moto = both.document, both.moto
        found.append(question(side))
    assert found == [moto, mock]


# MARK: The page for people

def test_the_page_has_every_difference():
    page = (REPOSITORY / "docs/mock-iam-and-moto.md").read_text("utf-8")
    told = set(re.findall(r"^\| ([^|]+?) \|", page, re.M))
    missing = [name for name in [*ANSWERS, *BEHAVIOUR] if name not in told]
    assert not missing
