"""Errors as boto3 raises them: each as the class that AWS's model has for it, with its status, and in the one form of the protocol."""

import http.client
import json
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode, urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import accounts
from aws_model import WITHOUT_MESSAGE, operation_model, read_error, service_model
from emulated import Control, Ear, call, client, error
from programs import served
from test_fidelity import OF_A_USER, OPERATIONS, PAGED, web_identity

ROLE = f"arn:aws:iam::{accounts.ACCOUNT}:role/"
SECOND = "444455556666"
# The least that each operation wants to be told.
PARAMETERS = {
    **{name: {"UserName": "everything"} for name in [*OF_A_USER, "GetLoginProfile"]},
    "GetAccessKeyLastUsed": {"AccessKeyId": "AKIAEVERYTHING000001"}, "GetAccessKeyInfo": {"AccessKeyId": "AKIAEVERYTHING000001"},
    "SimulatePrincipalPolicy": {"PolicySourceArn": ROLE + "Anybody", "ActionNames": ["iam:CreateUser"]},
    "AssumeRole": {"RoleArn": ROLE + "Anybody", "RoleSessionName": "errors"},
    "AssumeRoleWithWebIdentity": {"RoleArn": ROLE + "Anybody", "RoleSessionName": "errors", "WebIdentityToken": web_identity()},
}
ALL = [(service, name) for service, names in OPERATIONS.items() for name in names]


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("errors")
    file = folder / "accounts.json"
    file.write_text(json.dumps({"accounts": [accounts.full(), accounts.wide(20) | {"account": SECOND}]}), "utf-8")
    with served(folder, "--account", file) as running:
        yield running


@pytest.fixture
def control(emulator):
    """The emulator as it was at the start."""
    control = Control(emulator.url)
    control.post("reset")
    return control


@pytest.fixture
def ask(emulator, control):
    """Makes clients, and holds each error that they got against the form of the protocol at the end."""
    ears = []

    def ask(service, *key):
        asking = client(emulator.url, service, *key)
        ears.append((service, Ear(asking)))
        return asking

    yield ask
    for service, ear in ears:
        for answer in ear.answers:
            if answer.status != 200:
                problems, code, message = read_error(service, answer.status, answer.body, answer.headers)
                assert not problems and code and (message or code in WITHOUT_MESSAGE), answer.body


@pytest.fixture
def iam(ask):
    return ask("iam")


@pytest.fixture
def sts(ask):
    return ask("sts")


# MARK: Errors that the models have

MODELLED = [
    (service, name, shape.name, shape.metadata["error"]) for service, name in ALL for shape in operation_model(service, name).error_shapes
]


@pytest.mark.parametrize("service, name, shape, told", MODELLED, ids=[f"{name}-{shape}" for _, name, shape, _ in MODELLED])
def test_every_modelled_error_can_be_made_by_a_fault(ask, control, service, name, shape, told):
    """By its code alone: the status is the one that the model has."""
    asking = ask(service)
    with control.faults({"match": {"action": name}, "error": told["code"]}):
        with error(asking, told["code"], told["httpStatusCode"]) as raised:
            call(asking, name, **PARAMETERS.get(name, {}))
    assert type(raised.value).__name__ == shape
    call(asking, name, **PARAMETERS.get(name, {})) if name != "GetSessionToken" and name != "GetCredentialReport" else None


@pytest.mark.parametrize("name", [*OF_A_USER, "GetLoginProfile"])
def test_no_such_user(iam, name):
    with error(iam, "NoSuchEntity", 404) as raised:
        call(iam, name, UserName="nobody")
    assert raised.message == "The user with name nobody cannot be found."


def test_no_such_password(iam):
    with error(iam, "NoSuchEntity", 404) as raised:
        iam.get_login_profile(UserName="bare")
    assert raised.message == "Login Profile for User bare cannot be found."


