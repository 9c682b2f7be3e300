"""Accounts for mock-iam, as its account files and its control interface take them."""

from datetime import datetime, timedelta, timezone

ACCOUNT = "111122223333"
CLOCK = datetime(2026, 11, 22, 20, 45, tzinfo=timezone.utc)


def instant(days=0, **more):
    """So many days before the clock, as an account file has it."""
    return (CLOCK - timedelta(days=days, **more)).strftime("%Y-%m-%dT%H:%M:%SZ")


def full():
    """An account with everything that an account file can say, and users without it. Its keys have secrets, so that they can sign."""
    return {
        "account": ACCOUNT, "alias": "fidelity", "clock": instant(), "created": instant(4000),
        "credential_report": {"polls": 3},
        "root": {"mfa": True, "password_last_used": instant(3), "keys": [{"id": "AKIAROOTEXAMPLE00000", "created": instant(3000)}]},
        "users": [
            {"name": "bare", "created": instant(10)},
            {
                "name": "everything", "path": "/team/backend/", "created": instant(900),
                "password": {"created": instant(800), "changed": instant(30), "last_used": instant(1), "reset_required": True},
                "keys": [
                    {
                        "id": "AKIAEVERYTHING000001", "secret": "first/secret", "created": instant(700),
                        "last_used": {"at": instant(2), "service": "ec2", "region": "eu-west-1"},
                    },
                    {"id": "AKIAEVERYTHING000002", "secret": "second/secret", "created": instant(600), "status": "Inactive"},
                ],
                "tags": {"Owner": "Plattform Größe", "empty": "", "cost:center/a+b=c@d": "_.:/=+-@ 12"},
                "mfa": [
                    {"serial": f"arn:aws:iam::{ACCOUNT}:mfa/everything", "enabled": instant(500)},
                    {"serial": "GAHT12345678", "enabled": instant(400)},
                ],
                "signing_certificates": [
                    {"uploaded": instant(350)}, {"uploaded": instant(340), "status": "Inactive"},
                ],
                "ssh_public_keys": [{"uploaded": instant(330)}, {"uploaded": instant(320), "status": "Inactive"}],
                "service_credentials": [
                    {
                        "service": "codecommit.amazonaws.com", "created": instant(300),
                        "service_user_name": f"everything-at-{ACCOUNT}",
                    },
                    {
                        "service": "bedrock.amazonaws.com", "created": instant(200), "expires": instant(100), "status": "Expired",
                        "credential_alias": f"everything-at-{ACCOUNT}",
                    },
                ],
            },
            {
                "name": "svc+a=b,c.d@e-f_g", "created": instant(5), "password": True,
                "keys": [{"id": "AKIAWITHAREGIONNOUSE", "created": instant(4), "status": "Expired"}],
            },
        ],
        "roles": ["Anybody", {"name": "Denied", "denied": ["iam:*"]}, {"name": "Long", "max_session_duration": "12h"}],
        "callers": [
            {"access_key_id": "AKIADENIEDEXAMPLE000", "secret_access_key": "denied/secret", "denied": ["iam:*", "sts:*"]},
            {"access_key_id": "AKIAUSEREXAMPLE00000", "secret_access_key": "user/secret", "principal": "user/everything"},
            {"access_key_id": "AKIAPLAINUSER0000000", "secret_access_key": "plain/secret", "principal": "user/bare"},
        ],
    }


def wide(users):
    """An account with many users, a key or two to each, in two paths, and one user with many of everything that comes in pages."""
    names = ["crowded"] + [f"user-{number:04}" for number in range(users - 1)]
    document = {"account": ACCOUNT, "clock": instant(), "users": []}
    for number, name in enumerate(names):
        document["users"].append({
            "name": name, "path": "/service/" if number % 3 == 0 else "/", "created": instant(400 + number % 100),
            "keys": [{"created": instant(number % 300)} for _ in range(1 + number % 2)],
            "service_credentials": [{"created": instant(20), "service_user_name": f"{name}-at-{ACCOUNT}"}],
        })
    crowded = document["users"][0]
    crowded["tags"] = {f"key-{number:02}": f"value {number}" for number in range(50)}
    crowded["mfa"] = [
        {"serial": f"arn:aws:iam::{ACCOUNT}:mfa/crowded-{number}", "enabled": instant(number)} for number in range(8)
    ]
    crowded["keys"] = [{"created": instant(30)}, {"created": instant(20)}]
    crowded["signing_certificates"] = [{"uploaded": instant(number)} for number in range(2)]
    crowded["ssh_public_keys"] = [{"uploaded": instant(number)} for number in range(5)]
    return document
