"""Signs requests with botocore and writes them to botocore-vectors.jsonl, one to a line.

    python generate_vectors.py          writes the file
    python generate_vectors.py --check  fails where the file isn't what botocore makes of the same requests today

Nothing is random that isn't seeded, and nothing is asked of the clock.
"""

import base64
import datetime
import hashlib
import json
import pathlib
import random
import sys
from unittest import mock

from botocore.auth import SIGNED_HEADERS_BLACKLIST, SigV4Auth, SigV4QueryAuth, _host_from_url
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode_sequence

FILE = pathlib.Path(__file__).with_name("botocore-vectors.jsonl")
# The example credentials of AWS's documentation.
PERMANENT = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
OTHER = Credentials("AKIAIOSFODNN7EXAMPLE", "a secret with spaces, ünïcödé and /+=")
TEMPORARY = Credentials(
    "ASIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUu"
    "wthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQ==",
)
FORM = "application/x-www-form-urlencoded; charset=utf-8"
JSON = "application/x-amz-json-1.1"


def sign(
    name, url, method="GET", headers=(), body=b"", service="iam", region="us-east-1", date="20150830T123600Z",
    credentials=PERMANENT, presign=None, wire=None, hashed=False,
):
    """One signed request.

    headers: pairs; a name may repeat. presign: the seconds for X-Amz-Expires, to sign in the query.
    wire: pairs of texts to replace in the target after signing, with others that mean the same.
    hashed: whether to send and sign the body's hash as a header.
    """
    request = AWSRequest(method=method, url=url, data=body)
    for header, value in headers:
        request.headers.add_header(header, value)
    if hashed:
        request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(body).hexdigest()
    if presign is None:
        auth = SigV4Auth(credentials, service, region)
    else:
        auth = SigV4QueryAuth(credentials, service, region, expires=presign)
    now = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
    with mock.patch("botocore.auth.get_current_datetime", return_value=now):
        auth.add_auth(request)
    sent = list(request.headers.items())
    if "host" not in {header.lower() for header, _ in sent}:
        sent.insert(0, ("Host", _host_from_url(url)))
    # What no signature covers, as a client sends it.
    sent += [("User-Agent", "Boto3/1.43"), ("Content-Length", str(len(body)))]
    target = request.url.split("://", 1)[1]
    cut = min((target.index(mark) for mark in "/?" if mark in target), default=len(target))
    target = target[cut:]
    if not target.startswith("/"):
        target = "/" + target
    for old, new in wire or ():
        assert old in target, (name, old, target)
        target = target.replace(old, new)
    unsigned = {"authorization", "content-length", *SIGNED_HEADERS_BLACKLIST}
    return {
        "name": name,
        "accessKeyId": credentials.access_key,
        "secret": credentials.secret_key,
        "sessionToken": credentials.token,
        "service": service,
        "region": region,
        "date": date,
        "method": method,
        "target": target,
        "headers": [[header, value] for header, value in sent],
        "signedHeaders": sorted({header.lower() for header, _ in sent} - unsigned),
        "bodyBase64": base64.b64encode(body).decode(),
    }


def form(**parameters):
    return percent_encode_sequence(parameters).encode()


