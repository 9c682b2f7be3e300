#!/usr/bin/env python3
"""Writes botocore-vectors.jsonl: requests that botocore has signed, with each step of it, one to a line.

    .venv/bin/python Tests/AWSClientTests/Signing/generate_vectors.py

`Tests/Interop/test_signing.py` makes the same lines anew with the installed botocore, and compares. Nothing is random
that isn't seeded, and nothing is asked of the clock.
"""

import base64
import datetime
import json
import random
from pathlib import Path
from unittest import mock
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

FILE = Path(__file__).with_name("botocore-vectors.jsonl")
COUNT = 240
LETTERS = "abcXYZ019-._~ !*'()@&=+$,/?#[]%\"<>|é€🔑"
SERVICES = [
    # Signing name, host, how requests look.
    ("iam", "iam.amazonaws.com", "query"), ("sts", "sts.eu-central-1.amazonaws.com", "query"),
    ("organizations", "organizations.us-east-1.amazonaws.com", "json"), ("awsssoportal", "portal.sso.eu-west-1.amazonaws.com", "rest"),
    ("execute-api", "abc123.execute-api.us-west-2.amazonaws.com:8443", "rest"),
]
REGIONS = ["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"]


def text(dice, most=12):
    return "".join(dice.choice(LETTERS) for _ in range(dice.randint(0, most)))


def query(dice):
    pairs = [(text(dice) or "a", text(dice)) for _ in range(dice.randint(0, 5))]
    if pairs and dice.random() < 0.3:
        pairs.append((pairs[0][0], text(dice)))
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)


def path(dice):
    parts = [dice.choice(["a", "b c", "é", ".", "..", "", "x:y", "~z", text(dice, 6)]) for _ in range(dice.randint(0, 4))]
    return "/" + "/".join(quote(part, safe="-_.~") for part in parts)


def headers(dice):
    found = []
    for _ in range(dice.randint(0, 4)):
        name = dice.choice(["X-Amz-Meta", "x-amz-meta", "X-Other", "Accept", "User-Agent", "X-Amzn-Trace-Id", "x-amz-sso_bearer_token"])
        value = dice.choice([" a   b  ", "c,d;e=f", '"q  q"', "\tt\t t", "", "z" * 40, "1"])
        found.append((name, value))
    return found


def case(number, dice):
    service, host, kind = SERVICES[number % len(SERVICES)]
    secret = dice.choice(["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a secret with spaces, ünïcödé and /+="])
    token = dice.choice([None, "FwoGZXIvYXdzE//////////wEaDK" + "t" * 200])
    credentials = Credentials(dice.choice(["AKIDEXAMPLE", "ASIAIOSFODNN7EXAMPLE"]), secret, token)
    extra = headers(dice)
    if kind == "query":
        method, target, asked = "POST", "/", ""
        extra.append(("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"))
        body = f"Action=ListUsers&Marker={quote(text(dice, 30), safe='-_.~')}&Version=2010-05-08".encode()
    elif kind == "json":
        method, target, asked = "POST", "/", ""
        extra += [("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "AWSOrganizationsV20161128.ListAccounts")]
        body = json.dumps({"NextToken": text(dice, 30)}).encode()
    else:
        method, target, asked = dice.choice(["GET", "POST", "PUT", "DELETE"]), path(dice), query(dice)
        body = b"" if method == "GET" else bytes(dice.randrange(256) for _ in range(dice.randint(0, 60)))
    day = datetime.datetime(2015, 8, 30, 12, 36) + datetime.timedelta(seconds=dice.randrange(20 * 365 * 86400))
    url = f"https://{host}{target}" + (f"?{asked}" if asked else "")
    request = AWSRequest(method=method, url=url, data=body)
    for name, value in extra:
        request.headers.add_header(name, value)
    auth = SigV4Auth(credentials, service, dice.choice(REGIONS))
    steps = {}

    def keep(name, function):
        def kept(*arguments):
            steps[name] = function(*arguments)
            return steps[name]
        return kept

    for name in ("canonical_request", "string_to_sign", "signature"):
        setattr(auth, name, keep(name, getattr(auth, name)))
    with mock.patch("botocore.auth.get_current_datetime", return_value=day):
        auth.add_auth(request)
    return {
        "access_key_id": credentials.access_key, "secret": secret, "token": token, "service": service, "region": auth._region_name,
        "date": day.strftime("%Y-%m-%dT%H:%M:%SZ"), "method": method, "host": host, "path": target, "query": asked,
        "headers": [{"name": name, "value": value} for name, value in extra], "body": base64.b64encode(body).decode(),
        "authorization": request.headers["Authorization"], **steps,
    }


def lines():
    dice = random.Random(20261122)
    for number in range(COUNT):
        yield json.dumps(case(number, dice), ensure_ascii=False, sort_keys=True)


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", "utf-8")
