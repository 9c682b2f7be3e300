"""The emulator's other services as botocore sees them: Organizations, and what hands out credentials, each of which has to work with STS."""

import json
import ssl
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from hashlib import sha1
from http.client import HTTPSConnection
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from programs import BINARIES, DEADLINE, environment, served

ACCOUNTS = [f"{number:012}" for number in range(1, 24)]
SIGN_ON = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(scope="module")
def organization(tmp_path_factory):
    """Serves 23 accounts, in pages of changing size, of which some are empty."""
    folder = tmp_path_factory.mktemp("organization")
    arguments = ["--vary-pages", "--verbose"]
    for number in ACCOUNTS:
        file = folder / f"{number}.yaml"
        file.write_text(f'account: "{number}"\nname: account {number}\n', "utf-8")
        arguments += ["--account", file]
    with served(folder, *arguments) as emulator:
        yield emulator


@pytest.fixture
def emulator(tmp_path):
    """Serves one account to one test, which may use up its refresh token."""
    with served(tmp_path / "emulator", "--generate", "users=3,seed=1", "--verbose") as emulator:
        yield emulator


def client(emulator, service, key="test", **more):
    return boto3.client(
        service, endpoint_url=emulator.url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}), **more,
    )


def unsigned(emulator, service):
    return boto3.session.Session().client(
        service, endpoint_url=emulator.url, region_name="us-east-1", config=Config(retries={"total_max_attempts": 1})
    )


def control(emulator, path, body=None):
    request = Request(f"{emulator.url}/_mock/{path}", method="POST", data=json.dumps(body or {}).encode())
    return urlopen(request, timeout=DEADLINE).read()


# Organizations


def test_the_paginator_finds_every_account_though_pages_are_empty(organization):
    pages = list(client(organization, "organizations", ACCOUNTS[0]).get_paginator("list_accounts").paginate())
    assert any(not page["Accounts"] for page in pages[:-1])
    accounts = [account for page in pages for account in page["Accounts"]]
    assert [account["Id"] for account in accounts] == ACCOUNTS
    assert {account["State"] for account in accounts} == {"ACTIVE"}
    assert isinstance(accounts[0]["JoinedTimestamp"], datetime)
    prefix = client(organization, "organizations", ACCOUNTS[0]).describe_organization()["Organization"]
    for account in accounts:
        assert account["Arn"] == f"arn:aws:organizations::{ACCOUNTS[0]}:account/{prefix['Id']}/{account['Id']}"


@pytest.mark.parametrize(
    "key, arguments, code",
    [
        (ACCOUNTS[1], {}, "AccessDeniedException"), (ACCOUNTS[0], {"NextToken": "1"}, "InvalidInputException"),
        ("AKIAUNKNOWN000000000", {}, "UnrecognizedClientException"),
    ],
)
def test_errors_of_organizations_are_botocores(organization, key, arguments, code):
    organizations = client(organization, "organizations", key)
    with pytest.raises(ClientError) as raised:
        organizations.list_accounts(**arguments)
    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["Error"]["Message"]
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    modelled = getattr(organizations.exceptions, code, ClientError)
    assert isinstance(raised.value, modelled)


def test_an_operation_that_is_not_there_is_an_error(organization):
    with pytest.raises(ClientError, match="UnknownOperationException"):
        client(organization, "organizations", ACCOUNTS[0]).list_roots()


# Credentials

IDENTITY = "import boto3, json; print(json.dumps(boto3.client('sts').get_caller_identity()['Arn']))"


def resolve(emulator, home, *, profile=None, program=IDENTITY, **variables):
    """Who botocore says it is, with the credentials that it finds by itself in a process of its own."""
    inherited = environment(home, AWS_DEFAULT_REGION="us-east-1", AWS_ENDPOINT_URL=emulator.url, **variables)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del inherited[name]
    if profile:
        inherited["AWS_PROFILE"] = profile
    return subprocess.run(
        [sys.executable, "-c", program], env=inherited, capture_output=True, text=True, timeout=DEADLINE
    )