def services():
    iam, sts = "https://iam.amazonaws.com/", "https://sts.eu-central-1.amazonaws.com/"
    post = {"method": "POST", "headers": [("Content-Type", FORM)]}
    yield sign("ListUsers by POST", iam, body=form(Action="ListUsers", Version="2010-05-08"), **post)
    yield sign(
        "ListAccessKeys with a marker", iam, credentials=OTHER, date="20240229T235959Z", **post,
        body=form(Action="ListAccessKeys", UserName="ci-deploy", Marker="AAEC/+8=", Version="2010-05-08"),
    )
    yield sign(
        "CreateUser with a token", iam, credentials=TEMPORARY, date="20260101T000000Z", **post,
        body=form(Action="CreateUser", UserName="a=b,c.d@e-f_g", Path="/div é/", Version="2010-05-08"),
    )
    yield sign("ListUsers by GET", iam + "?Action=ListUsers&Version=2010-05-08", headers=[("Content-Type", FORM)])
    yield sign("GET without a slash", "https://iam.amazonaws.com?Action=ListUsers&Version=2010-05-08")
    yield sign("GET without a query", iam)
    for region in ("eu-central-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "us-isob-east-1", "ap-southeast-5"):
        yield sign(
            f"GetCallerIdentity in {region}", f"https://sts.{region}.amazonaws.com/", service="sts", region=region,
            credentials=TEMPORARY, date="20381119T031407Z", body=form(Action="GetCallerIdentity"), **post,
        )
    yield sign(
        "AssumeRole", sts, service="sts", region="eu-central-1", date="19991231T235959Z", **post,
        body=form(Action="AssumeRole", RoleArn="arn:aws:iam::123456789012:role/a b", RoleSessionName="x"),
    )
    for target in ("ListAccounts", "DescribeOrganization"):
        yield sign(
            f"Organizations {target}", "https://organizations.us-east-1.amazonaws.com/", "POST",
            [("Content-Type", JSON), ("X-Amz-Target", f"AWSOrganizationsV20161128.{target}")],
            b'{"MaxResults": 20}', "organizations", credentials=OTHER, date="21000301T000000Z",
        )
    yield sign("the body's hash as a header", iam, body=form(Action="GetUser"), hashed=True, **post)
    yield sign("a body that is no text", iam, "PUT", body=bytes(range(256)) * 3)
    yield sign("another port", "http://127.0.0.1:8080/", body=form(Action="GetUser"), **post)


def queries():
    base = "https://iam.amazonaws.com/"
    for name, query in {
        "in no order": "b=2&a=1&C=3&c=4",
        "one name often": "a=3&a=1&a=2&a=",
        "names that begin alike": "a=1&a-b=2&a.b=3&ab=4&aB=5",
        "no value": "a=&b=&Action=",
        "unreserved": "-._~=-._~0123456789ABCXYZabcxyz",
        "escaped": "%20%21%22%23%24%25%26=%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5D%5E%60%7B%7C%7D",
        "unicode": "%E1%88%B4=%E2%82%AC%F0%9F%94%91",
        "no UTF-8": "x=%FF%C0%80&y=%00",
    }.items():
        yield sign(f"query, {name}", f"{base}?{query}")
    # botocore signs the escapes that it was given; AWS signs the meaning, so others may be sent.
    for name, query, wire in (
        ("lower-case escapes", "path=%2Fa%2Fb", [("%2F", "%2f")]),
        ("no escape where one isn't needed", "path=%2Fa%3Ab", [("%2F", "/"), ("%3A", ":")]),
        ("an escape where none is needed", "user=tilde~dot.", [("tilde", "%74ilde"), ("~", "%7E")]),
        ("plus for a space", "name=a%20b%20c", [("%20", "+")]),
        ("no equal sign", "flag=&x=1", [("flag=", "flag")]),
    ):
        yield sign(f"query, {name}", f"{base}?{query}", wire=wire)


def paths():
    for path in (
        "/foo/bar", "/foo/bar/", "/foo%20bar", "/%E1%88%B4", "/ሴ/é", "/a%2Fb", "/~user/-_.", "//two//slashes//",
        "/./a/./b", "/a/b/../c", "/a/../b/", "/a:b,c;d=e@f!", "/a+b%2Bc",
    ):
        yield sign(f"path {path}", f"https://iam.amazonaws.com{path}?Action=x", date="20240630T120000Z")


def headers():
    url = "https://iam.amazonaws.com/"
    for name, pairs in {
        "one header often": [("X-Amz-Meta", "b"), ("x-other", "1"), ("x-amz-meta", "a"), ("X-AMZ-META", "c")],
        "spaces": [("X-Amz-Meta", "   a   b    c  "), ("X-Quoted", '  "a   b"  c')],
        "tabs": [("X-Amz-Meta", "\ta\t\tb \t c\t")],
        "an empty value": [("X-Amz-Meta", ""), ("X-Empty", "  ")],
        "unicode": [("X-Amz-Meta", "déjà vu €")],
        "commas and semicolons": [("X-Amz-Meta", "a, b;c"), ("Accept", "text/xml, */*;q=0.5")],
        "names out of order": [("Zebra", "1"), ("Accept", "*/*"), ("X-Amz-Target", "t"), ("Middle", "2")],
        "a date header": [("Date", "replaced by botocore")],
        "unsigned ones": [("Expect", "100-continue"), ("X-Amzn-Trace-Id", "Root=1"), ("Connection", "keep-alive")],
        "the old date": [("X-Amz-Date", "20010101T000000Z")],
    }.items():
        yield sign(f"headers, {name}", url, "POST", pairs, b"Action=x", date="20240704T090807Z")


def presigned():
    sts = "https://sts.us-west-2.amazonaws.com/"
    for name, more in {
        "short": {"presign": 60},
        "long": {"presign": 604800, "credentials": OTHER},
        "with a token": {"presign": 900, "credentials": TEMPORARY},
        "with a header": {"presign": 60, "credentials": TEMPORARY, "headers": [("x-k8s-aws-id", "a cluster")]},
        "with an x-amz header": {"presign": 60, "headers": [("X-Amz-Meta", "a"), ("X-Amz-Meta", "b")]},
        "escaped otherwise": {"presign": 60, "wire": [("%2F", "/")]},
    }.items():
        yield sign(
            f"presigned, {name}", sts + "?Action=GetCallerIdentity&Version=2011-06-15", service="sts",
            region="us-west-2", date="20240229T000000Z", **more,
        )
    yield sign(
        "presigned, of IAM, with unicode", "https://iam.amazonaws.com/?UserName=%C3%A9%20%2B&Action=GetUser", presign=1,
    )
    yield sign("presigned, a path", "https://iam.amazonaws.com/a%20b/../c", presign=300)


def made_up():
    """Whatever the dice say."""
    dice = random.Random(20150830)
    letters = "abcXYZ012 -._~!*'();:@&=+$,/?#[]%\"<>\\^`{|}é€🔑"

    def word(longest):
        return "".join(dice.choices(letters, k=dice.randint(0, longest)))

    for number in range(12):
        parameters = [(word(6) or "n", word(20)) for _ in range(dice.randint(0, 12))]
        date = datetime.datetime(1990, 1, 1) + datetime.timedelta(seconds=dice.randrange(4_000_000_000))
        spare = "".join(character for character in word(30) if character not in "%")
        yield sign(
            f"made up {number}",
            f"https://sts.us-east-1.amazonaws.com/?{percent_encode_sequence(parameters)}",
            dice.choice(["GET", "POST", "DELETE"]),
            [(dice.choice(["X-Amz-Meta", "X-Spare", "Accept"]), spare) for _ in range(dice.randint(0, 4))],
            dice.randbytes(dice.randint(0, 300)) if number % 3 else b"",
            "sts", "us-east-1", date.strftime("%Y%m%dT%H%M%SZ"),
            dice.choice([PERMANENT, OTHER, TEMPORARY]), hashed=bool(number % 2),
        )


def main():
    vectors = [*services(), *queries(), *paths(), *headers(), *presigned(), *made_up()]
    text = "".join(json.dumps(vector, ensure_ascii=True, sort_keys=True) + "\n" for vector in vectors)
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text)
    elif FILE.read_text() != text:
        sys.exit(f"{FILE.name} is not what botocore signs today; run this again without --check and see what changed")


if __name__ == "__main__":
    main()