def test_an_access_key_of_nobody_or_of_another_account(iam, control):
    """AWS doesn't tell one from the other."""
    (other,) = [account for account in control.get("state")["accounts"] if account["account"] == SECOND]
    for key in ["AKIANOSUCHKEY0000000", other["users"][0]["keys"][0]["id"]]:
        with error(iam, "AccessDenied", 403) as raised:
            iam.get_access_key_last_used(AccessKeyId=key)
        assert raised.message == (
            f"User: arn:aws:sts::{accounts.ACCOUNT}:assumed-role/SecurityAudit/mock-iam is not authorized to perform "
            f"iam:GetAccessKeyLastUsed on resource: access key {key}")


def test_a_service_without_credentials_of_its_own(iam):
    with error(iam, "NoSuchEntity", 404) as raised:
        iam.list_service_specific_credentials(UserName="everything", ServiceName="s3.amazonaws.com")
    assert raised.message == "No such service s3.amazonaws.com is supported for Service Specific Credentials"
    listed = iam.list_service_specific_credentials(UserName="everything", ServiceName="codecommit.amazonaws.com")
    assert len(listed["ServiceSpecificCredentials"]) == 1


def test_the_credential_report_from_nothing_to_out_of_date(iam, control):
    with error(iam, "ReportNotPresent", 410):
        iam.get_credential_report()
    assert iam.generate_credential_report()["State"] == "STARTED"
    with error(iam, "ReportInProgress", 404):
        iam.get_credential_report()
    assert iam.generate_credential_report()["State"] == "COMPLETE"
    first = iam.get_credential_report()

    control.post("clock/advance", {"by": "3h59m"})
    assert iam.generate_credential_report()["State"] == "COMPLETE"
    second = iam.get_credential_report()
    assert (second["Content"], second["GeneratedTime"]) == (first["Content"], first["GeneratedTime"])

    control.post("clock/advance", {"by": "2m"})
    assert iam.generate_credential_report()["State"] == "STARTED"
    # The old one is there until the new one is.
    assert iam.get_credential_report()["GeneratedTime"] == first["GeneratedTime"]
    assert iam.generate_credential_report()["State"] == "COMPLETE"
    third = iam.get_credential_report()["GeneratedTime"]
    assert third - first["GeneratedTime"] == timedelta(hours=4, minutes=1)

    control.post("clock/advance", {"by": "6d23h"})
    assert iam.get_credential_report()["GeneratedTime"] == third
    control.post("clock/advance", {"by": "2h"})
    with error(iam, "ReportExpired", 410):
        iam.get_credential_report()


def test_web_identities(sts):
    def assume(token):
        return sts.assume_role_with_web_identity(RoleArn=ROLE + "Anybody", RoleSessionName="errors", WebIdentityToken=token)

    assert assume(web_identity())["SubjectFromWebIdentityToken"] == "system:serviceaccount:default:ci"
    with error(sts, "ExpiredTokenException", 400):
        assume(web_identity(expires=datetime.now(timezone.utc) - timedelta(seconds=60)))
    for token in ["not a token", "aa.bb", "a.b.c", "e30.e30.e30.e30"]:
        with error(sts, "InvalidIdentityToken", 400):
            assume(token)
    with error(sts, "IDPCommunicationError", 400):
        assume(web_identity(issuer="https://unreachable.example"))


# MARK: Errors that every operation can have

@pytest.mark.parametrize("service, name", ALL)
def test_who_is_denied_an_operation_gets_access_denied(ask, service, name):
    asking = ask(service, "AKIADENIEDEXAMPLE000", "denied/secret")
    if name in ("GetCallerIdentity", "AssumeRoleWithWebIdentity"):
        # No policy can deny the one, and the other isn't signed.
        call(asking, name, **PARAMETERS.get(name, {}))
        return
    with error(asking, "AccessDenied", 403) as raised:
        call(asking, name, **PARAMETERS.get(name, {}))
    if name == "GetSessionToken":
        # It needs no permission either, and isn't for sessions, such as this one of a role.
        assert raised.message == "Cannot call GetSessionToken with session credentials"
        return
    caller = f"arn:aws:sts::{accounts.ACCOUNT}:assumed-role/SecurityAudit/mock-iam"
    resource = "" if name == "GetAccessKeyInfo" else "on resource: "
    assert raised.message.startswith(f"User: {caller} is not authorized to perform: {service}:{name} {resource}")


