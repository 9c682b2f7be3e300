"""Signatures by and for OpenSSH, timestamps by OpenSSL: software that we didn't write checks what we make, and the other way round."""

import base64
import datetime
import json
import os
import re
import shutil
import signal
import socket as socket_module
import struct
import subprocess
import threading
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from programs import ACCESS_KEY, BINARIES, DEADLINE, FIXTURES, REPOSITORY, SECRET_KEY, collect, environment, mock_iam, served

ACCOUNTS = REPOSITORY / "MockIAM/Accounts"
NAMESPACE = "keywitness-bundle-v1"
TYPES = {"ed25519": ["-t", "ed25519"], "p256": ["-t", "ecdsa", "-b", "256"]}


def skip(reason):
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def run(*command, **options):
    return subprocess.run([*map(str, command)], capture_output=True, timeout=DEADLINE, **options)


@pytest.fixture(scope="module", autouse=True)
def programs():
    for program in ("ssh-keygen", "ssh-agent", "ssh-add", "openssl"):
        if shutil.which(program) is None:
            skip(f"there is no {program}")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    with mock_iam(FIXTURES / "clean-account", tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


def key(folder, name, *arguments, passphrase=""):
    path = folder / name
    done = run("ssh-keygen", "-q", "-N", passphrase, "-C", f"{name} of a test", "-f", path, *arguments)
    assert done.returncode == 0, done.stderr
    return path


def allow(folder, path, options=f'namespaces="{NAMESPACE}"'):
    """The file that says who may sign, as an auditor would write it."""
    allowed = folder / "allowed_signers"
    words = path.with_name(path.name + ".pub").read_text("utf-8").split()
    allowed.write_text(f"evidence@example.com {options} {words[0]} {words[1]}\n".replace("  ", " "), "utf-8")
    return allowed


def ssh_verify(bundle, allowed):
    with open(bundle / "SHA256SUMS", "rb") as sums:
        return run(
            "ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-f", allowed, "-I", "evidence@example.com", "-s", bundle / "SHA256SUMS.sig",
            stdin=sums,
        )


def verify(folder, *arguments):
    done = subprocess.run(
        [BINARIES / "keywitness", "verify", *map(str, arguments)], env=environment(folder), capture_output=True, text=True,
        encoding="utf-8", timeout=DEADLINE,
    )
    return done.returncode, done.stdout + done.stderr


def request(emulator, method, path, body):
    """What the emulator's control plane answers."""
    asked = urllib.request.Request(emulator.url.rstrip("/") + path, json.dumps(body).encode(), method=method)
    with urllib.request.urlopen(asked, timeout=DEADLINE) as answer:
        return answer.status


def counts(emulator):
    with urllib.request.urlopen(emulator.url.rstrip("/") + "/_mock/journal/counts", timeout=DEADLINE) as answer:
        return json.load(answer)["counts"]


def wait_until(is_so):
    end = threading.Event()
    for _ in range(DEADLINE * 20):
        if is_so():
            return
        end.wait(0.05)
    raise AssertionError("waited in vain")


def lines(said, check):
    return [line for line in said.splitlines() if line.split()[:1] == [check]]


# --- Signatures ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TYPES)
def test_openssh_accepts_what_we_sign(emulator, tmp_path, kind):
    # Of P-256 the numbers of a signature have 31 to 33 bytes by chance: several of them.
    path = key(tmp_path, kind, *TYPES[kind])
    allowed = allow(tmp_path, path)
    for turn in range(6 if kind == "p256" else 1):
        done = collect(tmp_path / f"run-{turn}", emulator.url, "--sign", path)
        assert done.code == 0, done.stderr
        said = ssh_verify(done.bundle, allowed)
        assert said.returncode == 0 and b'Good "keywitness-bundle-v1" signature' in said.stdout, said.stderr
        code, found = verify(tmp_path, "--allowed-signers", allowed, done.bundle)
        assert code == 0 and "ok        a good one by evidence@example.com" in found
    manifest = json.loads((done.bundle / "manifest.json").read_text("utf-8"))
    fingerprint = run("ssh-keygen", "-l", "-f", path).stdout.decode().split()[1]
    assert manifest["signature"] == {
        "path": "SHA256SUMS.sig", "namespace": NAMESPACE, "key_type": path.with_name(path.name + ".pub").read_text("utf-8").split()[0],
        "key_fingerprint": fingerprint,
    }
    # And it can fail.
    with open(done.bundle / "SHA256SUMS", "ab") as sums:
        sums.write(b"\n")
    assert ssh_verify(done.bundle, allowed).returncode != 0


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_we_accept_what_openssh_signs(collections, tmp_path, kind, digest):
    """A bundle that was published without a signature, and signed afterwards."""
    bundle = tmp_path / "bundle"
    shutil.copytree(collections("clean-account").bundle, bundle)
    path = key(tmp_path, kind, *TYPES[kind])
    assert run("ssh-keygen", "-Y", "sign", "-O", f"hashalg={digest}", "-n", NAMESPACE, "-f", path, bundle / "SHA256SUMS").returncode == 0
    code, said = verify(tmp_path, "--allowed-signers", allow(tmp_path, path), bundle)
    assert code == 0 and "a good one by evidence@example.com" in said


@pytest.mark.parametrize("kind", TYPES)
def test_keys_with_a_passphrase_sign_through_the_agent(emulator, tmp_path, kind):
    path = key(tmp_path, kind, *TYPES[kind], passphrase="a passphrase")
    alone = collect(tmp_path / "alone", emulator.url, "--sign", path)
    assert alone.code == 1 and alone.bundle is None
    assert "SSH_AUTH_SOCK names no ssh-agent" in alone.stderr and "ssh-add" in alone.stderr
    with agent(tmp_path) as socket:
        without = collect(tmp_path / "without", emulator.url, "--sign", path, SSH_AUTH_SOCK=socket)
        assert without.code == 1 and "doesn't have the key of" in without.stderr
        ask = tmp_path / "ask"
        ask.write_text("#!/bin/sh\necho a passphrase\n", "utf-8")
        ask.chmod(0o700)
        added = run(
            "ssh-add", path, env={**os.environ, "SSH_AUTH_SOCK": socket, "SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force"},
            stdin=subprocess.DEVNULL,
        )
        assert added.returncode == 0, added.stderr
        for name in (path, path.with_name(path.name + ".pub")):
            done = collect(tmp_path / f"run-{name.name}", emulator.url, "--sign", name, SSH_AUTH_SOCK=socket)
            assert done.code == 0, done.stderr
            assert ssh_verify(done.bundle, allow(tmp_path, path)).returncode == 0


@contextmanager
def agent(folder):
    socket = folder / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = threading.Event()
        for _ in range(DEADLINE * 20):
            if socket.exists():
                break
            end.wait(0.05)
        yield str(socket)
    finally:
        process.terminate()
        process.wait(DEADLINE)


@contextmanager
def lying_agent(folder, blob):
    """An agent that has a key, and signs with other bytes than that would."""
    socket = folder / "liar"
    listener = socket_module.socket(socket_module.AF_UNIX)
    listener.bind(str(socket))
    listener.listen()

    def string(content):
        return struct.pack(">I", len(content)) + content

    def exactly(connection, count):
        received = b""
        while len(received) < count:
            part = connection.recv(count - len(received))
            if not part:
                raise EOFError
            received += part
        return received

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                (length,) = struct.unpack(">I", exactly(connection, 4))
                question = exactly(connection, length)
                if question[0] == 11:
                    answer = bytes([12]) + struct.pack(">I", 1) + string(blob) + string(b"a comment")
                else:
                    answer = bytes([14]) + string(string(b"ssh-ed25519") + string(bytes(64)))
                connection.sendall(string(answer))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield str(socket)
    finally:
        listener.shutdown(socket_module.SHUT_RDWR)
        listener.close()
        thread.join()


def test_an_agents_word_is_not_enough(emulator, tmp_path):
    """What it calls a signature is none: the bundle is published without, and says so."""
    public = key(tmp_path, "ed25519", *TYPES["ed25519"]).with_name("ed25519.pub")
    with lying_agent(tmp_path, base64.b64decode(public.read_text("utf-8").split()[1])) as socket:
        done = collect(tmp_path / "run", emulator.url, "--sign", public, SSH_AUTH_SOCK=socket)
    assert done.code == 4 and done.bundle and not (done.bundle / "SHA256SUMS.sig").exists()
    assert "the bundle isn't signed: what SHA256:" in done.stderr and "signed is no good signature" in done.stderr


def test_keys_that_cannot_sign_are_named_before_anything_is_asked(emulator, tmp_path):
    rsa = key(tmp_path, "rsa", "-t", "rsa", "-b", "2048")
    pem = key(tmp_path, "pem", "-t", "ecdsa", "-b", "256", "-m", "PEM")
    large = key(tmp_path, "p384", "-t", "ecdsa", "-b", "384")
    # To their group, to all others, and to both.
    readable = [key(tmp_path, f"open-{mode:o}", *TYPES["ed25519"]) for mode in (0o640, 0o604, 0o644)]
    for path, mode in zip(readable, (0o640, 0o604, 0o644)):
        path.chmod(mode)
    broken = key(tmp_path, "broken", *TYPES["ed25519"])
    text = broken.read_text("utf-8").splitlines()
    broken.write_text("\n".join([*text[:2], text[-1]]) + "\n", "utf-8")
    before = emulator.log.count("GetCallerIdentity")
    for path, said in {
        rsa: "keys of type 'ssh-rsa' can't be used", large: "keys of type 'ecdsa-sha2-nistp384' can't be used",
        pem: "ssh-keygen -p -f", **dict.fromkeys(readable, "chmod 600"), broken: "can't be used as a signing key", tmp_path / "none": "can't be read",
        tmp_path: "is a folder",
    }.items():
        done = collect(tmp_path / f"run-{path.name}", emulator.url, "--sign", path)
        assert done.code == 64 and done.bundle is None and said in done.stderr, done.stderr
        assert "PRIVATE KEY" not in done.stderr
    assert emulator.log.count("GetCallerIdentity") == before


def test_signatures_that_do_not_count(emulator, collections, tmp_path):
    path, other = key(tmp_path, "one", *TYPES["ed25519"]), key(tmp_path, "other", *TYPES["ed25519"])
    signed = collect(tmp_path / "run", emulator.url, "--sign", path).bundle

    def damaged(name):
        bundle = tmp_path / name
        shutil.copytree(signed, bundle)
        return bundle

    def flaws(bundle, *arguments):
        code, said = verify(tmp_path, "--quiet", *arguments, bundle)
        return (code, lines(said, "signature")[0] if lines(said, "signature") else "")

    allowed = allow(tmp_path, path)
    assert flaws(signed, "--allowed-signers", allowed) == (0, "")

    bundle = damaged("removed")
    (bundle / "SHA256SUMS.sig").unlink()
    code, said = flaws(bundle)
    assert code == 5 and "and there is no signature" in said

    bundle = damaged("by-another")
    (bundle / "SHA256SUMS.sig").unlink()
    run("ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", other, bundle / "SHA256SUMS")
    code, said = flaws(bundle)
    assert code == 5 and "signs it, not SHA256:" in said

    bundle = damaged("another-namespace")
    (bundle / "SHA256SUMS.sig").unlink()
    run("ssh-keygen", "-Y", "sign", "-n", "git", "-f", path, bundle / "SHA256SUMS")
    code, said = flaws(bundle)
    assert code == 5 and f"the signature is for 'git', not for {NAMESPACE}" in said

    bundle = damaged("other-bytes")
    text = (bundle / "SHA256SUMS.sig").read_text("utf-8").splitlines()
    text[-2] = ("B" if text[-2][0] == "A" else "A") + text[-2][1:]
    (bundle / "SHA256SUMS.sig").write_text("\n".join(text) + "\n", "utf-8")
    code, said = flaws(bundle)
    assert code == 5 and "isn't one over these checksums" in said

    bundle = damaged("nonsense")
    (bundle / "SHA256SUMS.sig").write_text("nonsense", "utf-8")
    code, said = flaws(bundle)
    assert code == 5 and "it isn't an SSH signature" in said

    code, said = flaws(signed, "--allowed-signers", allow(tmp_path, other))
    assert code == 5 and "nobody in the list has the key" in said
    code, said = flaws(signed, "--allowed-signers", allow(tmp_path, path, 'namespaces="git"'))
    assert code == 5 and "the key isn't for keywitness-bundle-v1" in said
    code, said = flaws(signed, "--allowed-signers", allow(tmp_path, path, 'valid-before="20250101Z"'))
    assert code == 5 and "the key was valid until 2025-01-01T00:00:00Z" in said
    code, said = flaws(collections("clean-account").bundle, "--allowed-signers", allow(tmp_path, path))
    assert code == 5 and "it isn't signed" in said
    code, said = verify(tmp_path, "--allowed-signers", tmp_path / "none", signed)
    assert code == 64 and "can't be read" in said


def test_an_interrupted_run_is_sealed_like_any_other(authority, tmp_path):
    """By an agent, which has to be asked, and an authority: both after the interruption."""
    path = key(tmp_path, "ed25519", *TYPES["ed25519"])
    faults = tmp_path / "faults.yaml"
    faults.write_text("faults:\n  - {name: hangs, match: {action: ListAccessKeys}, latency: {fixed: 600s}}\n", "utf-8")
    with agent(tmp_path) as socket, served(
        tmp_path / "emulator", "--account", ACCOUNTS / "small.yaml", "--key", f"{ACCESS_KEY}:{SECRET_KEY}", "--faults", faults, "-v"
    ) as emulator:
        assert run("ssh-add", path, env={**os.environ, "SSH_AUTH_SOCK": socket}).returncode == 0
        process = subprocess.Popen(
            [
                BINARIES / "keywitness", "collect", "--endpoint-url", emulator.url, "--output-dir", tmp_path / "evidence",
                "--sign", path.with_name(path.name + ".pub"), "--timestamp-url", authority.url, "--quiet",
            ], env=environment(tmp_path, SSH_AUTH_SOCK=socket), stderr=subprocess.PIPE,
        )
        try:
            # Several users are asked about side by side, and nobody gets an answer.
            wait_until(lambda: counts(emulator).get("ListAccessKeys"))
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=DEADLINE)
        finally:
            process.kill()
    assert process.returncode == 4, said
    (bundle,) = (manifest.parent for manifest in (tmp_path / "evidence").glob("*/*/manifest.json"))
    assert ssh_verify(bundle, allow(tmp_path, path)).returncode == 0, said
    assert openssl_verify(bundle, authority).returncode == 0, said
    assert verify(tmp_path, "--recompute", "--allowed-signers", allow(tmp_path, path), bundle)[0] == 0


