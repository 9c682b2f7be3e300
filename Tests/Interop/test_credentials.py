"""The same home directory and environment, read by botocore and by `keywitness whoami`: access key id, method, region and endpoints agree.

SSO, STS, container and instance metadata are mock-iam's, on loopback. Where KeyWitness follows AWS CLI v2 against boto3, the case says so.
"""

import base64
import hashlib
import json
import os
import stat
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import botocore.session
import pytest
from botocore.credentials import SSOProvider
from botocore.exceptions import BotoCoreError, ClientError
from botocore.tokens import SSOTokenProvider

from emulated import Control
from programs import BINARIES, DEADLINE, served

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role"


def keys(identifier="test", secret="test", token=None):
    return f"aws_access_key_id = {identifier}\naws_secret_access_key = {secret}\n" + (f"aws_session_token = {token}\n" if token else "")


def instant(**since):
    return (datetime.now(timezone.utc) + timedelta(**since)).strftime("%Y-%m-%dT%H:%M:%SZ")


def web_identity():
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = {"sub": "ci", "aud": "sts.amazonaws.com", "iss": "https://oidc.example", "iat": 1600000000, "exp": 4102444800}
    return f"{part({'alg': 'RS256'})}.{part(claims)}.c2ln"


ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "ENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "s"}
SSO = f"sso_account_id = {ACCOUNT}\nsso_role_name = SecurityAudit\n"
SESSION = "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n"

