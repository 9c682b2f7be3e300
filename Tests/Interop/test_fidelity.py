"""Every answer of the emulator against AWS's own service model: element by element, on a full account, a messy and a hostile one."""

import base64
import csv
import io
import json
import re
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone

import pytest

import accounts
from aws_model import leaves, members, operation_model, read_answer, service_model
from emulated import Control, Ear, call, client
from programs import served

OPERATIONS = {
    "iam": [
        "ListUsers", "GetUser", "ListAccessKeys", "GetAccessKeyLastUsed", "GetLoginProfile", "GenerateCredentialReport",
        "GetCredentialReport", "GetAccountSummary", "GetAccountAuthorizationDetails", "ListAccountAliases", "ListUserTags",
        "ListMFADevices", "ListSigningCertificates", "ListSSHPublicKeys", "ListServiceSpecificCredentials",
        "SimulatePrincipalPolicy",
    ],
    "sts": ["GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity", "GetSessionToken", "GetAccessKeyInfo"],
}
OF_A_USER = [
    "GetUser", "ListAccessKeys", "ListUserTags", "ListMFADevices", "ListSigningCertificates", "ListSSHPublicKeys",
    "ListServiceSpecificCredentials",
]
PAGED = [name for name in OPERATIONS["iam"] if "Marker" in getattr(operation_model("iam", name).input_shape, "members", {})]

# Optional members that no answer has, because the emulator knows nothing that would be in them.
NEVER_SENT = {
    "ListUsers": {"Users[].PermissionsBoundary", "Users[].Tags"},
    "GetUser": {"User.PermissionsBoundary"},
    "GetAccountAuthorizationDetails": {
        "UserDetailList[].UserPolicyList", "UserDetailList[].PermissionsBoundary", "GroupDetailList[]", "RoleDetailList[]", "Policies[]",
        "UserDetailList[].AttachedManagedPolicies[]",
    },
    # An account has one alias at most.
    "ListAccountAliases": {"Marker"},
    # It knows patterns of denied actions, and no statements or boundaries.
    "SimulatePrincipalPolicy": {
        "EvaluationResults[].MatchedStatements[]", "EvaluationResults[].MissingContextValues[]",
        "EvaluationResults[].PermissionsBoundaryDecisionDetail", "EvaluationResults[].EvalDecisionDetails{",
        "EvaluationResults[].ResourceSpecificResults[].MatchedStatements",
        "EvaluationResults[].ResourceSpecificResults[].MissingContextValues",
        "EvaluationResults[].ResourceSpecificResults[].EvalDecisionDetails",
        "EvaluationResults[].ResourceSpecificResults[].PermissionsBoundaryDecisionDetail",
    },
    "AssumeRole": {"PackedPolicySize"},
    "AssumeRoleWithWebIdentity": {"PackedPolicySize", "SourceIdentity"},
}

WORLDS = {
    "full": ["--account"],
    "full, in another order": ["--account", "--vary-order"],
    "messy": ["--generate", "users=60,profile=messy,seed=3,clock=2026-11-22T20:45:00Z"],
    "hostile": ["--generate", "users=120,profile=hostile,seed=3,clock=2026-11-22T20:45:00Z"],
    "empty": ["--generate", "users=0,clock=2026-11-22T20:45:00Z"],
}
FULL = [name for name in WORLDS if name.startswith("full")]


def web_identity(subject="system:serviceaccount:default:ci", expires=None, issuer="https://oidc.example"):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    expires = expires or datetime.now(timezone.utc) + timedelta(hours=1)
    claims = {"sub": subject, "aud": "sts.amazonaws.com", "iss": issuer, "iat": 1600000000, "exp": int(expires.timestamp())}
    return f"{part({'alg': 'RS256'})}.{part(claims)}.c2lnbmF0dXJl"