def test_a_session_of_a_role_is_denied_what_the_role_is(ask, sts):
    granted = sts.assume_role(RoleArn=ROLE + "Denied", RoleSessionName="errors")["Credentials"]
    session = ask("iam", granted["AccessKeyId"], granted["SecretAccessKey"], granted["SessionToken"])
    with error(session, "AccessDenied", 403):
        session.list_users()


def test_throttling(iam, control):
    with control.faults({"throttle": {"rate": 0.001, "burst": 2}}):
        iam.list_users()
        iam.get_account_summary()
        with error(iam, "Throttling", 400) as raised:
            iam.list_users()
        assert raised.message == "Rate exceeded"
    iam.list_users()


@pytest.mark.parametrize("service, name", [pair for pair in ALL if pair[1] != "AssumeRoleWithWebIdentity"])
def test_a_wrong_secret_and_an_unknown_key(ask, service, name):
    for key, code in [
        (("test", "toast"), "SignatureDoesNotMatch"),
        (("AKIANOSUCHKEY0000000", "test"), "InvalidClientTokenId"),
        # A key that is Inactive is none.
        (("AKIAEVERYTHING000002", "second/secret"), "InvalidClientTokenId"),
        (("AKIAEVERYTHING000001", "first/secret", "a token"), "InvalidClientTokenId"),
    ]:
        asking = ask(service, *key)
        with error(asking, code, 403):
            call(asking, name, **PARAMETERS.get(name, {}))


def test_temporary_credentials_expire(ask, sts, control):
    def session(**more):
        granted = sts.assume_role(RoleArn=ROLE + "Anybody", RoleSessionName="errors", **more)["Credentials"]
        return granted, ask("iam", granted["AccessKeyId"], granted["SecretAccessKey"], granted["SessionToken"])

    granted, asking = session(DurationSeconds=900)
    asking.list_users()
    with error(ask("iam", granted["AccessKeyId"], granted["SecretAccessKey"]), "InvalidClientTokenId", 403):
        ask("iam", granted["AccessKeyId"], granted["SecretAccessKey"]).list_users()
    control.post("clock/advance", {"by": "16m"})
    with error(asking, "ExpiredToken", 403):
        asking.list_users()

    _, asking = session()
    asking.list_users()
    control.post("sessions/expire")
    with error(asking, "ExpiredToken", 403) as raised:
        asking.list_users()
    assert raised.message == "The security token included in the request is expired"


def test_sessions_of_users_and_of_roles(ask, sts):
    with error(sts, "AccessDenied", 403) as raised:
        sts.get_session_token()
    assert raised.message == "Cannot call GetSessionToken with session credentials"
    user = ask("sts", "AKIAUSEREXAMPLE00000", "user/secret")
    granted = user.get_session_token()["Credentials"]
    session = ask("sts", granted["AccessKeyId"], granted["SecretAccessKey"], granted["SessionToken"])
    assert session.get_caller_identity()["Arn"] == f"arn:aws:iam::{accounts.ACCOUNT}:user/team/backend/everything"


