"""A session of `aws login` is refreshed: the proof of possession is checked by `cryptography`, and the cache is read by botocore."""

import base64
import hashlib
import http.server
import json
import stat
import subprocess
import threading
from datetime import datetime, timedelta, timezone

import pytest
from botocore.tokens import JSONFileCache
from botocore.credentials import LoginCredentialFetcher
from botocore.utils import LoginTokenLoader
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from programs import BINARIES, DEADLINE

SESSION = "arn:aws:iam::111122223333:user/somebody"


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def instant(**since):
    return (datetime.now(timezone.utc) + timedelta(**since)).strftime("%Y-%m-%dT%H:%M:%SZ")


def checked_proof(proof, key, url):
    """What a proof claims, if it was made with the key for the URL (RFC 9449)."""
    header, claims, signature = proof.split(".")
    jwk = json.loads(decoded(header))
    numbers = key.public_key().public_numbers()
    point = {name: int.from_bytes(decoded(jwk["jwk"][name]), "big") for name in "xy"}
    assert {k: v for k, v in jwk.items() if k != "jwk"} == {"typ": "dpop+jwt", "alg": "ES256"}
    assert (jwk["jwk"]["kty"], jwk["jwk"]["crv"], point["x"], point["y"]) == ("EC", "P-256", numbers.x, numbers.y)
    raw = decoded(signature)
    assert len(raw) == 64
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.public_key().verify(der, f"{header}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key.public_key().verify(der, f"{header}.{claims}x".encode(), ec.ECDSA(hashes.SHA256()))
    claimed = json.loads(decoded(claims))
    assert (claimed["htm"], claimed["htu"]) == ("POST", url)
    assert abs(claimed["iat"] - datetime.now().timestamp()) < 60
    return claimed


class SignIn:
    """AWS's sign-in service on loopback: answers as often as told with an error, and then with credentials."""

    def __init__(self, failures=0, status=500, body=None, meanwhile=lambda: None):
        self.requests = []
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                text = self.rfile.read(int(self.headers["Content-Length"]))
                service.requests.append((self.path, dict(self.headers), json.loads(text)))
                good = {
                    "accessToken": {"accessKeyId": "ASIAREFRESHED0000001", "secretAccessKey": "fresh", "sessionToken": "fresh-token"},
                    "tokenType": "aws_sigv4", "expiresIn": 900, "refreshToken": "second"}
                failed = len(service.requests) <= failures
                meanwhile()
                answer = json.dumps(body or {"message": "no"} if failed else good).encode()
                self.send_response(status if failed else 200)
                self.send_header("Content-Type", "application/json")
                if failed and status == 400:
                    self.send_header("x-amzn-ErrorType", "AccessDeniedException")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def home(tmp_path, expires):
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()).decode()
    cache = tmp_path / ".aws/login/cache"
    cache.mkdir(parents=True)
    file = cache / f"{hashlib.sha256(SESSION.encode()).hexdigest()}.json"
    file.write_text(json.dumps({
        "accessToken": {
            "accessKeyId": "ASIACACHED0000000001", "secretAccessKey": "old", "sessionToken": "old-token",
            "accountId": "111122223333", "expiresAt": expires},
        "tokenType": "aws_sigv4", "refreshToken": "first", "idToken": "id", "clientId": "arn:aws:signin:::devtools/same-device",
        "dpopKey": pem}))
    (tmp_path / ".aws/config").write_text(f"[profile me]\nlogin_session = {SESSION}\nregion = us-east-1\n")
    return key, file


def whoami(tmp_path, url):
    return subprocess.run(
        [BINARIES / "keywitness", "whoami", "--offline", "--format", "json", "--profile", "me", "--debug"],
        env={"HOME": str(tmp_path), "AWS_ENDPOINT_URL_SIGNIN": url}, capture_output=True, text=True, timeout=DEADLINE)


@pytest.mark.parametrize("failures", [0, 1])
@pytest.mark.parametrize("minutes", [-60, 4])
def test_a_session_is_refreshed_and_written_back(tmp_path, minutes, failures):
    key, file = home(tmp_path, instant(minutes=minutes))
    with SignIn(failures=failures) as service:
        result = whoami(tmp_path, service.url)
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    assert (said["access_key_id"], said["credential_method"]) == ("ASIAREFRESHED0000001", "login")
    assert len(service.requests) == failures + 1
    identifiers = set()
    for path, headers, body in service.requests:
        assert path == "/v1/token"
        assert body == {"clientId": "arn:aws:signin:::devtools/same-device", "grantType": "refresh_token", "refreshToken": "first"}
        assert "Authorization" not in headers
        identifiers.add(checked_proof(headers["DPoP"], key, f"{service.url}/v1/token")["jti"])
    assert len(identifiers) == failures + 1, "a proof is good for one request"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # botocore's own reader takes what was written for its own.
    fetcher = LoginCredentialFetcher(SESSION, LoginTokenLoader(JSONFileCache(str(file.parent))), None)
    read = fetcher.load_cached_credentials()
    assert (read["access_key"], read["secret_key"], read["token"], read["account_id"]) == (
        "ASIAREFRESHED0000001", "fresh", "fresh-token", "111122223333")
    written = json.loads(file.read_text())
    assert (written["refreshToken"], written["idToken"], written["tokenType"]) == ("second", "id", "aws_sigv4")
    for secret in ["old-token", "first", "second", "fresh-token", "PRIVATE"]:
        assert secret not in result.stdout + result.stderr


def test_credentials_that_have_time_are_used_as_they_are(tmp_path):
    _, file = home(tmp_path, instant(minutes=14))
    before = file.read_text()
    with SignIn() as service:
        result = whoami(tmp_path, service.url)
    assert json.loads(result.stdout)["access_key_id"] == "ASIACACHED0000000001"
    assert (service.requests, file.read_text()) == ([], before)


def test_a_session_that_is_over_says_how_to_sign_in(tmp_path):
    _, file = home(tmp_path, instant(minutes=-60))
    before = file.read_text()
    with SignIn(failures=9, status=400, body={"error": "TOKEN_EXPIRED", "message": "the session is over"}) as service:
        result = whoami(tmp_path, service.url)
    assert result.returncode == 1
    assert "the session is over" in result.stderr
    assert result.stderr.endswith("Run: aws login --profile me\n")
    assert (len(service.requests), file.read_text()) == (1, before)


def test_a_refresh_that_fails_leaves_what_is_still_good(tmp_path):
    home(tmp_path, instant(minutes=4))
    with SignIn(failures=9, status=400, body={"error": "server_error", "message": "later"}) as service:
        result = whoami(tmp_path, service.url)
    assert json.loads(result.stdout)["access_key_id"] == "ASIACACHED0000000001"


def test_what_another_program_has_refreshed_in_the_same_moment_is_taken(tmp_path):
    """A refresh token is good for one use: the loser of two programs finds the winner's credentials in the cache."""
    _, file = home(tmp_path, instant(minutes=-60))

    def refresh():
        cached = json.loads(file.read_text())
        cached["accessToken"] |= {"accessKeyId": "ASIAOFANOTHER0000001", "expiresAt": instant(minutes=15)}
        # Whole or not at all, as botocore writes it.
        fresh = file.with_suffix(".tmp")
        fresh.write_text(json.dumps(cached))
        fresh.rename(file)

    with SignIn(failures=9, status=400, body={"error": "invalid_grant", "message": "used"}, meanwhile=refresh) as service:
        result = whoami(tmp_path, service.url)
    assert json.loads(result.stdout)["access_key_id"] == "ASIAOFANOTHER0000001", result.stderr