@pytest.mark.parametrize("options, is_good", [("after", True), ("before", False)])
def test_a_signature_is_from_when_the_run_was_by_awss_clock(tmp_path, options, is_good):
    """The machine's clock is days off: whether the key was valid goes by AWS's, as everything else does."""
    path = key(tmp_path, "ed25519", *TYPES["ed25519"])
    with served(
        tmp_path / "emulator", "--account", ACCOUNTS / "small.yaml", "--key", f"{ACCESS_KEY}:{SECRET_KEY}", "--moving-clock"
    ) as emulator:
        now = datetime.datetime.now(datetime.timezone.utc)
        aws = now + datetime.timedelta(days=-20)
        assert request(emulator, "PUT", "/_mock/clock", {"now": aws.strftime("%Y-%m-%dT%H:%M:%SZ")}) == 200
        done = collect(tmp_path / "run", emulator.url, "--sign", path)
    metadata = done.report["metadata"]
    assert metadata["as_of_source"] == "aws-clock", done.stderr
    between = (aws + datetime.timedelta(days=10)).strftime("%Y%m%dZ")
    limit = {"after": f'valid-before="{between}"', "before": f'valid-after="{between}"'}[options]
    code, said = verify(tmp_path, "--recompute", "--allowed-signers", allow(tmp_path, path, f'namespaces="{NAMESPACE}",{limit}'), done.bundle)
    assert (code == 0) == is_good, said
    # As OpenSSH has it, of the same instant.
    with open(done.bundle / "SHA256SUMS", "rb") as sums:
        theirs = run(
            "ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-f", tmp_path / "allowed_signers", "-I", "evidence@example.com", "-s",
            done.bundle / "SHA256SUMS.sig", f"-Overify-time={aws.strftime('%Y%m%d%H%M%SZ')}", stdin=sums,
        )
    assert (theirs.returncode == 0) == is_good, theirs.stderr


