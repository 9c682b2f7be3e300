#!/usr/bin/env python3
"""Makes the seeds in corpus/ and the dictionaries anew, from the fixtures, account files and fault plans that are bundled.

    Fuzzing/make-seeds.py

Seeds are what libFuzzer starts from: one small input for everything that the program knows how to read. The same files give the
same seeds. Only Python's standard library is needed.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import shutil
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BUNDLED = ROOT / "MockIAM"
# The clock of MockIAM/Accounts/organization.yaml, from which the target `requests` answers.
CLOCK = "20261122T204500Z"

IAM, STS = "2010-05-08", "2011-06-15"
# A JSON Web Token that says {"exp":-1e300}: an instant that no integer holds.
TOKEN_OF_LONG_AGO = "e30.eyJleHAiOi0xZTMwMH0.c2ln"
ACTIONS = [
    (IAM, "ListUsers", {"MaxItems": "1"}),
    (IAM, "ListUsers", {"PathPrefix": "/ci/", "MaxItems": "+01"}),
    (IAM, "GetUser", {"UserName": "ci-deploy"}),
    (IAM, "ListAccessKeys", {"UserName": "svc-billing", "MaxItems": "1"}),
    (IAM, "GetAccessKeyLastUsed", {"AccessKeyId": "AKIAEXAMPLE000000001"}),
    (IAM, "GetLoginProfile", {"UserName": "break-glass"}),
    (IAM, "GenerateCredentialReport", {}),
    (IAM, "GetCredentialReport", {}),
    (IAM, "GetAccountSummary", {}),
    (IAM, "GetAccountAuthorizationDetails", {"Filter.member.1": "User", "Filter.member.2": "Role", "MaxItems": "2"}),
    (IAM, "ListAccountAliases", {}),
    (IAM, "ListUserTags", {"UserName": "ci-deploy"}),
    (IAM, "ListMFADevices", {"UserName": "break-glass"}),
    (IAM, "ListSigningCertificates", {"UserName": "ci-deploy"}),
    (IAM, "ListSSHPublicKeys", {"UserName": "ci-deploy"}),
    (IAM, "ListServiceSpecificCredentials", {"AllUsers": "true", "ServiceName": "codecommit.amazonaws.com"}),
    (STS, "GetCallerIdentity", {}),
    (STS, "GetSessionToken", {"DurationSeconds": "900"}),
    (STS, "GetAccessKeyInfo", {"AccessKeyId": "AKIAEXAMPLEAUDITOR01"}),
    (STS, "AssumeRole", {"RoleArn": "arn:aws:iam::222233334444:role/SecurityAudit", "RoleSessionName": "audit",
                         "ExternalId": "audit-2026", "DurationSeconds": "3600"}),
    (STS, "AssumeRole", {"RoleArn": "arn:aws:iam::222233334444:role/emergency/BreakGlass", "RoleSessionName": "audit",
                         "SerialNumber": "arn:aws:iam::111122223333:mfa/break-glass", "TokenCode": "123456"}),
    (STS, "AssumeRoleWithWebIdentity", {"RoleArn": "arn:aws:iam::333344445555:role/SecurityAudit",
                                        "RoleSessionName": "audit", "WebIdentityToken": "token"}),
]
JSON = "Content-Type: application/json\n"
OTHERS = {
    "portal": "GET /federation/credentials?role_name=SecurityAudit&account_id=222233334444 HTTP/1.1\n"
              "x-amz-sso_bearer_token: mock-sso-access-token\n\n",
    "portal-accounts": "GET /assignment/accounts?max_result=1 HTTP/1.1\nx-amz-sso_bearer_token: mock-sso-access-token\n\n",
    "portal-roles": "GET /assignment/roles?account_id=222233334444 HTTP/1.1\n"
                    "x-amz-sso_bearer_token: mock-sso-access-token\n\n",
    "logout": "POST /logout HTTP/1.1\nx-amz-sso_bearer_token: mock-sso-access-token\n\n{}",
    "token": "POST /token HTTP/1.1\n" + JSON + '\n{"clientId":"mock-client","clientSecret":"mock-client-secret",'
             '"grantType":"refresh_token","refreshToken":"mock-sso-refresh-token"}',
    "register": "POST /client/register HTTP/1.1\n" + JSON + '\n{"clientName":"x","clientType":"public"}',
    "device": "POST /device_authorization HTTP/1.1\n" + JSON + '\n{"clientId":"mock-client","clientSecret":'
              '"mock-client-secret","startUrl":"https://example.com/start"}',
    "container": "GET /container/credentials/SecurityAudit HTTP/1.1\nAuthorization: x\n\n",
    "task": "GET /v2/credentials/1 HTTP/1.1\n\n",
    "metadata": "PUT /latest/api/token HTTP/1.1\nX-aws-ec2-metadata-token-ttl-seconds: 60\n\n\n----\n"
                "GET /latest/meta-data/iam/security-credentials/SecurityAudit HTTP/1.1\n\n",
    "organizations": "POST / HTTP/1.1\nX-Amz-Target: AWSOrganizationsV20161128.ListAccounts\n"
                     'Content-Type: application/x-amz-json-1.1\n\n{"MaxResults":1,"NextToken":"x"}',
    "organization": "POST / HTTP/1.1\nX-Amz-Target: AWSOrganizationsV20161128.DescribeOrganization\n\n{}",
    "control-clock": 'PUT /_mock/clock HTTP/1.1\n\n{"now": "1h ago", "moving": true}\n----\n'
                     'POST /_mock/clock/advance HTTP/1.1\n\n{"by": "1h30m"}\n----\nGET /_mock/clock HTTP/1.1\n\n',
    "control-verify": "POST / HTTP/1.1\n\nAction=ListUsers\n----\nPOST /_mock/verify HTTP/1.1\n\n"
                      '{"expectations": [{"action": "List*", "parameters": {"UserName": "c*"}, "at_least": 1, "at_most": 2}], '
                      '"unmatched": 0}',
    "control-journal": "GET /?Action=ListUsers&Version=2010-05-08 HTTP/1.1\n\n\n----\n"
                       "GET /_mock/journal?action=List*&account=111122223333&outcome=answered&since=0 HTTP/1.1\n\n\n----\n"
                       "DELETE /_mock/journal HTTP/1.1\n\n",
    "control-state": "PUT /_mock/state HTTP/1.1\n\naccount: '111122223333'\nusers:\n  - {name: a, keys: [{last_used: 1h ago}]}\n"
                     "\n----\nGET /_mock/state HTTP/1.1\n\n\n----\nPOST / HTTP/1.1\n\nAction=ListUsers&Version=2010-05-08"
                     "\n----\nPOST /_mock/reset HTTP/1.1\n\n\n----\nPOST /_mock/sessions/expire HTTP/1.1\n\n",
    "presigned": "GET /?Action=ListUsers&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20261122%2Fus-east-1%2Fiam%2F"
                 f"aws4_request&X-Amz-Date={CLOCK}&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature={'0' * 64} HTTP/1.1\n"
                 "Host: localhost\n\n",
}


def form(version, action, parameters):
    return urllib.parse.urlencode({"Action": action, "Version": version, **parameters})


def signed(body, service, key="test", secret="test"):
    """A POST in AWS's Signature Version 4."""
    def mac(key, text):
        return hmac.new(key, text.encode(), hashlib.sha256).digest()

    scope = f"{CLOCK[:8]}/us-east-1/{service}/aws4_request"
    names = "content-type;host;x-amz-date"
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    canonical = "\n".join(["POST", "/", "", f"content-type:{kind}", "host:localhost", f"x-amz-date:{CLOCK}", "", names,
                           hashlib.sha256(body.encode()).hexdigest()])
    text = "\n".join(["AWS4-HMAC-SHA256", CLOCK, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signing = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        signing = mac(signing, part)
    signature = mac(signing, text).hex()
    return (f"POST / HTTP/1.1\nHost: localhost\nContent-Type: {kind}\nX-Amz-Date: {CLOCK}\nAuthorization: AWS4-HMAC-SHA256 "
            f"Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}\n\n{body}")


def requests():
    for number, (version, action, parameters) in enumerate(ACTIONS):
        service = "sts" if version == STS else "iam"
        body = form(version, action, parameters)
        yield f"{number:02}-{action}-signed", "strict\n" + signed(body, service)
        yield f"{number:02}-{action}", f"{'lenient' if number % 2 else 'off'}\nPOST / HTTP/1.1\n\n{body}"
    auditor = signed(form(STS, "AssumeRole", ACTIONS[19][2]), "sts", "AKIAEXAMPLEAUDITOR01", "test-secret-of-the-auditor")
    yield "assume-role-signed", "strict\n" + auditor
    for name, text in OTHERS.items():
        yield name, "off\n" + text
    yield "organizations-lenient", "lenient\n" + OTHERS["organizations"]
    for plan in faults():
        yield f"faults-{plan[0]}", (f"off\nPUT /_mock/faults HTTP/1.1\n\n{plan[1]}\n----\n"
                                    + "\n----\n".join(["POST / HTTP/1.1\n\nAction=ListUsers&Version=2010-05-08"] * 3))
    recording = (BUNDLED / "Fixtures/demo-account/exchanges.jsonl").read_text().splitlines()
    bodies = [json.loads(line)["request"]["postData"]["text"] for line in recording[1:4]]
    yield "replayed", "replay\n" + "\n----\n".join(f"POST / HTTP/1.1\n\n{body}" for body in bodies)


def without_comments(text):
    return "".join(line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("#"))


def faults():
    """Each rule of the bundled plans by itself, as small inputs are tried the fastest."""
    for file in sorted((BUNDLED / "Faults").glob("*.yaml")):
        text = without_comments(file.read_text())
        head, _, rules = text.partition("faults:\n")
        for number, rule in enumerate(part for part in ("\n" + rules).split("\n  - ") if part.strip()):
            yield f"{file.stem}-{number}", f"faults:\n  - {rule.rstrip()}\n"


def files():
    for file in sorted((BUNDLED / "Accounts").glob("*.yaml")):
        yield file.stem, without_comments(file.read_text())
    for name, text in faults():
        yield f"faults-{name}", text
    yield "faults-json", '{"faults": [{"error": 503, "match": {"action": "List*"}, "when": {"every": 10}}], "seed": 7}\n'
    yield "account-json", ('{"account": "111122223333", "clock": "2026-11-22T20:45:00Z", "users": [{"name": "a", '
                           '"created": "400d ago", "keys": [{"last_used": {"at": "1h", "service": "s3", "region": "N/A"}}]}]}\n')


def recordings():
    for name in ["demo-account", "clean-account", "partial-account"]:
        lines = (BUNDLED / "Fixtures" / name / "exchanges.jsonl").read_text().splitlines()
        kinds = {}
        for line in lines[1:]:
            entry = json.loads(line)
            kinds.setdefault((entry["_op"], entry["response"]["status"]), line)
        for (operation, status), line in kinds.items():
            entry = json.loads(line)
            # A large body is many times the same to the reader.
            if len(line) > 6000:
                continue
            yield f"{name}-{operation}-{status}", f"{lines[0]}\n{line}\n"
            har = {"log": {"creator": {"name": "fuzz", "version": "1"}, "entries": [entry], "version": "1.2"}}
            if name == "demo-account":
                yield f"{name}-{operation}-{status}-har", json.dumps(har)
    foreign = {"startedDateTime": "2026-11-22T20:45:00.123456+01:00", "time": 1.5,
               "request": {"method": "GET", "url": "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08&X-Amz-Signature=0",
                           "headers": [{"name": "X-Amz-Target", "value": "AWSOrganizationsV20161128.ListAccounts"}],
                           "postData": {"params": [{"name": "a", "value": "b"}]}},
               "response": {"status": 200, "headers": [{"name": "Content-Length", "value": "1"}],
                            "content": {"encoding": "base64", "text": "PGEvPg=="}}}
    yield "foreign-har", json.dumps({"log": {"entries": [foreign]}})


def answers():
    found = {}
    for name in ["demo-account", "clean-account"]:
        for line in (BUNDLED / "Fixtures" / name / "exchanges.jsonl").read_text().splitlines()[1:]:
            entry = json.loads(line)
            text = entry["response"]["content"].get("text", "")
            key = f"{entry['_op']}-{entry['response']['status']}"
            # The shortest of a kind.
            if text and (key not in found or len(text) < len(found[key])):
                found[key] = text
    yield from found.items()
    namespace = f'xmlns="https://iam.amazonaws.com/doc/{IAM}/"'
    yield "errors", (f"<ErrorResponse {namespace}><Errors><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate "
                     "&lt;exceeded&gt;</Message></Error></Errors><RequestId>1</RequestId></ErrorResponse>")
    yield "markup", (f"<?xml version='1.0' encoding='UTF-8'?><!-- c --><ListUsersResponse {namespace}><ListUsersResult><IsTruncated>"
                     "true</IsTruncated><Marker><![CDATA[a]]>&#65;&amp;</Marker><Users><member><UserName>a</UserName><UserId>b"
                     "</UserId><Arn>c</Arn><CreateDate>2026-11-22T20:45:00.5+01:00</CreateDate><?pi x?><New><a/></New></member>"
                     "</Users></ListUsersResult></ListUsersResponse>")
    yield "doctype", '<!DOCTYPE r [<!ENTITY a "aaaa">]><ErrorResponse><Error><Code>&a;</Code></Error></ErrorResponse>'
    yield "latin1", '<?xml version="1.0" encoding="ISO-8859-1"?><ErrorResponse><Error><Code>\u00e9</Code></Error></ErrorResponse>'
    yield "utf16", "\ufeff<ErrorResponse><Error><Code>a</Code></Error></ErrorResponse>".encode("utf-16-be")


def a_bundle(path, content):
    return f"{path}\n{content if isinstance(content, str) else json.dumps(content)}"


def source(operation, exchange, *further):
    fact = {"as_of": "2026-11-22T20:45:00Z", "exchange": exchange, "source": operation}
    return {**fact, "further_exchanges": list(further)} if further else fact


def key(name, created, last_use=None, status="Active", conclusions=()):
    at, service, region = last_use or (None, None, None)
    return {"access_key_id": name, "status": status, "created_date": created, "last_used_date": at, "last_used_service": service,
            "last_used_region": region, "never_used": at is None, "risk_level": "HIGH",
            "control_tests": [{"test": test, "conclusion": "satisfied"} for test in conclusions],
            "facts": {"status": source("ListAccessKeys", 5), "last_use": source("GetAccessKeyLastUsed", 6)}}


def user(name, keys, **more):
    optional = {"tags": "ListUserTags", "mfa_devices": "ListMFADevices", "ssh_public_keys": "ListSSHPublicKeys",
                "service_specific_credentials": "ListServiceSpecificCredentials",
                "signing_certificates": "ListSigningCertificates"}
    facts = {"user": source("ListUsers", 4), "access_keys": source("ListAccessKeys", 5, 7),
             "console_access": source("GetLoginProfile", 8)}
    return {"username": name, "user_id": "AIDAEXAMPLE000000001", "arn": f"arn:aws:iam::111122223333:user/{name}",
            "user_created": "2025-01-02T03:04:05Z", "has_console_access": False, "password_last_used": None,
            "access_keys_listed": True, "access_keys": keys,
            "facts": facts | {name: source(operation, 9) for name, operation in optional.items() if more.get(name)}, **more}


def report(users, **completeness):
    """What KeyWitness reads of a report."""
    return {
        "metadata": {"account_id": "111122223333", "account_partition": "aws", "as_of_source": "clock", "aws_profile": "audit",
                     "assessment_date": "2026-11-22T20:45:00Z", "aws_region": "us-east-1", "exceptions": None,
                     "caller_arn": "arn:aws:sts::111122223333:assumed-role/audit/nightly", "tool_version": "0.1.0",
                     "collection_started": "2026-11-22T20:45:00Z", "collection_ended": "2026-11-22T20:45:09Z",
                     "frameworks": ["nist-800-53-rev5", "soc2-tsc-2017"]},
        "root_user": {"access_keys": None, "has_mfa": True, "summary": source("GetAccountSummary", 2)},
        "analysis_results": {"summary": {"total_keys": 1, "total_users": 1, "compliance_rate": None}, "user_analysis": users},
        "completeness": {"account_summary": None, "credential_report": None, "errors": {}, "failures": [], "population_notes": [],
                         "requests": {"GetCallerIdentity": 1, "ListUsers": 1}, "retries": 0, "source": "live", "throttles": 0,
                         "clock_skew_seconds": None, "user_list_complete": True, "user_list_pages": 1, **completeness}}


def bundles():
    old, new = "2025-01-02T03:04:05Z", "2026-11-01T00:00:00Z"
    yield "report-empty", a_bundle("report.json", report([]))
    yield "report-key", a_bundle("report.json", report([user("ci-deploy", [
        key("AKIAEXAMPLE000000001", old, ("2026-11-20T00:00:00Z", "s3", "us-east-1"), conclusions=["unused-key", "key-rotation"])])]))
    yield "report-keys", a_bundle("report.json", report([
        user("a", [key("AKIAEXAMPLE000000001", old), key("AKIAEXAMPLE000000002", new, status="Inactive")]), user("b", [])]))
    yield "report-optional", a_bundle("report.json", report([user(
        "a", [], tags=[{"key": "owner", "value": "b"}], mfa_devices=None, ssh_public_keys=[
            {"id": "APKAEXAMPLE000000001", "status": "Active", "created_date": new}],
        service_specific_credentials=[{"id": "ACCAEXAMPLE000000001", "service": "codecommit.amazonaws.com", "expiration_date": new}],
        signing_certificates=[])], failures=[
            {"code": "AccessDenied", "exchange": 9, "fact": "mfa-devices", "message": "no", "operation": "ListMFADevices",
             "subject": "a"}]))
    slot = key(None, old) | {"access_key_slot": 1, "never_used": None}
    yield "report-undetermined", a_bundle("report.json", report(
        [user("a", [slot]), user("b", []) | {"access_keys_listed": False, "has_console_access": None}],
        source="report", user_list_complete=False, clock_skew_seconds=-400, errors={"ListUsers Throttling": 2}, failures=[
            {"code": code, "exchange": None, "fact": fact, "message": "why", "operation": "ListUsers", "subject": subject}
            for code, fact, subject in [("Interrupted", "population", "account"), ("NoAnswer", "population", "b"),
                                        ("AccessDenied", "last-use", "slot 1"), ("AccessDenied", "console-access", "b")]],
        population_notes=[{"kind": "user-vanished", "subject": "c", "observed": "it was gone", "explanation": "deleted",
                           "exchanges": [4, 5]}]))
    root = report([], source="auto", account_summary={
        "as_of": old, "exchange": 2, "root_has_access_keys": True, "users": 1, "users_at_end": 2},
        credential_report={"generated_time": new, "exchange": 3, "users": 1, "keys": 2, "made_during_run": True})
    root["root_user"]["access_keys"] = [key(None, old, (new, "iam", "us-east-1")) | {"access_key_slot": 1}]
    yield "report-root", a_bundle("report.json", root)
    manifest = {"account": "111122223333", "as_of": new, "as_of_source": "option", "oscal_version": "1.2.1", "sequence": 2,
                "files": [{"path": "report.json", "size": 1, "sha256": "0" * 64}], "window": {"ended": new, "started": old},
                "previous": {"run": "20261121T204500Z", "sha256": "0" * 64}, "unreadable_runs": ["20261120T204500Z"],
                "signature": {"key_type": "ssh-ed25519", "key_fingerprint": "SHA256:" + "A" * 43},
                "timestamp": {"authority": "http://timestamp.example.com"}}
    yield "manifest", a_bundle("manifest.json", manifest)
    yield "manifest-first", a_bundle("manifest.json", manifest | {
        "sequence": 1, "previous": None, "signature": None, "timestamp": None, "unreadable_runs": [], "as_of_source": "clock"})
    crosswalk = json.loads((ROOT / "evidence-schemas/controls.json").read_text())
    for entry in crosswalk["tests"]:
        del entry["mappings"][1:]
    yield "controls", a_bundle("controls.json", crosswalk)
    yield "controls-own", a_bundle("controls.json", {
        "version": "1", "frameworks": [{"id": "own", "title": "Our own", "label": "Own"}], "tests": [
            {"test": "unused-key", "mappings": [{
                "framework": "own", "control": "a-1", "label": "A.1", "target": "a-1_smt", "targetType": "statement-id",
                "parameter": "a-1_prm", "dueParameter": "a-1_due", "relationship": "direct", "rationale": "As we say."}]}]})
    yield "keys", a_bundle("keys.csv", 'username,note,risk_level\r\na,"b ""c""\r\n",HIGH\r\nd,,LOW\r\n')
    yield "sums", a_bundle("SHA256SUMS", "".join(f"{'0' * 64}  {name}\n" for name in ["keys.csv", "report.json"]))
    prop = [{"name": "control-test", "value": "unused-key"}, {"name": "exception", "value": "T-1", "class": "in-force"}]
    uuid = "00000000-0000-4000-8000-00000000000"
    yield "results", a_bundle("oscal/assessment-results.json", {"assessment-results": {
        "uuid": f"{uuid}0", "import-ap": {"href": "./assessment-plan.json"}, "results": [{
            "uuid": f"{uuid}1", "reviewed-controls": {"control-selections": [{"include-controls": [{"control-id": "ac-2.3"}]}]},
            "local-definitions": {"inventory-items": [{"uuid": f"{uuid}2"}]},
            "observations": [{"uuid": f"{uuid}3", "title": "a", "description": "b", "subjects": [{"subject-uuid": f"{uuid}2"}], "props": [
                {"name": "classification", "value": "HIGH"}, {"name": "test-conclusion", "value": "unused-key: satisfied"}]}],
            "findings": [
                {"uuid": f"{uuid}4", "title": "of a key", "props": prop, "related-observations": [{"observation-uuid": f"{uuid}3"}],
                 "target": {"target-id": "ac-2.3_obj.d", "status": {"state": "satisfied", "reason": "pass"}}},
                {"uuid": f"{uuid}5", "title": "of a control", "props": prop[:1] + [
                    {"name": name, "value": "1"} for name in ["subjects-tested", "failed", "excepted", "undetermined"]] + [
                    {"name": "scope", "value": "control"}], "related-risks": [{"risk-uuid": f"{uuid}6"}],
                 "target": {"target-id": "ac-2.3_obj.d", "status": {"state": "not-satisfied", "reason": "fail"}}}]}],
        "back-matter": {"resources": [{"uuid": f"{uuid}7", "rlinks": [
            {"href": "../report.json", "hashes": [{"algorithm": "SHA-256", "value": "0" * 64}]}]}]}}})


def policies():
    for file in sorted((ROOT / "evidence-schemas/policies").glob("*.yaml")):
        yield file.stem, without_comments(file.read_text())
    yield "overrides", ("name: own\ntitle: Ours\nextends: strict\nowner_tags: [owner, Owner]\n"
                        "tests: [unused-key, key-rotation, identifier-assigned]\ninactive_keys: {at_most: low}\n"
                        "limits: {key_age: 30, last_used: 45, inactive_grace: 30, rotation_overlap: 7}\n"
                        "due: {critical: 1, high: 7, medium: 30, low: 90}\nexceptions: {maximum_term: 90, warn_before: 7}\n"
                        "overrides:\n  - name: robots\n    match: {users: ['ci-*'], paths: [/ci/], tags: {kind: 'rob?t'}}\n"
                        "    levels: {critical: {age: 400, idle: 300, never_used_age: 200}}\n    due: {critical: 2}\n")
    yield "json", '{"name": "a", "extends": "default", "levels": {"high": {"age": 180}, "low": {"idle": 10}}}\n'
    subjects = ["key: AKIAEXAMPLE000000001", "user: ci-deploy", "root_user: true", "account: true",
                "{users: ['svc-*'], paths: [/svc/], tags: {owner: b}}"]
    tests = ["key-rotation", "unused-key, key-rotation", "root-key", "identifier-unique", "single-active-key"]
    for number, (subject, test) in enumerate(zip(subjects, tests)):
        subject = f"\n      {subject}" if subject[0] != "{" else " " + subject
        yield f"exceptions-{number}", (
            f"exceptions:\n  - ticket: SEC-{number}\n    subject:{subject}\n    tests: [{test}]\n    kind: accepted-risk\n"
            "    owner: a\n    approver: b\n    reason: it is so\n    created: 2026-06-30\n    expires: 2026-12-31T12:00:00Z\n")


def ssh(*words):
    return b"".join(len(word).to_bytes(4, "big") + word for word in words)


# Of RFC 8032, 7.1, and RFC 6979, A.2.5: keys that everybody knows.
ED25519_SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
ED25519_POINT = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
P256_SCALAR = bytes.fromhex("00c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")
P256_POINT = bytes.fromhex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                           "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")


def asn1(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    return bytes([tag]) + (bytes([size]) if size < 0x80 else bytes([0x81, size])) + content


def timestamp(status, time, nonce=b""):
    """RFC 3161, without the signature, which isn't looked at."""
    sha256 = asn1(0x30, asn1(0x06, bytes.fromhex("608648016503040201")), asn1(0x05))
    info = asn1(0x30, asn1(0x02, b"\x01"), asn1(0x06, b"\x2a\x03\x04"), asn1(0x30, sha256, asn1(0x04, b"\x2a" * 32)),
                asn1(0x02, b"\x07"), asn1(0x18, time), nonce)
    content = asn1(0x30, asn1(0x06, bytes.fromhex("2a864886f70d0109100104")), asn1(0xA0, asn1(0x04, info)))
    signed = asn1(0x30, asn1(0x02, b"\x03"), asn1(0x31, sha256), content, asn1(0x31))
    token = asn1(0x30, asn1(0x06, bytes.fromhex("2a864886f70d010702")), asn1(0xA0, signed))
    return asn1(0x30, asn1(0x30, asn1(0x02, bytes([status]))), token)


def seals():
    ed25519 = ssh(b"ssh-ed25519", ED25519_POINT)
    p256 = ssh(b"ecdsa-sha2-nistp256", b"nistp256", P256_POINT)
    secrets = {
        "ed25519": (ed25519, ssh(b"ssh-ed25519", ED25519_POINT, ED25519_SEED + ED25519_POINT, b"comment")),
        "p256": (p256, ssh(b"ecdsa-sha2-nistp256", b"nistp256", P256_POINT, P256_SCALAR, b"comment"))}
    for name, (public, private) in secrets.items():
        kind = public[4:4 + int.from_bytes(public[:4], "big")]
        line = f"{kind.decode()} {base64.b64encode(public).decode()}"
        yield f"{name}-public", public
        yield f"{name}-line", f"{line} comment\n"
        whole = b"openssh-key-v1\0" + ssh(b"none", b"none", b"") + bytes([0, 0, 0, 1]) + ssh(public, bytes(8) + private + b"\1\2\3")
        yield f"{name}-private", whole
        number = b"\x11" * 32
        made = ssh(kind, ssh(number, number) if name == "p256" else number * 2)
        raw = b"SSHSIG" + bytes([0, 0, 0, 1]) + ssh(public, b"keywitness", b"", b"sha512", made)
        yield f"{name}-signature", raw
        armored = base64.b64encode(raw).decode()
        lines = "\n".join(armored[start:start + 70] for start in range(0, len(armored), 70))
        yield f"{name}-armored", f"-----BEGIN SSH SIGNATURE-----\n{lines}\n-----END SSH SIGNATURE-----\n"
        yield f"{name}-signers", (f"# who may sign\na@example.com,\"b c\" {line}\n\n*@example.com namespaces=\"key*,!file\","
                                  f"valid-after=\"20250102Z\",valid-before=\"20261231235959\" {line} comment\n"
                                  f"c cert-authority {line}\n")
    yield "protected", b"openssh-key-v1\0" + ssh(b"aes256-ctr", b"bcrypt", ssh(b"salt") + bytes(4)) + bytes([0, 0, 0, 1]) + ssh(
        ed25519, b"secret")
    yield "timestamp", timestamp(0, b"20261122204509Z", asn1(0x02, b"\x12\x34\x56"))
    yield "timestamp-fraction", timestamp(1, b"20261122204509.25Z")
    yield "timestamp-refused", asn1(0x30, asn1(0x30, asn1(0x02, b"\x02"), asn1(0x30, asn1(0x0C, b"no"))))


WORDS = {
    "requests": [
        *{name for _, _, parameters in ACTIONS for name in parameters}, *{action for _, action, _ in ACTIONS}, IAM, STS,
        "Action=", "Version=", "Marker=", "&", "=", "%", "%00", "%FF", "+", "\n----\n", "\n\n", "POST / HTTP/1.1\n", "GET /?", "HEAD ",
        "PUT ", "DELETE ", "strict\n", "lenient\n", "off\n", "replay\n", "Authorization: ", "AWS4-HMAC-SHA256", "Credential=",
        "SignedHeaders=", "Signature=", "X-Amz-Date: ", "X-Amz-Security-Token: ", "X-Amz-Target: ", "x-amz-content-sha256: ",
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature", "Host: ", "Origin: ",
        "AWSOrganizationsV20161128.", "aws4_request", "us-east-1", "/_mock/", "/_mock/faults", "/_mock/state", "/_mock/clock",
        "/_mock/journal", "/_mock/verify", "/_mock/reset", "/latest/meta-data/", "/container/credentials/", "faults:\n  - ",
        "error: ", "truncate: half", "drip: ", "oversize: ", "when: ", "match: ", "reset: within", "html: ", "{}", "{\"", "\": ",
        "9223372036854775807", "-9223372036854775808", "-1", "1e999", "NaN", "\u00e9", "\U0001F600", "/_mock/clock/advance", "3000000d",
        TOKEN_OF_LONG_AGO,
    ],
    "files": [
        "account: ", "accounts:\n", "clock: ", "name: ", "alias: ", "users:\n  - ", "path: ", "created: ", "tags: ", "keys:\n",
        "last_used: ", "never", "status: Inactive", "password: ", "mfa: ", "deleted: ", "credential_report: ", "generated: ", "polls: ",
        "root: ", "roles:\n", "trusts: ", "external_id: ", "max_session_duration: ", "denied: ", "callers:\n", "access_key_id: ",
        "secret_access_key: ", "principal: ", "summary: ", "allow_invalid: true", "earlier_use: ", "partition: ", "email: ", "seed: ",
        "faults:\n  - ", "match: ", "action: ", "parameters: ", "when: ", "every: ", "times: ", "calls: ", "probability: ", "per: request",
        "error: ", "html: ", "reset: within", "truncate: half", "refuse: ", "drip: ", "oversize: ", "content_length: ", "latency: ",
        "400d ago", "1h30m", "2026-11-22T20:45:00Z", "-0001-01-01T00:00:00Z", "99999-12-31T23:59:60+23:59", "&a ", "*a", "!!str ",
        "<<: ", "---\n", "...\n", "|\n", ">-\n", "? ", ": ", "- ", "{", "}", "[", "]", "\"", "'", "\\u0000", "\\ud800", "~", "null",
        "true", "1e999", ".inf", ".nan", "0x10", "9223372036854775808", "-9223372036854775808", "1099511627776GiB", "\ufeff",
    ],
    "recordings": [
        "_recording", "_account", "_attempt", "_error", "_op", "_outcome", "_seq", "_sha256", "_bodyFile", "cache", "request", "response",
        "bodySize", "content", "encoding", "base64", "mimeType", "size", "text", "cookies", "headers", "headersSize", "httpVersion",
        "method", "postData", "params", "queryString", "url", "name", "value", "redirectURL", "status", "statusText", "startedDateTime",
        "time", "timings", "receive", "send", "wait", "formatVersion", "created", "clock", "tool", "log", "entries", "creator", "version",
        "null", "true", "1e400", "-0.0", "9223372036854775808", "\\u0000", "\\ud800", "\\n", "{}", "[]", "\n", "Action=", "UserName=",
        "arn:aws:iam::111122223333:user/", "arn:aws:sts::", "AKIA", "AIDA", "<member>", "</member>", "<![CDATA[", "]]>", "&amp;", "&#0;",
        "<Content>", "X-Amz-Target", "AWSOrganizationsV20161128.ListAccounts", "ListUsers", "GetCredentialReport", "https://",
    ],
    "answers": [
        *["<%s>" % name for name in (
            "ListUsersResponse ListUsersResult Users member UserName UserId Arn Path CreateDate PasswordLastUsed IsTruncated Marker "
            "ListAccessKeysResponse ListAccessKeysResult AccessKeyMetadata AccessKeyId Status GetLoginProfileResponse "
            "GetLoginProfileResult LoginProfile PasswordResetRequired GetAccessKeyLastUsedResponse GetAccessKeyLastUsedResult "
            "AccessKeyLastUsed LastUsedDate ServiceName Region GetCallerIdentityResponse GetCallerIdentityResult Account "
            "ErrorResponse Response Errors Error Code Message Type ResponseMetadata RequestId").split()],
        "</member>", "</Users>", "</", "/>", "<", ">", "<![CDATA[", "]]>", "<!--", "-->", "<?pi ", "?>", "<!DOCTYPE r [", "<!ENTITY a '",
        "<!ENTITY % p SYSTEM '", "&a;", "&#x0;", "&#65;", "&lt;", "&amp;", " xmlns=\"", " xmlns:p=\"", "p:", "xml:space=\"preserve\"",
        "<?xml version=\"1.0\" encoding=\"", "UTF-8", "UTF-16", "ISO-8859-1", "EBCDIC-CP-US", "\ufeff", "true", "false",
        "2026-11-22T20:45:00Z", "2026-11-22T20:45:00.5+01:00", "111122223333",
    ],
    "bundles": [
        *(f"{path}\n" for path in ("report.json", "manifest.json", "controls.json", "keys.csv", "SHA256SUMS",
                                   "oscal/assessment-results.json")),
        *(f'"{name}": ' for name in (
            "metadata completeness analysis_results user_analysis root_user summary account_id as_of_source assessment_date aws_profile "
            "exceptions sha256 frameworks collection_ended access_keys access_keys_listed access_key_id access_key_slot status "
            "created_date last_used_date last_used_service last_used_region never_used facts as_of exchange further_exchanges source "
            "has_console_access has_mfa password_last_used user_id username arn tags key value mfa_devices ssh_public_keys "
            "service_specific_credentials signing_certificates id service expiration_date failures fact code message operation subject "
            "population_notes kind observed explanation exchanges account_summary root_has_access_keys users users_at_end "
            "credential_report generated_time made_during_run keys clock_skew_seconds retries throttles requests errors "
            "user_list_complete user_list_pages previous run signature key_type key_fingerprint timestamp authority unreadable_runs "
            "sequence window files path size version title label tests test mappings framework control target targetType parameter "
            "dueParameter relationship rationale uuid props name class href rlinks hashes observations findings results "
            "target-id control-id with-ids observation-uuid subject-uuid related-observations related-risks state reason").split()),
        *(f'"{word}"' for word in (
            "population key-status last-use console-access root-keys account-summary credential-report tags mfa-devices live report auto "
            "user-vanished key-vanished user-deleted-later user-renamed user-recreated user-count root-keys ambiguous-keys "
            "key-status-changed Active Inactive Expired account slot Interrupted NoAnswer AccessDenied Undetermined clock option "
            "direct supporting objective-id statement-id satisfied not-satisfied pass fail other nist-800-53-rev5 soc2-tsc-2017 "
            "1.1.3 1.2.1 ListUsers ListAccessKeys GetAccessKeyLastUsed GetCredentialReport GetAccountSummary GetLoginProfile").split()),
        "null", "true", "false", "{}", "[]", "-1", "0", "1e12", "1000000000001", "9223372036854775807", "-9223372036854775808", "1e400",
        "2026-11-22T20:45:00Z", "2026-11-22T20:45:00.999Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-0001-01-01T00:00:00Z",
        "\\u0000", "\\ud83d\\ude00", "\\u202e", "\\u001b[2J", ", ", ": ", "\r\n", "\"\"", "  ", "risk_level", "UNDETERMINED",
    ],
    "policies": [
        "name: ", "title: ", "extends: ", "default", "cis-aws", "strict", "levels: ", "limits: ", "inactive_keys: ", "at_most: ", "due: ",
        "tests: [", "owner_tags: [", "exceptions:\n  - ", "exceptions: {", "maximum_term: ", "warn_before: ", "overrides:\n  - ", "match: ",
        "users: [", "paths: [", "tags: {", "critical: ", "high: ", "medium: ", "low: ", "compliant", "age: ", "idle: ", "never_used_age: ",
        "key_age: ", "last_used: ", "inactive_grace: ", "rotation_overlap: ", "unused-key", "key-rotation", "inactive-key-removed",
        "single-active-key", "identifier-unique", "identifier-assigned", "root-key", "ticket: ", "subject: ", "key: ", "user: ",
        "root_user: true", "account: true", "kind: ", "accepted-risk", "false-positive", "compensating-control", "owner: ", "approver: ",
        "reason: ", "created: ", "expires: ", "2026-06-30", "2026-06-30T12:00:00.5Z", "0001-01-01", "9999-12-31", "never", "off", "null",
        "~", "true", "0", "1", "3660", "3661", "-1", "9223372036854775807", "*", "?", "[", "]", "{", "}", "'", "\"", "\\u0000",
        "\\u202e", "\\ud800", "\u00e9", "e\u0301", "\u2028", "\u200b", "&a ", "*a", "<<: ", "!!str ", "---\n", "|\n", ">-\n", "\ufeff",
    ],
    "seals": [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "nistp256", "ssh-rsa", "SSHSIG", "openssh-key-v1\0", "none", "aes256-ctr", "bcrypt",
        "sha256", "sha512", "keywitness", "namespaces=\"", "valid-after=\"", "valid-before=\"", "cert-authority", "20261122204509Z",
        "99991231235959Z", "00010101", "20260230", "*", "?", "!", "\"", ",", " ", "\t", "\r\n", "#", "\0\0\0\x01", "\0\0\0\x20",
        "-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n", "-----BEGIN OPENSSH PRIVATE KEY-----\n",
        "-----END OPENSSH PRIVATE KEY-----\n", b"\xff\xff\xff\xff", b"\x30\x80", b"\x00\x00", b"\xa0\x80", b"\x24\x80", b"\x02\x01",
        b"\x18\x0f", b"\x30\x84\xff\xff\xff\xff", bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d0109100104"),
        bytes.fromhex("608648016503040201"), ED25519_POINT, P256_POINT,
    ],
}


def quoted(word):
    word = word if isinstance(word, bytes) else word.encode()
    return '"' + "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word) + '"'


def main():
    for seeds in [requests, files, recordings, answers, bundles, policies, seals]:
        target = seeds.__name__
        folder = HERE / "corpus" / target
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in seeds():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("latin1" if name == "latin1" else "utf-8"))
        dictionary = HERE / "dictionaries" / f"{target}.dict"
        dictionary.parent.mkdir(exist_ok=True)
        dictionary.write_text("".join(f"{quoted(word)}\n" for word in sorted({word if isinstance(word, bytes) else word.encode() for word in WORDS[target]})))


main()