class World:
    """An account that is served, everything that was asked of it, and what came over the wire."""

    def __init__(self, name, emulator):
        self.name = name
        self.url = emulator.url
        self.control = Control(emulator.url)
        self.state = self.control.get("state")
        self.users = self.state.get("users", [])
        self.answers = []
        for service in OPERATIONS:
            self.ask_all(service)

    def ask_all(self, service):
        asking = client(self.url, service)
        ear = Ear(asking)
        for operation, parameters in getattr(self, service)(asking):
            try:
                call(asking, operation, **parameters)
            except asking.exceptions.ClientError as error:
                # No password is said by an error; every other one is unexpected.
                assert operation == "GetLoginProfile" and error.response["Error"]["Code"] == "NoSuchEntity", error
                ear.answers.pop()
        self.answers += ear.answers

    def iam(self, asking):
        for name in ["ListUsers", "ListAccountAliases", "GetAccountAuthorizationDetails"]:
            yield name, {"MaxItems": 1000}
            yield name, {"MaxItems": 1}
        yield "GetAccountSummary", {}
        for _ in range(3):
            yield "GenerateCredentialReport", {}
        yield "GetCredentialReport", {}
        yield "ListServiceSpecificCredentials", {"AllUsers": True, "MaxItems": 1}
        role = f"arn:aws:iam::{self.state['account']}:role/Anybody"
        simulated = {"PolicySourceArn": role, "ActionNames": ["iam:CreateUser", "iam:ListUsers"]}
        yield "SimulatePrincipalPolicy", simulated
        yield "SimulatePrincipalPolicy", simulated | {"MaxItems": 1}
        yield "SimulatePrincipalPolicy", simulated | {"ResourceArns": ["arn:aws:s3:::a", "arn:aws:s3:::b"]}
        for user in self.present:
            for name in [*OF_A_USER, "GetLoginProfile"]:
                yield name, {"UserName": user["name"]}
            for name in PAGED:
                if name in OF_A_USER:
                    yield name, {"UserName": user["name"], "MaxItems": 1}
            for key in user.get("keys", []):
                if "deleted" not in key:
                    yield "GetAccessKeyLastUsed", {"AccessKeyId": key["id"]}
        for key in self.state.get("root", {}).get("keys", []):
            yield "GetAccessKeyLastUsed", {"AccessKeyId": key["id"]}

    def sts(self, asking):
        yield "GetCallerIdentity", {}
        role = f"arn:aws:iam::{self.state['account']}:role/Anybody"
        yield "AssumeRole", {"RoleArn": role, "RoleSessionName": "fidelity", "SourceIdentity": "fidelity"}
        yield "AssumeRoleWithWebIdentity", {"RoleArn": role, "RoleSessionName": "fidelity", "WebIdentityToken": web_identity()}
        for user in self.present:
            for key in user.get("keys", []):
                if "deleted" not in key:
                    yield "GetAccessKeyInfo", {"AccessKeyId": key["id"]}

    @property
    def present(self):
        return [user for user in self.users if "deleted" not in user]

    def of(self, operation):
        return [answer for answer in self.answers if answer.operation.name == operation]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Serves a world by its name, and asks it everything once for all tests."""
    made = {}
    with ExitStack() as servers:
        def world(name):
            if name not in made:
                folder = tmp_path_factory.mktemp("world")
                arguments = list(WORLDS[name])
                if arguments[0] == "--account":
                    file = folder / "account.json"
                    file.write_text(json.dumps(accounts.full()), "utf-8")
                    arguments.insert(1, file)
                made[name] = World(name, servers.enter_context(served(folder, *arguments)))
                if name in FULL:
                    session_token(made[name])
            return made[name]

        yield world


@pytest.fixture(params=WORLDS)
def world(request, worlds):
    return worlds(request.param)


@pytest.fixture(params=FULL)
def full_world(request, worlds):
    return worlds(request.param)


def session_token(world):
    """GetSessionToken is for users; the test key is a role's session."""
    sts = client(world.url, "sts", "AKIAUSEREXAMPLE00000", "user/secret")
    ear = Ear(sts)
    sts.get_session_token(DurationSeconds=900)
    world.answers += ear.answers


