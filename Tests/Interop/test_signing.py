"""The signature that really goes over the wire, worked out a second time by botocore from what arrived."""

import re
import threading
from datetime import datetime, timezone
from http.client import HTTPMessage as HTTPHeaders
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from programs import collect

DENIAL = (
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>'
    "<Message>captured</Message></Error><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>"
).encode()


class Capture(BaseHTTPRequestHandler):
    """Keeps every request and denies it."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.captured.append((f"http://{self.headers['Host']}{self.path}", dict(self.headers.items()), body))
        self.send_response(403)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(DENIAL)))
        self.end_headers()
        self.wfile.write(DENIAL)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Capture)
    server.captured = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class SameHeaders(SigV4Auth):
    """botocore signs a fixed choice of the headers; this one signs those that the captured request says are signed."""

    def __init__(self, names, *arguments):
        super().__init__(*arguments)
        self.names = names

    def headers_to_sign(self, request):
        headers = HTTPHeaders()
        for name in self.names:
            headers[name] = request.headers[name]
        return headers


def signed_headers(headers):
    return re.search(r"SignedHeaders=([^,]+)", headers["Authorization"])[1].split(";")


def signature(url, headers, body, region, credentials):
    """botocore's Authorization header for the same request at the same instant."""
    request = AWSRequest("POST", url, headers={name: value for name, value in headers.items() if name != "Authorization"}, data=body)
    request.context["timestamp"] = headers["X-Amz-Date"]
    signer = SameHeaders(signed_headers(headers), credentials, "sts", region)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return signer._inject_signature_to_request(request, signer.signature(text, request)).headers["Authorization"]


KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "FwoGZXIvYXdzEXAMPLE//token+with/all=="
CASES = {
    "plain": dict(),
    "another region": dict(region="eu-west-1", scope="eu-west-1"),
    "another partition": dict(region="cn-north-1", scope="cn-north-1"),
    "another partition, with a token": dict(region="us-gov-west-1", scope="us-gov-west-1", token=TOKEN),
    "no region": dict(region="aws-global"),
    "token": dict(token=TOKEN),
    "long token in another region": dict(region="eu-west-1", scope="eu-west-1", token="t+/=" * 500),
    "secret with every kind of character": dict(secret="+/=&%?# \"'\\$`;{}ünïcode🔑"),
    "short secret": dict(secret="x"),
    "path": dict(path="/emulator/iam"),
    "escaped path": dict(path="/a%20path/with%2Fescapes/;=+&"),
}


@pytest.mark.parametrize("case", CASES)
def test_botocore_computes_the_same_signature(server, tmp_path, case):
    sign_and_compare(server, tmp_path, **CASES[case])


def test_botocore_normalises_the_path_in_the_same_way(server, tmp_path):
    sign_and_compare(server, tmp_path, path="/a/./b//c/../d/")


def sign_and_compare(server, tmp_path, region="us-east-1", scope="us-east-1", secret=SECRET, token=None, path=""):
    variables = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": secret, **({"AWS_SESSION_TOKEN": token} if token else {})}
    found = collect(tmp_path, f"http://127.0.0.1:{server.server_port}{path}", "--region", region, **variables)
    assert found.code == 1 and found.bundle is None, found.stderr
    assert "AccessDenied" in found.stderr
    ((url, headers, body),) = server.captured
    assert body == b"Action=GetCallerIdentity&Version=2011-06-15"
    assert {"content-type", "host", "x-amz-date"} <= set(signed_headers(headers))
    assert ("x-amz-security-token" in signed_headers(headers)) is (token is not None)
    assert headers.get("X-Amz-Security-Token") == token
    assert headers["Authorization"] == signature(url, headers, body, scope, Credentials(KEY, secret, token))
    moment = datetime.strptime(headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
    assert abs((datetime.now(timezone.utc) - moment).total_seconds()) < 120
    if len(secret) > 1:
        assert secret not in found.stderr + found.stdout