def test_how_long_a_session_may_be(ask, sts):
    user = ask("sts", "AKIAUSEREXAMPLE00000", "user/secret")
    for role, seconds, says in [
        ("Long", 43_200, None), ("Anybody", 3600, None),
        ("Anybody", 3601, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
        ("Anybody", 899, "Member must have value greater than or equal to 900"),
        ("Long", 43_201, "Member must have value less than or equal to 43200"),
    ]:
        parameters = {"RoleArn": ROLE + role, "RoleSessionName": "errors", "DurationSeconds": seconds}
        if says is None:
            user.assume_role(**parameters)
            continue
        with error(user, "ValidationError", 400) as raised:
            user.assume_role(**parameters)
        assert raised.message.endswith(says)
    with error(sts, "ValidationError", 400) as raised:
        sts.assume_role(RoleArn=ROLE + "Long", RoleSessionName="errors", DurationSeconds=3601)
    assert raised.message == "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"


@pytest.mark.parametrize("arn", [
    ROLE + "NoSuchRole", f"arn:aws-cn:iam::{accounts.ACCOUNT}:role/Anybody", "arn:aws:iam::999999999999:role/Anybody",
])
def test_a_role_that_one_may_not_have_is_like_one_that_isnt_there(sts, arn):
    with error(sts, "AccessDenied", 403) as raised:
        sts.assume_role(RoleArn=arn, RoleSessionName="errors")
    assert raised.message.endswith(f"is not authorized to perform: sts:AssumeRole on resource: {arn}")


def test_session_policies_and_tags_are_checked(sts):
    parameters = {"RoleArn": ROLE + "Anybody", "RoleSessionName": "errors"}
    told = sts.assume_role(
        **parameters, SourceIdentity="jo", Policy=json.dumps({"Version": "2012-10-17", "Statement": []}),
        PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}], Tags=[{"Key": "team", "Value": "a"}], TransitiveTagKeys=["Team"])
    assert told["SourceIdentity"] == "jo"
    assert "SourceIdentity" not in sts.assume_role(**parameters)
    with error(sts, "MalformedPolicyDocument", 400):
        sts.assume_role(**parameters, Policy="{")
    for more, says in [
        ({"Tags": [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]}, "Duplicate tag keys found."),
        ({"TransitiveTagKeys": ["a"]}, "The specified transitive tag key must be included in the requested tags."),
    ]:
        with error(sts, "InvalidParameterValue", 400) as raised:
            sts.assume_role(**parameters, **more)
        assert raised.message.startswith(says)
    with error(sts, "ValidationError", 400):
        sts.assume_role(**parameters, Tags=[{"Key": f"key-{number}", "Value": ""} for number in range(51)])


# MARK: Parameters

@pytest.mark.parametrize("name", PAGED)
def test_max_items(iam, name):
    parameters = {key: value for key, value in PARAMETERS.get(name, {}).items()}
    for text in ["1", "01", "+1", "1000", "0001000"]:
        call(iam, name, MaxItems=text, **parameters)
    for text in [" 1 ", "1.0", "1e2", "", "one", "0x10", "1,000", "--1", "+"]:
        with error(iam, "MalformedInput", 400):
            call(iam, name, MaxItems=text, **parameters)
    for text in ["0", "-1", "1001", "-0"]:
        with error(iam, "ValidationError", 400) as raised:
            call(iam, name, MaxItems=text, **parameters)
        assert " at 'maxItems' failed to satisfy constraint: Member must have value " in raised.message


@pytest.mark.parametrize("name", PAGED)
def test_markers_that_were_never_given(iam, name):
    parameters = PARAMETERS.get(name, {})
    for marker in ["garbage", "AAAA", "MQ==", "1", "everything", "ü" * 5, "A" * 320]:
        with error(iam, "ValidationError", 400) as raised:
            call(iam, name, Marker=marker, **parameters)
        assert raised.message == "Invalid Marker."
    with error(iam, "ValidationError", 400) as raised:
        call(iam, name, Marker="A" * 321, **parameters)
    assert raised.message.endswith("Member must have length less than or equal to 320")
    with error(iam, "ValidationError", 400):
        call(iam, name, Marker="", **parameters)