# What stands in ~/.aws/config and ~/.aws/credentials, the environment, and the profile that is named. {url} is the emulator, {home} the home.
CASES = {
    "the environment": {"environment": ENVIRONMENT | {"AWS_DEFAULT_REGION": "eu-west-1"}},
    "the environment before files": {"environment": ENVIRONMENT, "credentials": f"[default]\n{keys('FILE')}"},
    "the environment with a token": {"environment": ENVIRONMENT | {"AWS_SESSION_TOKEN": "t"}},
    "AWS_PROFILE after the environment": {"environment": ENVIRONMENT | {"AWS_PROFILE": "p"}, "credentials": f"[p]\n{keys('P')}"},
    "a named profile before the environment": {"environment": ENVIRONMENT, "credentials": f"[p]\n{keys('P')}", "profile": "p"},
    "the credentials file": {"credentials": f"[default]\n{keys('CRED')}", "config": "[default]\nregion = eu-central-1\n"},
    "the config file": {"config": f"[default]\n{keys('CONF')}region = us-gov-west-1\n"},
    "both files": {"config": f"[default]\n{keys('CONF')}", "credentials": f"[default]\n{keys('CRED')}"},
    "a profile in quotes": {"config": f"[profile \"a b\"]\n{keys('QUOTED')}", "profile": "a b"},
    "AWS_DEFAULT_PROFILE": {"config": f"[profile p]\n{keys('P')}", "environment": {"AWS_DEFAULT_PROFILE": "p"}},
    "files elsewhere": {
        "environment": {"AWS_SHARED_CREDENTIALS_FILE": "{home}/elsewhere"}, "files": {"elsewhere": f"[default]\n{keys('ELSEWHERE')}"}},
    "a region for China": {"config": f"[default]\n{keys('CONF')}region = cn-northwest-1\n"},
    "a region for Europe's own": {"config": f"[default]\n{keys('CONF')}region = eusc-de-east-1\n"},
    "FIPS": {"config": f"[default]\n{keys('CONF')}region = us-east-2\nuse_fips_endpoint = true\n"},
    "FIPS by the environment": {"environment": ENVIRONMENT | {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_DEFAULT_REGION": "us-gov-east-1"}},
    "dual-stack": {"environment": ENVIRONMENT | {"AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_DEFAULT_REGION": "eu-west-1"}},
    "dual-stack and FIPS": {
        "config": f"[default]\n{keys('CONF')}region = us-west-2\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n"},
    "AWS_ENDPOINT_URL": {"environment": ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}},
    "AWS_ENDPOINT_URL_IAM": {"environment": ENVIRONMENT | {"AWS_ENDPOINT_URL_IAM": "http://127.0.0.1:2"}},
    "a services section": {
        "config": f"[default]\n{keys('CONF')}services = s\nendpoint_url = http://127.0.0.1:4\n[services s]\niam =\n  endpoint_url = http://127.0.0.1:3\n"},
    "endpoint URLs that are ignored": {
        "environment": ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}},
    "credential_process": {"config": "[profile p]\ncredential_process = \"{home}/my tool\" 'an argument'\n", "profile": "p",
                           "programs": {"my tool": '{"Version": 1, "AccessKeyId": "PROCESS", "SecretAccessKey": "s"}'}},
    "credential_process before the config file's keys": {
        "config": f"[default]\ncredential_process = {{home}}/tool\n{keys('CONF')}",
        "programs": {"tool": '{"Version": 1, "AccessKeyId": "PROCESS", "SecretAccessKey": "s"}'}},
    "the credentials file before credential_process": {
        "config": "[default]\ncredential_process = {home}/tool\n", "credentials": f"[default]\n{keys('CRED')}",
        "programs": {"tool": '{"Version": 1, "AccessKeyId": "PROCESS", "SecretAccessKey": "s"}'}},
    "a role with a source profile": {
        "config": f"[profile p]\nrole_arn = {ROLE}/audit\nsource_profile = base\nrole_session_name = audit-session\n",
        "credentials": f"[base]\n{keys()}", "profile": "p"},
    "a role of a role": {
        "config": f"[profile p]\nrole_arn = {ROLE}/two\nsource_profile = q\n[profile q]\nrole_arn = {ROLE}/one\nsource_profile = base\n",
        "credentials": f"[base]\n{keys()}", "profile": "p"},
    "a role of a profile that names itself": {
        "config": f"[profile p]\nrole_arn = {ROLE}/audit\nsource_profile = p\n{keys()}", "profile": "p"},
    "a role with the environment's keys": {
        "config": f"[profile p]\nrole_arn = {ROLE}/audit\ncredential_source = Environment\n", "profile": "p",
        "environment": {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}},
    "a role in the credentials file": {"credentials": f"[p]\nrole_arn = {ROLE}/audit\nsource_profile = base\n[base]\n{keys()}", "profile": "p"},
    "a role whose source is a process": {
        "config": f"[profile p]\nrole_arn = {ROLE}/audit\nsource_profile = q\n[profile q]\ncredential_process = {{home}}/tool\n", "profile": "p",
        "programs": {"tool": '{"Version": 1, "AccessKeyId": "test", "SecretAccessKey": "test"}'}},
    "a role with everything": {
        "config": f"[profile p]\nrole_arn = {ROLE}/audit\nsource_profile = base\nexternal_id = x1\nduration_seconds = 1800\n",
        "credentials": f"[base]\n{keys()}", "profile": "p"},
    "a web identity of the environment": {
        "environment": {"AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/token", "AWS_ROLE_ARN": f"{ROLE}/audit"}, "files": {"token": web_identity()}},
    "a web identity of a profile": {
        "config": f"[profile p]\nrole_arn = {ROLE}/audit\nweb_identity_token_file = {{home}}/token\n", "profile": "p",
        "files": {"token": web_identity()}},
    "SSO with a session": {"config": f"[profile p]\nsso_session = corp\n{SSO}{SESSION}", "profile": "p", "token": {"name": "corp"}},
    "SSO with a session that is refreshed": {
        "config": f"[profile p]\nsso_session = corp\n{SSO}{SESSION}", "profile": "p", "token": {"name": "corp", "ends": {"minutes": 5}}},
    "SSO in the older form": {
        "config": f"[profile p]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n{SSO}", "profile": "p",
        "token": {"name": "https://corp.awsapps.com/start"}},
    "SSO before static keys": {
        "config": f"[profile p]\nsso_session = corp\n{SSO}{SESSION}", "credentials": f"[p]\n{keys('CRED')}", "profile": "p",
        "token": {"name": "corp"}},
    "a container": {"environment": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container/credentials"}},
    "a container with a token file": {
        "environment": {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/token"},
        "files": {"token": "mock-container-token"}},
    "an instance": {"environment": {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "{url}/", "AWS_EC2_METADATA_DISABLED": "false"}},
    "a container before an instance": {
        "environment": {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container/credentials", "AWS_EC2_METADATA_DISABLED": "false",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{url}/"}},
}
REFUSED = {
    "nothing": {},
    "a key without its secret": {"environment": {"AWS_ACCESS_KEY_ID": "HALF"}},
    "a key without its secret in a file": {"credentials": "[default]\naws_access_key_id = HALF\n", "config": f"[default]\n{keys('CONF')}"},
    "a profile that isn't there": {"profile": "p", "credentials": f"[q]\n{keys('Q')}"},
    "a role without a source": {"config": f"[profile p]\nrole_arn = {ROLE}/audit\n", "profile": "p"},
    "a role with two sources": {
        "config": f"[profile p]\nrole_arn = {ROLE}/audit\nsource_profile = q\ncredential_source = Environment\n", "profile": "p",
        "credentials": f"[q]\n{keys()}"},
    "roles in a circle": {
        "config": f"[profile p]\nrole_arn = {ROLE}/a\nsource_profile = q\n[profile q]\nrole_arn = {ROLE}/b\nsource_profile = p\n", "profile": "p"},
    "an sso-session that isn't there": {"config": f"[profile p]\nsso_session = none\n{SSO}", "profile": "p"},
    "SSO without a token": {"config": f"[profile p]\nsso_session = corp\n{SSO}{SESSION}", "profile": "p"},
    "SSO whose token has ended": {
        "config": f"[profile p]\nsso_region = us-east-1\nsso_start_url = https://corp.awsapps.com/start\n{SSO}", "profile": "p",
        "token": {"name": "https://corp.awsapps.com/start", "ends": {"minutes": -5}}},
    "a process that fails": {"config": "[profile p]\ncredential_process = /bin/false\n", "profile": "p"},
    "a file that is no file of AWS's": {"config": "[default\nregion = x\n"},
    "a section that stands twice": {"credentials": f"[default]\n{keys('A')}[default]\n{keys('B')}"},
}
CASES |= REFUSED


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("credentials")
    file = folder / "account.json"
    file.write_text(json.dumps({"account": ACCOUNT}), "utf-8")
    with served(folder, "--account", file) as running:
        yield running


class Machine:
    """A home directory and an environment."""

    def __init__(self, home, url, case):
        self.home, self.profile = home, case.get("profile")
        self.write(".aws/config", self.filled(case.get("config"), url))
        self.write(".aws/credentials", self.filled(case.get("credentials"), url))
        for path, text in case.get("files", {}).items():
            self.write(path, text)
        for path, output in case.get("programs", {}).items():
            program = self.write(path, f"#!/bin/sh\ncat <<'END'\n{output}\nEND\n")
            program.chmod(0o700)
        if "token" in case:
            self.sign_on(**case["token"])
        # STS, SSO and OIDC are the emulator's; IAM's endpoint is what the case makes it.
        local = {f"AWS_ENDPOINT_URL_{service}": url for service in ("SSO", "SSO_OIDC")}
        if "arn:aws:iam" in json.dumps(case):
            # Where nobody names a region, botocore asks nobody for a role; KeyWitness goes to us-east-1.
            local |= {"AWS_ENDPOINT_URL_STS": url, "AWS_DEFAULT_REGION": "us-east-1", "AWS_ROLE_SESSION_NAME": "same"}
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **local,
            **{name: self.filled(value, url) for name, value in case.get("environment", {}).items()},
        }

    def filled(self, text, url):
        # Keys follow from the session's name, which either would make up otherwise.
        if text and "role_session_name" not in text:
            text = text.replace("role_arn = ", "role_session_name = same\nrole_arn = ")
        return text and text.replace("{home}", str(self.home)).replace("{url}", url)

    def write(self, path, text):
        if text is None:
            return None
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def sign_on(self, name, ends=None):
        token = {
            "startUrl": "https://corp.awsapps.com/start", "region": "us-east-1", "accessToken": "mock-sso-access-token",
            "expiresAt": instant(**(ends or {"hours": 6})), "clientId": "mock-client", "clientSecret": "mock-client-secret",
            "registrationExpiresAt": instant(days=30), "refreshToken": "mock-sso-refresh-token",
        }
        self.cache = self.write(f".aws/sso/cache/{hashlib.sha1(name.encode()).hexdigest()}.json", json.dumps(token))

    def botocore(self, monkeypatch):
        """What botocore finds; None where it refuses or finds nothing."""
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        cache = os.path.expanduser("~/.aws/sso/cache")
        monkeypatch.setattr(SSOProvider, "_SSO_TOKEN_CACHE_DIR", cache)
        monkeypatch.setattr(SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", cache)
        try:
            session = botocore.session.Session(profile=self.profile)
            credentials = session.get_credentials()
            if credentials is None:
                return None
            frozen = credentials.get_frozen_credentials()
            region = session.get_config_variable("region") or "us-east-1"
            return {
                "access_key_id": frozen.access_key, "method": credentials.method, "region": region,
                "endpoints": {service: self.endpoint(session, service, region) for service in ("iam", "sts")},
            }
        except (BotoCoreError, ClientError) as error:
            self.refusal = error
            return None

    @staticmethod
    def endpoint(session, service, region):
        client = session.create_client(service, region_name=region)
        operation = client.meta.service_model.operation_model({"iam": "ListUsers", "sts": "GetCallerIdentity"}[service])
        return client._ruleset_resolver.construct_endpoint(operation, {}, {}).url.rstrip("/")

    def keywitness(self):
        arguments = ["whoami", "--offline", "--format", "json"] + (["--profile", self.profile] if self.profile else [])
        done = subprocess.run(
            [BINARIES / "keywitness", *arguments], env=self.environment, capture_output=True, text=True, encoding="utf-8",
            timeout=DEADLINE, stdin=subprocess.DEVNULL)
        if done.returncode:
            assert done.returncode == 1 and done.stderr.startswith("error: ") and not done.stdout
            return None
        told = json.loads(done.stdout)
        return {
            "access_key_id": told["access_key_id"], "method": told["credential_method"], "region": told["region"],
            "endpoints": {service: told["endpoints"][service]["url"].rstrip("/") for service in ("iam", "sts")},
        }


@pytest.mark.parametrize("name", CASES)
def test_keywitness_finds_what_botocore_finds(emulator, tmp_path, monkeypatch, name):
    control = Control(emulator.url)
    # Each from the beginning, so that the same request gets the same keys, and the refresh token is good once more.
    control.post("reset")
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    ours = Machine(tmp_path / "ours", emulator.url, CASES[name]).keywitness()
    control.post("reset")
    with monkeypatch.context() as patches:
        machine = Machine(tmp_path / "theirs", emulator.url, CASES[name])
        theirs = machine.botocore(patches)
    assert (ours is None) == (name in REFUSED)
    assert ours == theirs, getattr(machine, "refusal", None)


def test_keywitness_goes_by_aws_region_as_aws_cli_v2_does(tmp_path, monkeypatch):
    """boto3 doesn't know AWS_REGION; AWS CLI v2 and the other SDKs do."""
    machine = Machine(tmp_path, "", {"environment": ENVIRONMENT | {"AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "eu-west-2"}})
    assert machine.keywitness()["region"] == "eu-west-3"
    with monkeypatch.context() as patches:
        assert machine.botocore(patches)["region"] == "eu-west-2"


def test_a_refreshed_token_is_written_back_as_botocore_reads_it(emulator, tmp_path, monkeypatch):
    Control(emulator.url).post("reset")
    case = CASES["SSO with a session that is refreshed"]
    machine = Machine(tmp_path, emulator.url, case)
    before = json.loads(machine.cache.read_text())
    machine.cache.chmod(0o600)
    assert machine.keywitness()["method"] == "sso"
    after = json.loads(machine.cache.read_text())
    assert set(after) == set(before)
    assert after["accessToken"] != before["accessToken"] and after["refreshToken"] != before["refreshToken"]
    assert after["expiresAt"] > before["expiresAt"]
    assert stat.S_IMODE(machine.cache.stat().st_mode) == 0o600
    # The new token is good, and nobody refreshes it again.
    with monkeypatch.context() as patches:
        assert machine.botocore(patches)["method"] == "sso"
    assert json.loads(machine.cache.read_text()) == after


@pytest.mark.parametrize("program", ["aws"])
def test_aws_cli_is_the_same_person(emulator, tmp_path, program):
    """`aws sts get-caller-identity` and `keywitness whoami` with the same role."""
    Control(emulator.url).post("reset")
    case = CASES["a role with a source profile"]
    machine = Machine(tmp_path, emulator.url, case)
    environment = machine.environment | {"AWS_DEFAULT_REGION": "us-east-1"}
    cli = subprocess.run(
        [sys.executable, "-m", "awscli", "sts", "get-caller-identity", "--profile", "p"], env=environment, capture_output=True, text=True,
        timeout=DEADLINE)
    assert not cli.returncode, cli.stderr
    ours = subprocess.run(
        [BINARIES / "keywitness", "whoami", "--profile", "p", "--format", "json"], env=environment, capture_output=True, text=True,
        timeout=DEADLINE, check=True)
    theirs, ours = json.loads(cli.stdout), json.loads(ours.stdout)
    assert (theirs["Account"], theirs["Arn"], theirs["UserId"]) == (ours["account"], ours["arn"], ours["user_id"])