# --- Timestamps ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A time-stamping authority of OpenSSL behind HTTP. Its behaviour can be changed."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "serial").write_text("01\n", "ascii")
    (folder / "tsa.cnf").write_text(
        f"""
        [tsa]
        default_tsa = one
        [one]
        serial = {folder}/serial
        signer_cert = {folder}/tsa.pem
        signer_key = {folder}/tsa.key
        certs = {folder}/tsa.pem
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = sha256, sha512
        ordering = yes
        tsa_name = yes
        ess_cert_id_chain = no
        """, "utf-8",
    )
    made = run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "tsa.key", "-out", folder / "tsa.pem", "-days", "3650",
        "-subj", "/CN=Authority of a test", "-addext", "extendedKeyUsage=critical,timeStamping",
    )
    assert made.returncode == 0, made.stderr

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.asked += 1
            if self.headers["Content-Type"] != "application/timestamp-query" or server.asked <= server.failures:
                self.send_error(503)
                return
            (folder / "query").write_bytes(body)
            query = folder / "query"
            if server.stale:
                query = server.stale
            made = run(
                "openssl", "ts", "-reply", "-config", folder / "tsa.cnf", "-section", "one", "-queryfile", query, "-out", folder / "reply",
            )
            assert made.returncode == 0, made.stderr
            answer = (folder / "reply").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.failures, server.asked, server.stale = 0, 0, None
    server.folder, server.certificate = folder, folder / "tsa.pem"
    server.url = f"http://127.0.0.1:{server.server_port}/tsa"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def well_behaved(request):
    if "authority" in request.fixturenames:
        server = request.getfixturevalue("authority")
        server.failures, server.asked, server.stale = 0, 0, None