def test_markers_of_another_list(ask, iam):
    """A marker is good for what it was given for: the operation, the user, the path, the account. The page's size may change."""
    marker = iam.list_users(MaxItems=1)["Marker"]
    assert iam.list_users(Marker=marker, MaxItems=7)["Users"]
    ofKeys = iam.list_access_keys(UserName="everything", MaxItems=1)["Marker"]
    assert iam.list_access_keys(UserName="everything", Marker=ofKeys)["AccessKeyMetadata"]
    other = ask("iam", SECOND)
    assert other.list_users()["Users"]
    for asking, name, parameters in [
        (iam, "ListAccessKeys", {"UserName": "everything", "Marker": marker}),
        (iam, "GetAccountAuthorizationDetails", {"Marker": marker}),
        (iam, "ListUsers", {"PathPrefix": "/team/", "Marker": marker}),
        (iam, "ListUsers", {"Marker": ofKeys}),
        (iam, "ListAccessKeys", {"UserName": "bare", "Marker": ofKeys}),
        (iam, "ListUserTags", {"UserName": "everything", "Marker": ofKeys}),
        (other, "ListUsers", {"Marker": marker}),
    ]:
        with error(asking, "ValidationError", 400) as raised:
            call(asking, name, **parameters)
        assert raised.message == "Invalid Marker."


CONSTRAINED = [
    (service, name, member, shape)
    for service, name in ALL
    for member, shape in getattr(operation_model(service, name).input_shape, "members", {}).items()
    if shape.type_name == "string" and member not in ("Marker", "Policy", "ProviderId")
    # What a simulation may be told besides whom and what, the emulator passes over.
    and (name != "SimulatePrincipalPolicy" or member == "PolicySourceArn")
]


@pytest.mark.parametrize("service, name, member, shape", CONSTRAINED, ids=[f"{name}-{member}" for _, name, member, _ in CONSTRAINED])
def test_the_models_limits_of_texts_are_kept(ask, service, name, member, shape):
    asking = ask(service)
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    allowed = "1" if member == "TokenCode" else "/" if member == "PathPrefix" else "a"
    wrong = {"": least} if least else {}
    if least and least > 1:
        wrong[allowed * (least - 1)] = least
    if most:
        wrong[allowed * (most + 1)] = most
    for text, limit in wrong.items():
        with error(asking, "ValidationError", 400) as raised:
            call(asking, name, **(PARAMETERS.get(name, {}) | {member: text}))
        assert raised.message.endswith(f"equal to {limit}") or "failed to satisfy constraint" in raised.message
    if "pattern" in shape.metadata and not member.endswith("Arn"):
        for text in ["", "<" + allowed * (least or 1)]:
            if text or least:
                with error(asking, "ValidationError", 400):
                    call(asking, name, **(PARAMETERS.get(name, {}) | {member: text}))


def test_required_parameters(iam, sts):
    for asking, name in [(iam, "GetAccessKeyLastUsed"), (iam, "ListUserTags"), (sts, "AssumeRole"), (sts, "GetAccessKeyInfo")]:
        with error(asking, "ValidationError", 400) as raised:
            call(asking, name)
        assert raised.message.endswith("Member must not be null")
    with error(sts, "ValidationError", 400) as raised:
        sts.assume_role()
    assert raised.message.startswith("2 validation errors detected: ")


def test_a_user_means_itself(ask, iam):
    """Where no user is named, the caller is meant, if it is one."""
    user = ask("iam", "AKIAUSEREXAMPLE00000", "user/secret")
    assert user.get_user()["User"]["UserName"] == "everything"
    assert len(user.list_access_keys()["AccessKeyMetadata"]) == 2
    assert user.get_login_profile()["LoginProfile"]["UserName"] == "everything"
    for name in ["GetUser", "ListAccessKeys", "GetLoginProfile", "ListMFADevices", "ListSSHPublicKeys"]:
        with error(iam, "ValidationError", 400) as raised:
            call(iam, name)
        assert raised.message == "Must specify userName when calling with non-User credentials"