def test_every_answer_is_as_the_service_model_has_it(world):
    problems = []
    for answer in world.answers:
        assert answer.status == 200
        reading = read_answer(answer.operation, answer.body, answer.headers, check_texts=world.name != "hostile")
        problems += [f"{answer.operation.name}: {problem}" for problem in reading.problems]
    assert not problems, "\n".join(problems[:20])


def test_boto3_makes_something_of_every_value(world):
    for answer in world.answers:
        parsed = {name: value for name, value in answer.parsed.items() if name != "ResponseMetadata"}
        reading = read_answer(answer.operation, answer.body, answer.headers, check_texts=False)
        assert leaves(parsed) == reading.leaves, (answer.operation.name, answer.body[:300])


def test_every_operation_is_looked_at(world):
    asked = {answer.operation.name for answer in world.answers}
    wanted = {name for names in OPERATIONS.values() for name in names}
    if world.name == "empty":
        of_keys = {"GetLoginProfile", "GetAccessKeyLastUsed", "GetAccessKeyInfo", "GetSessionToken"}
        wanted -= {*OF_A_USER, *of_keys} - {"ListServiceSpecificCredentials"}
    elif world.name not in FULL:
        wanted -= {"GetSessionToken"}
    assert asked == wanted


def test_a_full_account_has_every_member_that_there_is(full_world):
    for names in OPERATIONS.values():
        for name in names:
            answers = full_world.of(name)
            seen = set().union(*(read_answer(answer.operation, answer.body, answer.headers).seen for answer in answers))
            known = set(members(answers[0].operation.output_shape))
            never = {path for path in known if any(path.startswith(start) for start in NEVER_SENT.get(name, ()))}
            assert seen == known - never, name


def test_texts_arrive_as_the_account_has_them(world):
    """What XML can't hold is U+FFFD; everything else comes through two escapes and two readers unchanged."""
    def held(text):
        return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)

    users = {user["UserName"]: user for answer in world.of("ListUsers") for user in answer.parsed["Users"]}
    assert users.keys() == {user["name"] for user in world.present}
    tags = {}
    for answer in world.of("GetUser"):
        user = answer.parsed["User"]
        tags[user["UserName"]] = [(tag["Key"], tag["Value"]) for tag in user.get("Tags", [])]
    statuses = {}
    for answer in world.of("ListAccessKeys"):
        statuses |= {key["AccessKeyId"]: key["Status"] for key in answer.parsed["AccessKeyMetadata"]}
    for user in world.present:
        assert users[user["name"]]["Path"] == user.get("path", "/")
        assert users[user["name"]]["Arn"].endswith(f":user{user.get('path', '/')}{user['name']}")
        assert tags[user["name"]] == [(held(tag["key"]), held(tag["value"])) for tag in user.get("tags", [])]
        for key in user.get("keys", []):
            if "deleted" not in key:
                assert statuses[key["id"]] == key.get("status", "Active")


def test_the_report_is_the_accounts(world):
    """Read as CSV, so that a comma or a quote in a path would show."""
    (answer,) = world.of("GetCredentialReport")
    text = answer.parsed["Content"].decode()
    assert "\r" not in text and not text.endswith("\n")
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    assert rows[0]["user"] == "<root_account>"
    assert len(rows[0]) == 22 and all(None not in row and None not in row.values() for row in rows)
    generated = answer.parsed["GeneratedTime"].strftime("%Y-%m-%dT%H:%M:%SZ")
    names = {user["name"] for user in world.users if user["created"] <= generated and user.get("deleted", "9") > generated}
    assert {row["user"] for row in rows[1:]} == names