def openssl_verify(bundle, authority):
    return run(
        "openssl", "ts", "-verify", "-data", bundle / "SHA256SUMS", "-in", bundle / "SHA256SUMS.tsr", "-CAfile", authority.certificate,
    )


def test_openssl_accepts_the_timestamp(emulator, authority, tmp_path):
    done = collect(tmp_path / "run", emulator.url, "--timestamp-url", authority.url)
    assert done.code == 0, done.stderr
    said = openssl_verify(done.bundle, authority)
    assert said.returncode == 0 and b"Verification: OK" in said.stdout + said.stderr, said.stderr
    manifest = json.loads((done.bundle / "manifest.json").read_text("utf-8"))
    assert manifest["timestamp"] == {"path": "SHA256SUMS.tsr", "authority": authority.url}
    text = run("openssl", "ts", "-reply", "-in", done.bundle / "SHA256SUMS.tsr", "-text").stdout.decode()
    code, found = verify(tmp_path, done.bundle)
    (line,) = lines(found, "timestamp")
    assert code == 0 and f"by the word of {authority.url}" in line
    # The same second that OpenSSL reads in it.
    (stated,) = re.findall(r"Time stamp: (.*) GMT", text)
    (ours,) = re.findall(r"\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)Z", line)
    assert ours == stated.split()[2]
    with open(done.bundle / "SHA256SUMS", "ab") as sums:
        sums.write(b"\n")
    assert openssl_verify(done.bundle, authority).returncode != 0
    code, found = verify(tmp_path, done.bundle)
    assert code == 5 and "the timestamp isn't over these checksums" in lines(found, "timestamp")[0]


