"""A code of an MFA device is asked for on a terminal, here a pseudo-terminal of Python's."""

import os
import pty

from programs import BINARIES, served

ROLE, DEVICE = "arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:mfa/phone"


def on_a_terminal(arguments, environment, answer):
    """What a program prints to its terminal, and its status; it is answered at its first question."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(BINARIES / "keywitness", ["keywitness", *arguments], environment)
    printed, answered = b"", False
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # Linux's way to say that the other side is closed.
            break
        if not part:
            break
        printed += part
        if not answered and b"phone: " in printed:
            os.write(terminal, answer)
            answered = True
    os.close(terminal)
    return printed.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_the_code_is_asked_for_on_a_terminal(tmp_path):
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "config").write_text(f"[default]\nrole_arn = {ROLE}\nsource_profile = base\nmfa_serial = {DEVICE}\n")
    (folder / "credentials").write_text("[base]\naws_access_key_id = test\naws_secret_access_key = test\n")
    with served(tmp_path / "server", "--generate", "users=1") as emulator:
        url = emulator.url
        printed, status = on_a_terminal(["whoami", "--endpoint-url", url], {"HOME": str(tmp_path), "TERM": "dumb"}, b"123456\n")
        assert status == 0, printed
        assert f"MFA code for {DEVICE}: " in printed
        assert ":assumed-role/x/" in printed
        printed, status = on_a_terminal(["whoami", "--endpoint-url", url], {"HOME": str(tmp_path), "TERM": "dumb"}, b"12345\n")
        assert (status, "an MFA code has six digits" in printed) == (1, True), printed
