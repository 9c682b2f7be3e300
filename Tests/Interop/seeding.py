"""One account, told once and loaded into moto and into mock-iam, identifiers and instants included."""

from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import AccessKeyLastUsed, iam_backends

ACCOUNT = DEFAULT_ACCOUNT_ID
CLOCK = datetime(2026, 11, 22, 20, 45, tzinfo=timezone.utc)
READER = "reader"  # the user whose key asks both


def ago(days, **more):
    return CLOCK - timedelta(days=days, **more)


def key(created, status="Active", used=None, service="s3", region="us-east-1"):
    return {"created": created, "status": status, "used": used, "service": service, "region": region}


def users():
    """Everything that moto can be told of a user, by name. Pairs are an instant and a status."""
    told = {
        READER: {"created": ago(900), "keys": [key(ago(890))]},
        "bare": {"created": ago(10)},
        "never-used": {"created": ago(400), "keys": [key(ago(399))]},
        "used": {"created": ago(500), "keys": [key(ago(450), used=ago(3), service="ec2", region="eu-central-1")]},
        "used-without-region": {"created": ago(500), "keys": [key(ago(450), used=ago(3), region="N/A")]},
        "inactive": {"created": ago(300), "keys": [key(ago(290), "Inactive", used=ago(200))]},
        "two-keys": {
            "created": ago(700), "path": "/team/",
            "keys": [key(ago(600), "Inactive"), key(ago(30), used=ago(0, hours=2), service="sts")],
        },
        "console": {"created": ago(350), "password": ago(350), "password_used": ago(1)},
        "console-unused": {"created": ago(350), "password": ago(350), "reset": True},
        "console-later": {"created": ago(350), "password": ago(100)},
        "tagged": {"created": ago(60), "tags": {"CostCenter": "12/34", "Owner": "Größe & Co", "empty": ""}},
        "tagged-otherwise": {"created": ago(60), "tags": {"b": "first", "a": "second"}},
        "mfa": {"created": ago(80), "mfa": {f"arn:aws:iam::{ACCOUNT}:mfa/mfa": ago(70), "GAHT12345678": ago(60)}},
        "certificates": {"created": ago(90), "certificates": [(ago(85), "Active"), (ago(84), "Inactive")]},
        "ssh": {"created": ago(95), "ssh": [(ago(94), "Active"), (ago(93), "Inactive")]},
        "svc+a=b.c@d-e_f": {"created": ago(5), "path": "/a/b/c/", "keys": [key(ago(4))]},
        "comma,name": {"created": ago(5)},
        "x" * 64: {"created": ago(6)},
        "Upper": {"created": ago(7)},
    }
    # More than a page of 100, so that paging has something to page.
    return told | {f"more-{number:03}": {"created": ago(number)} for number in range(100)}


def certificate():
    """A certificate that nobody trusts, in PEM."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "interop")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(secret.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(ago(100)).not_valid_after(ago(-1000))
    )
    return made.sign(secret, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def fill_moto(iam):
    """Makes the account in moto: by its API what the API can, and instants in its own objects. Returns the backend."""
    backend = iam_backends[ACCOUNT]["aws"]

    def at(instant):
        # moto keeps naive instants and means UTC.
        return instant.replace(tzinfo=None)

    iam.create_account_alias(AccountAlias="interop")
    for name, told in users().items():
        tags = [{"Key": key, "Value": value} for key, value in told.get("tags", {}).items()]
        iam.create_user(UserName=name, Path=told.get("path", "/"), Tags=tags)
        user = backend.users[name]
        user.create_date = at(told["created"])
        if "password" in told:
            iam.create_login_profile(UserName=name, Password="Interop-1234-example")
            if told.get("reset"):
                # Without the password moto would take it away.
                iam.update_login_profile(UserName=name, Password="Interop-1234-example", PasswordResetRequired=True)
            if "password_used" in told:
                user.password_last_used = at(told["password_used"])
        for fact in told.get("keys", []):
            made = iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
            iam.update_access_key(UserName=name, AccessKeyId=made, Status=fact["status"])
            kept = user.get_access_key_by_id(made)
            kept.create_date = at(fact["created"])
            if fact["used"]:
                kept.last_used = AccessKeyLastUsed(at(fact["used"]), fact["service"], fact["region"])
        for serial, enabled in told.get("mfa", {}).items():
            iam.enable_mfa_device(UserName=name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321")
            user.mfa_devices[serial].enable_date = at(enabled)
        for uploaded, status in told.get("certificates", []):
            made = iam.upload_signing_certificate(UserName=name, CertificateBody=certificate())["Certificate"]["CertificateId"]
            iam.update_signing_certificate(UserName=name, CertificateId=made, Status=status)
            user.signing_certificates[made].upload_date = at(uploaded)
        for uploaded, status in told.get("ssh", []):
            made = iam.upload_ssh_public_key(UserName=name, SSHPublicKeyBody=f"ssh-rsa AAAA{uploaded:%j}")["SSHPublicKey"]["SSHPublicKeyId"]
            iam.update_ssh_public_key(UserName=name, SSHPublicKeyId=made, Status=status)
            user.get_ssh_public_key(made).upload_date = at(uploaded)
    return backend


def document(backend):
    """The same account as mock-iam's account file has it, with the identifiers that moto drew."""
    def text(instant):
        return instant.strftime("%Y-%m-%dT%H:%M:%SZ")

    made = []
    for name, told in users().items():
        known = backend.users[name]
        user = {"name": name, "id": known.id, "path": told.get("path", "/"), "created": text(told["created"])}
        if "password" in told:
            user["password"] = {"created": text(told["password"]), "reset_required": told.get("reset", False)}
            if "password_used" in told:
                user["password"]["last_used"] = text(told["password_used"])
        user["keys"] = [
            {"id": kept.access_key_id, "secret": kept.secret_access_key, "created": text(fact["created"]), "status": fact["status"]}
            | ({"last_used": {"at": text(fact["used"]), "service": fact["service"], "region": fact["region"]}} if fact["used"] else {})
            for fact, kept in zip(told.get("keys", []), known.access_keys, strict=True)
        ]
        user["tags"] = [{"key": key, "value": value} for key, value in told.get("tags", {}).items()]
        user["mfa"] = [{"serial": serial, "enabled": text(enabled)} for serial, enabled in told.get("mfa", {}).items()]
        user["signing_certificates"] = [
            {"id": kept.id, "uploaded": text(uploaded), "status": status, "body": kept.body}
            for (uploaded, status), kept in zip(told.get("certificates", []), known.signing_certificates.values(), strict=True)
        ]
        user["ssh_public_keys"] = [
            {"id": kept.ssh_public_key_id, "uploaded": text(uploaded), "status": status}
            for (uploaded, status), kept in zip(told.get("ssh", []), known.ssh_public_keys, strict=True)
        ]
        made.append(user)
    return {
        "account": ACCOUNT, "alias": "interop", "clock": text(CLOCK), "roles": [], "credential_report": {"polls": 2}, "users": made,
    }