def test_an_authority_that_fails_now_and_then_is_asked_again(emulator, authority, tmp_path):
    authority.failures = 2
    done = collect(tmp_path / "run", emulator.url, "--timestamp-url", authority.url)
    assert done.code == 0 and authority.asked == 3, done.stderr
    assert openssl_verify(done.bundle, authority).returncode == 0


def test_a_bundle_without_the_timestamp_it_should_have(emulator, authority, tmp_path):
    authority.failures = 100
    done = collect(tmp_path / "run", emulator.url, "--timestamp-url", authority.url)
    # It is published, says what is missing, and how to mend it; and no scheduler takes it for well.
    assert done.code == 4 and done.bundle and not (done.bundle / "SHA256SUMS.tsr").exists()
    assert "the bundle has no timestamp" in done.stderr and "HTTP 503" in done.stderr
    code, said = verify(tmp_path, done.bundle)
    assert code == 5 and "is asked for a timestamp, and there is none" in lines(said, "timestamp")[0]
    authority.failures = 0
    (command,) = re.findall(r"afterwards: (cd .*)", done.stderr)
    assert run("sh", "-c", command, cwd=tmp_path).returncode == 0
    assert openssl_verify(done.bundle, authority).returncode == 0
    assert verify(tmp_path, done.bundle)[0] == 0