def test_the_emulator_serves_these_operations_and_no_other(tmp_path):
    """Whatever the models know is asked for; only InvalidAction says that there is no such operation."""
    with served(tmp_path, "--generate", "users=1") as emulator:
        for service, known in OPERATIONS.items():
            asking = client(emulator.url, service)
            found = set()
            for name in service_model(service).operation_names:
                try:
                    call(asking, name)
                    found.add(name)
                except asking.exceptions.ClientError as error:
                    # What isn't signed is refused before anybody looks what it is.
                    unknown = {"InvalidAction", "MissingAuthenticationToken"}
                    if error.response["Error"]["Code"] not in unknown:
                        found.add(name)
            assert found == set(known)


# MARK: That the check can fail

BROKEN = {
    "an unknown element": (rb"<Path>", rb"<Colour>red</Colour><Path>"),
    "a member in lower case": (rb"<UserId>([^<]*)</UserId>", rb"<userId>\1</userId>"),
    "a required member missing": (rb"<Arn>[^<]*</Arn>", rb""),
    "a member twice": (rb"(<Arn>[^<]*</Arn>)", rb"\1\1"),
    "an item of another name": (rb"<(/?)member>", rb"<\1item>"),
    "text between elements": (rb"<Users>", rb"<Users>none"),
    "a boolean in capitals": (rb"false</IsTruncated>", rb"False</IsTruncated>"),
    "an instant with an offset": (rb"Z</CreateDate>", rb"+00:00</CreateDate>"),
    "an instant with a fraction": (rb"Z</CreateDate>", rb".000Z</CreateDate>"),
    "a day that isn't": (rb"<CreateDate>\d{4}-\d\d-\d\d", rb"<CreateDate>2026-02-30"),
    "an instant in seconds": (rb"<CreateDate>[^<]*<", rb"<CreateDate>1763844300<"),
    "a text too long": (rb"<UserName>", rb"<UserName>" + b"x" * 64),
    "a text too short": (rb"<UserId>[^<]*<", rb"<UserId>AIDA<"),
    "a text of other characters": (rb"<UserName>", rb"<UserName>&lt;"),
    "another namespace": (rb"doc/2010-05-08/", rb"doc/2011-06-15/"),
    "no namespace": (rb" xmlns=\"[^\"]*\"", rb""),
    "another wrapper": (rb"ListUsersResult", rb"ListUserResult"),
    "another request id": (rb"<RequestId>[^<]*<", rb"<RequestId>x<"),
    "the end missing": (rb"</ListUsersResponse>\s*$", rb""),
    "a document type": (rb"^", rb"<!DOCTYPE a>"),
}
ELSEWHERE = {
    "a status that isn't modelled": ("ListAccessKeys", rb">Active<", rb">active<"),
    "no Base64": ("GetCredentialReport", rb"<Content>", rb"<Content>*"),
    "a number with a point": ("GetAccountSummary", rb"<value>(\d+)<", rb"<value>\1.0<"),
    "a figure that isn't modelled": ("GetAccountSummary", rb"<key>Users<", rb"<key>Persons<"),
    "an entry without a value": ("GetAccountSummary", rb"<value>\d+</value>", rb""),
    "entries of a map as a list's": ("GetAccountSummary", rb"<(/?)entry>", rb"<\1member>"),
    "a member of another operation": ("GetCallerIdentity", rb"<Account>", rb"<IsTruncated>false</IsTruncated><Account>"),
}


@pytest.mark.parametrize("case", [*BROKEN, *ELSEWHERE])
def test_the_check_finds(case, worlds):
    operation, *change = ("ListUsers", *BROKEN[case]) if case in BROKEN else ELSEWHERE[case]
    answer = next(answer for answer in worlds("full").of(operation) if len(re.findall(change[0], answer.body)))
    assert not read_answer(answer.operation, answer.body, answer.headers).problems
    broken = re.sub(*change, answer.body, count=1)
    assert broken != answer.body
    assert read_answer(answer.operation, broken, answer.headers).problems