def identity(emulator, home, **more):
    done = resolve(emulator, home, **more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


CONFIG = """
[profile signed-on]
sso_session = office
sso_account_id = {account}
sso_role_name = {role}
region = us-east-1
[sso-session office]
sso_start_url = https://office.awsapps.example.com/start
sso_region = us-east-1
"""


def account_of(emulator):
    return client(emulator, "sts").get_caller_identity()["Account"]


def signed_on(emulator, home, expires, role="SecurityAudit", **token):
    """A home with a profile of single sign-on, and a token cache file as one would write it by hand."""
    cache = home / ".aws/sso/cache"
    cache.mkdir(parents=True)
    (home / ".aws/config").write_text(CONFIG.format(account=account_of(emulator), role=role), "utf-8")
    now = datetime.now(timezone.utc)
    file = cache / f"{sha1(b'office').hexdigest()}.json"
    file.write_text(json.dumps({
        "startUrl": "https://office.awsapps.example.com/start", "region": "us-east-1",
        "accessToken": "mock-sso-access-token", "expiresAt": (now + expires).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "refreshToken": "mock-sso-refresh-token", "clientId": "mock-client", "clientSecret": "mock-client-secret",
        "registrationExpiresAt": (now + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ"), **token,
    }), "utf-8")
    return file


def test_single_sign_on_with_a_good_token(emulator, tmp_path):
    before = signed_on(emulator, tmp_path, timedelta(hours=1))
    arn = identity(emulator, tmp_path, profile="signed-on")
    assert ":assumed-role/AWSReservedSSO_SecurityAudit_" in arn and arn.endswith("/mock-user")
    assert json.loads(before.read_text("utf-8"))["accessToken"] == "mock-sso-access-token"


def test_single_sign_on_refreshes_a_token_that_ends(emulator, tmp_path):
    file = signed_on(emulator, tmp_path, timedelta(minutes=5), accessToken="ended")
    for _ in range(2):
        assert identity(emulator, tmp_path, profile="signed-on").endswith("/mock-user")
    kept = json.loads(file.read_text("utf-8"))
    assert kept["accessToken"] not in ("ended", "mock-sso-access-token")
    assert kept["refreshToken"] != "mock-sso-refresh-token"
    assert emulator.log.count("CreateToken") == 1


def test_single_sign_on_that_is_over(emulator, tmp_path):
    signed_on(emulator, tmp_path, timedelta(hours=1), accessToken="unknown")
    done = resolve(emulator, tmp_path, profile="signed-on")
    assert "UnauthorizedSSOTokenError" in done.stderr


def test_a_role_that_is_not_there(emulator):
    portal = unsigned(emulator, "sso")
    token = {"accessToken": "mock-sso-access-token"}
    with pytest.raises(portal.exceptions.ResourceNotFoundException):
        portal.get_role_credentials(roleName="SecurityAudit", accountId="999999999999", **token)
    with pytest.raises(portal.exceptions.UnauthorizedException, match="Session token not found or invalid"):
        portal.get_role_credentials(roleName="SecurityAudit", accountId=account_of(emulator), accessToken="x")
    accounts = [a for page in portal.get_paginator("list_accounts").paginate(**token) for a in page["accountList"]]
    assert [account["accountId"] for account in accounts] == [account_of(emulator)]
    roles = portal.list_account_roles(accountId=account_of(emulator), **token)["roleList"]
    assert [role["roleName"] for role in roles]


def test_signing_in_with_a_device(emulator):
    service = unsigned(emulator, "sso-oidc")
    registered = service.register_client(clientName="interop", clientType="public")
    client_id = {name: registered[name] for name in ("clientId", "clientSecret")}
    device = service.start_device_authorization(startUrl="https://office.awsapps.example.com/start", **client_id)
    asked = {"grantType": SIGN_ON, "deviceCode": device["deviceCode"], **client_id}
    with pytest.raises(service.exceptions.AuthorizationPendingException) as pending:
        service.create_token(**asked)
    assert pending.value.response["error"] == "authorization_pending"
    token = service.create_token(**asked)
    assert unsigned(emulator, "sso").list_accounts(accessToken=token["accessToken"])["accountList"]
    with pytest.raises(service.exceptions.InvalidGrantException):
        service.create_token(**asked)
    with pytest.raises(service.exceptions.InvalidClientException):
        service.create_token(**{**asked, "clientSecret": "wrong"})


@pytest.mark.parametrize("token", [None, "mock-container-token"])
def test_container_credentials(emulator, tmp_path, token):
    more = {"AWS_CONTAINER_AUTHORIZATION_TOKEN": token} if token else {}
    uri = f"{emulator.url}/container/credentials"
    arn = identity(emulator, tmp_path, AWS_CONTAINER_CREDENTIALS_FULL_URI=uri, **more)
    assert ":assumed-role/mock-task-role/" in arn


def test_container_credentials_with_a_wrong_token(emulator, tmp_path):
    done = resolve(
        emulator, tmp_path, AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{emulator.url}/container/credentials",
        AWS_CONTAINER_AUTHORIZATION_TOKEN="hush-hush",
    )
    assert "401" in done.stderr and "InvalidTokenException" in done.stderr
    assert "hush-hush" not in emulator.log


def test_instance_metadata(emulator, tmp_path):
    more = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": emulator.url}
    arn = identity(emulator, tmp_path, **more)
    assert ":assumed-role/mock-instance-role/i-" in arn
    region = "from botocore.utils import InstanceMetadataRegionFetcher as F; import json; " \
        f"print(json.dumps(F(base_url={emulator.url!r} + '/').retrieve_region()))"
    assert identity(emulator, tmp_path, program=region, **more) == "us-east-1"
    assert "IMDS /latest/api/token" in emulator.log


def test_credentials_that_were_ended_no_longer_work(emulator):
    made = json.loads(urlopen(f"{emulator.url}/container/credentials", timeout=DEADLINE).read())
    sts = boto3.client(
        "sts", endpoint_url=emulator.url, region_name="us-east-1", aws_access_key_id=made["AccessKeyId"],
        aws_secret_access_key=made["SecretAccessKey"], aws_session_token=made["Token"],
    )
    assert sts.get_caller_identity()["Arn"]
    control(emulator, "sessions/expire")
    with pytest.raises(ClientError, match="ExpiredToken"):
        sts.get_caller_identity()


def test_no_secret_is_logged(emulator, tmp_path):
    signed_on(emulator, tmp_path, timedelta(minutes=5))
    identity(emulator, tmp_path, profile="signed-on")
    for secret in ("mock-sso-access-token", "mock-sso-refresh-token", "mock-client-secret", "aoaAAAAAG", "aorAAAAAG"):
        assert secret not in emulator.log


# TLS


def has_tls():
    said = subprocess.run([BINARIES / "mock-iam", "serve", "--help"], capture_output=True, text=True, timeout=DEADLINE)
    return "--tls" in said.stdout


tls = pytest.mark.skipif(not has_tls(), reason="mock-iam serve has no --tls yet")


@pytest.fixture
def secured(tmp_path):
    """Serves over TLS in a given mode; gives the emulator and the file of the authority to trust."""
    @contextmanager
    def serve(mode):
        authority = tmp_path / "authority.pem"
        with served(tmp_path / mode, "--generate", "users=3,seed=1", "--tls", mode, "--ca-file", authority) as emulator:
            assert emulator.url.startswith("https://127.0.0.1:")
            yield emulator, authority

    return serve


@tls
def test_boto3_over_tls_with_the_authority_of_the_environment(secured, tmp_path):
    program = "import boto3, json; s = boto3.client('iam').list_users; print(json.dumps(len(s()['Users'])))"
    with secured("trusted") as (emulator, authority):
        more = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        inherited = environment(tmp_path, AWS_DEFAULT_REGION="us-east-1", AWS_ENDPOINT_URL=emulator.url, **more)
        for bundle, says in [(authority, "3\n"), (None, "")]:
            done = subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, timeout=DEADLINE,
                env={**inherited, **({"AWS_CA_BUNDLE": str(bundle)} if bundle else {})},
            )
            assert done.stdout == says
            assert ("SSLError" in done.stderr) is (bundle is None)


# OpenSSL's numbers, https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/
REASONS = {"expired": 10, "not-yet-valid": 9, "self-signed": 18, "untrusted-ca": 20, "wrong-host": 64}


@tls
@pytest.mark.parametrize("mode", REASONS)
def test_a_bad_certificate_is_refused_for_what_is_wrong_with_it(secured, mode):
    with secured(mode) as (emulator, authority):
        context = ssl.create_default_context(cafile=authority)
        # What Python 3.13 asks for, with any Python.
        context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
        address = urlsplit(emulator.url)
        with pytest.raises(ssl.SSLCertVerificationError) as raised:
            HTTPSConnection(address.hostname, address.port, context=context, timeout=DEADLINE).request("GET", "/")
        assert raised.value.verify_code == REASONS[mode]


@tls
def test_a_strict_verifier_takes_the_good_certificate(secured):
    with secured("trusted") as (emulator, authority):
        context = ssl.create_default_context(cafile=authority)
        context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
        for host in ("127.0.0.1", "localhost"):
            connection = HTTPSConnection(host, urlsplit(emulator.url).port, context=context, timeout=DEADLINE)
            connection.request("GET", "/_mock/ready")
            assert connection.getresponse().status == 200


@tls
def test_a_broken_handshake_is_no_matter_of_certificates(secured):
    with secured("broken-handshake") as (emulator, _):
        address = urlsplit(emulator.url)
        with pytest.raises((ssl.SSLEOFError, ConnectionError)):
            HTTPSConnection(address.hostname, address.port, timeout=DEADLINE).request("GET", "/")