def test_an_answer_to_another_question_is_no_timestamp(emulator, authority, tmp_path):
    other = tmp_path / "other"
    other.write_text("something else", "utf-8")
    run("openssl", "ts", "-query", "-data", other, "-sha256", "-cert", "-out", tmp_path / "query")
    authority.stale = tmp_path / "query"
    done = collect(tmp_path / "run", emulator.url, "--timestamp-url", authority.url)
    assert done.code == 4 and "is for something else than was asked" in done.stderr
    authority.stale = None
    assert not (done.bundle / "SHA256SUMS.tsr").exists()


def test_a_timestamp_from_before_the_run(collections, authority, tmp_path):
    """Made in the past, by faking the end of the run in the manifest: the check goes by what the manifest says."""
    bundle = tmp_path / "bundle"
    shutil.copytree(collections("clean-account").bundle, bundle)
    query = run("openssl", "ts", "-query", "-data", bundle / "SHA256SUMS", "-sha256", "-cert").stdout
    (tmp_path / "query").write_bytes(query)
    run(
        "openssl", "ts", "-reply", "-config", authority.folder / "tsa.cnf", "-section", "one", "-queryfile", tmp_path / "query", "-out",
        bundle / "SHA256SUMS.tsr",
    )
    text = (bundle / "manifest.json").read_text("utf-8")
    (bundle / "manifest.json").write_text(re.sub(r'"ended": "\d{4}', '"ended": "2099', text), "utf-8")
    code, said = verify(tmp_path, bundle)
    assert code == 5 and "is from before the run ended" in lines(said, "timestamp")[0]


# --- Both, and the commands in the bundle -------------------------------------------------------------------------------------------


def test_the_commands_of_verify_md(emulator, authority, tmp_path):
    path = key(tmp_path, "ed25519", *TYPES["ed25519"])
    done = collect(tmp_path / "run", emulator.url, "--sign", path, "--timestamp-url", authority.url)
    assert done.code == 0, done.stderr
    names = {"ALLOWED_SIGNERS": str(allow(tmp_path, path)), "-I ID": "-I evidence@example.com", "AUTHORITY.pem": str(authority.certificate)}
    text = (done.bundle / "VERIFY.md").read_text("utf-8")
    found = [line.strip() for line in text.splitlines() if line.startswith("    ") and "keywitness verify" not in line]
    assert len(found) == 9
    assert sum("ssh-keygen" in command for command in found) == 2 and sum("openssl" in command for command in found) == 1

    def failing(bundle):
        codes = {}
        for command in found:
            for name, value in names.items():
                command = command.replace(name, value)
            codes[command] = run("sh", "-euc", command, cwd=bundle, env=environment(bundle)).returncode
        return [command for command, code in codes.items() if code != 0]

    assert failing(done.bundle) == []
    code, said = verify(tmp_path, "--recompute", "--chain", done.bundle)
    assert code == 0 and said.count("byte for byte the same") == 2
    (done.bundle / "SHA256SUMS").write_text((done.bundle / "SHA256SUMS").read_text("ascii").replace("a", "b", 1), "ascii")
    assert [command.split()[0] for command in failing(done.bundle)] == ["sha256sum", "ssh-keygen", "ssh-keygen", "openssl"]
