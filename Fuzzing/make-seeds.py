#!/usr/bin/env python3
"""Makes the seeds in corpus/ and the dictionaries anew, from the fixtures, account files and fault plans that are bundled.

    Fuzzing/make-seeds.py

Seeds are what libFuzzer starts from: one small input for everything that the program knows how to read. The same files give the
same seeds. Only Python's standard library is needed.
"""

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
}


def quoted(word):
    return '"' + "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word.encode()) + '"'


def main():
    for target, seeds in {"requests": requests, "files": files, "recordings": recordings, "answers": answers}.items():
        folder = HERE / "corpus" / target
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in seeds():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("latin1" if name == "latin1" else "utf-8"))
        dictionary = HERE / "dictionaries" / f"{target}.dict"
        dictionary.parent.mkdir(exist_ok=True)
        dictionary.write_text("".join(f"{quoted(word)}\n" for word in sorted(set(WORDS[target]))))


main()