@pytest.mark.parametrize("service", OPERATIONS)
def test_what_aws_has_and_the_emulator_hasnt_is_unmatched(emulator, control, service):
    """So a test can see that its client asks for more than is served, though the answer is that of a misspelt operation."""
    asking = client(emulator.url, service)
    # The Query protocol takes any parameters; what an operation wants is looked at by nobody.
    names = [name for name in service_model(service).operation_names if name not in OPERATIONS[service]]
    version = service_model(service).metadata["apiVersion"]
    for name in names:
        status, _, body = send(emulator.url, urlencode({"Action": name, "Version": version}), service=service)
        assert status == 400 and b"<Code>InvalidAction</Code>" in body, name
    unmatched = control.get("unmatched")["entries"]
    assert [entry["action"] for entry in unmatched] == names
    asking.list_users() if service == "iam" else asking.get_caller_identity()
    assert control.get("unmatched")["count"] == len(names)
    assert control.get("ready")["operations"] == sorted(name for served in OPERATIONS.values() for name in served)


# MARK: Requests that botocore wouldn't send

def send(url, body, signed=True, path="/", method="POST", shift=timedelta(), service="iam", **headers):
    """A request by hand. Returns its status, headers and body."""
    request = AWSRequest(method, url + path, data=body, headers={"Content-Type": "application/x-www-form-urlencoded", **headers})
    if signed:
        signer = SigV4Auth(Credentials("test", "test"), service, "us-east-1")
        stamp = (datetime.now(timezone.utc) + shift).strftime("%Y%m%dT%H%M%SZ")
        request.headers["X-Amz-Date"] = request.context["timestamp"] = stamp
        text = signer.string_to_sign(request, signer.canonical_request(request))
        signer._inject_signature_to_request(request, signer.signature(text, request))
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, body, dict(request.headers.items()))
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


LIST_USERS = urlencode({"Action": "ListUsers", "Version": "2010-05-08"})


@pytest.mark.parametrize("case, status, code", [
    (dict(body=LIST_USERS, signed=False), 403, "MissingAuthenticationToken"),
    (dict(body=LIST_USERS, signed=False, Authorization="AWS4-HMAC-SHA256 Credential=test"), 400, "IncompleteSignature"),
    (dict(body=LIST_USERS, shift=timedelta(days=-30)), 403, "SignatureDoesNotMatch"),
    (dict(body=LIST_USERS, shift=timedelta(minutes=-16)), 403, "SignatureDoesNotMatch"),
    (dict(body=LIST_USERS, shift=timedelta(minutes=16)), 403, "SignatureDoesNotMatch"),
    (dict(body=LIST_USERS, service="sts"), 403, "SignatureDoesNotMatch"),
    (dict(body="Action=ListUsers&Version=1999-01-01"), 400, "InvalidAction"),
    (dict(body="Action=ListSecrets&Version=2010-05-08"), 400, "InvalidAction"),
])
def test_requests_by_hand(emulator, control, case, status, code):
    found, headers, body = send(emulator.url, **case)
    problems, told, message = read_error("iam", found, body, headers)
    assert not problems, (problems, body)
    assert (found, told) == (status, code), message


@pytest.mark.parametrize("service", ["iam", "sts"])
@pytest.mark.parametrize("case, query", [
    (dict(body="Version=2011-06-15"), ""),
    (dict(body="Action=GetCallerIdentity&Version=2011-06-15", **{"Content-Type": "text/plain"}), ""),
    (dict(body=None, method="GET", path="/?Version=2011-06-15"), "?Version=2011-06-15"),
])
def test_what_asks_for_nothing_is_redirected(emulator, control, service, case, query):
    status, headers, body = send(emulator.url, service=service, **case)
    assert (status, headers["Location"], body) == (302, f"https://aws.amazon.com/iam{query}", b"")


def test_a_good_request_by_hand(emulator, control):
    for shift in [timedelta(), timedelta(minutes=-14), timedelta(minutes=14)]:
        assert send(emulator.url, LIST_USERS, shift=shift)[0] == 200
