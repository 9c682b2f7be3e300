#!/usr/bin/env python3
"""Writes the recordings that mock-iam replays.

    generate.py                       the fixtures of this directory, from the descriptions below
    generate.py --check               says which of them differ from their description, exit code 1 if any
    generate.py synthetic --users 500 --keys-per-user 1 --out DIR [--seed 7]
                                      an account of any size, for benchmarks

The same description gives the same bytes on any machine: nothing here reads a clock or a random source. Ids and times
of day come from SHA-256 of the names. Every account, user and key is made up.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlencode
from xml.sax.saxutils import escape

# --- The vocabulary of the descriptions -------------------------------------------------------------------------------

CLOCK = datetime(2026, 11, 22, 20, 45, tzinfo=timezone.utc)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Key:
    """An access key. `age` and `used` are days before the clock: an int means so many whole days and some hours, a
    timedelta is exact. `used=None` is a key that was never used."""

    age: int | timedelta
    used: int | timedelta | None = None
    service: str = "sts"
    region: str = "us-east-1"
    status: str = "Active"
    # What GetAccessKeyLastUsed goes wrong with: "denied", or "unreadable" for a LastUsedDate that is no date.
    trouble: str | None = None


@dataclass(frozen=True)
class User:
    name: str
    keys: tuple = ()
    path: str = "/"
    # Has a password; `password_used` as `used` of a key.
    console: bool = False
    password_used: int | None = None
    age: int | None = None
    # ListAccessKeys begins with an empty page that says there is more, as AWS may.
    keys_on_second_page: bool = False
    # "login denied", "vanished" (deleted after ListUsers), "throttled" (once, at ListAccessKeys).
    trouble: str | None = None


@dataclass(frozen=True)
class Account:
    directory: str
    id: str
    title: str
    shows: str
    users: tuple
    page_size: int
    # The IAM user who asks; None for an assumed role.
    caller: str | None = None
    bodies_in_files: bool = False
    # Whether the caller may have the account summary and the credential report.
    comparable: bool = True
    clock: datetime = CLOCK


# --- The accounts -----------------------------------------------------------------------------------------------------

ALMOST = timedelta(minutes=1)

DEMO = Account(
    "demo-account", "111122223333", "Every level once or more",
    "An account as audits find them: 25 users on three pages, keys of every level and at the edges between levels, "
    "inactive keys, users with two keys, with a password, with a path, and without any key. `ci-deploy` was used "
    "yesterday but never rotated. `terraform-runner` has two pages of keys, the first of them empty. `=cmd-export` "
    "would be a formula in a careless CSV file.",
    page_size=10,
    users=(
        User("=cmd-export", (Key(45, 3, "s3", "us-east-1"),)),
        User("admin-console", console=True, password_used=2, age=500),
        User("alert-relay", (Key(12, 0, "sns", "eu-west-1"),)),
        User("artifact-sync", (Key(30 * DAY - ALMOST, 1, "codeartifact", "us-west-2"),)),
        User("backup-agent", (Key(200),)),
        User("billing-export", (Key(150, 125, "s3", "us-east-1"),)),
        User("cdn-purge", (Key(20, status="Inactive"),)),
        User("ci-deploy", (Key(400, 1, "sts", "us-east-1"),)),
        User("cost-reporter", (Key(120),)),
        User("data-lake-writer", (Key(75, 0, "kinesis", "us-east-1"), Key(10, 0, "kinesis", "us-east-1"))),
        User("dns-updater", (Key(30 * DAY, 0, "route53", "us-east-1"),)),
        User("edge-cache", (Key(100, 95, "dynamodb", "eu-central-1"),)),
        User("etl-nightly", (Key(35, 1, "glue", "us-east-1"), Key(300, 60, "glue", "us-east-1", "Inactive"))),
        User("finance.reader", console=True, age=80),
        User("image-builder", (Key(62, 61, "ecr", "us-west-2"),), path="/service/build/"),
        User("inventory-scan", (Key(90 * DAY),)),
        User("legacy-uploader", (Key(900, 500, "s3", "us-east-1", "Inactive"),)),
        User("log-shipper", (Key(60 * DAY - ALMOST, 0, "s3", "N/A"),)),
        User("metrics-agent", (Key(25),)),
        User("network-probe", age=14),
        User("payments-webhook", (Key(180 * DAY),), console=True, password_used=40),
        User("queue-worker", (Key(130, 0, "sqs", "us-east-1"), Key(95))),
        User("svc+reports@billing", (Key(85),)),
        User("terraform-runner", (Key(5, 0),), path="/service/", keys_on_second_page=True),
        User("vendor_probe", (Key(240, 120 * DAY, "ec2", "ap-southeast-2"),)),
    ),
)

CLEAN = Account(
    "clean-account", "222233334444", "Nothing to object to",
    "Six users on two pages. Every key is younger than 30 days and was used within days: there is nothing to find.",
    page_size=4,
    users=(
        User("app-frontend", (Key(8, 0, "dynamodb", "us-east-1"),)),
        User("backup-agent", (Key(12, 1, "s3", "N/A"),)),
        User("ci-deploy", (Key(3, 0, "sts", "us-east-1"),), path="/service/"),
        User("deploy-bot@prod", (Key(28, 2, "ecs", "us-east-1"), Key(1, 0, "ecs", "us-east-1"))),
        User("ops-console", console=True, password_used=1, age=60),
        User("telemetry-agent", (Key(21, 1, "monitoring", "eu-west-1"),)),
    ),
)

PARTIAL = Account(
    "partial-account", "333344445555", "What can't be read must not look fine",
    "Reading this account goes wrong in every way that an audit has to own up to: `ci-deploy` is throttled once and "
    "then answers; the caller may not ask for the passwords of `db-snapshot` and `vault-sync`, nor for the last use of "
    "`mail-gateway`'s key; the last use of `report-runner`'s key is no date; `temp-migration` was deleted after it had "
    "been listed, and a second list doesn't name it; the account summary and the credential report are denied. The bodies stand in files of their own, so that they read and diff well; whoever edits one has "
    "nothing else to correct.",
    page_size=100,
    caller="evidence-reader",
    bodies_in_files=True,
    comparable=False,
    users=(
        User("ci-deploy", (Key(40, 1, "sts", "us-east-1"),), trouble="throttled"),
        User("db-snapshot", (Key(15, 1, "rds", "us-east-1"),), trouble="login denied"),
        User("evidence-reader", (Key(10, 0, "iam", "us-east-1"),)),
        User("mail-gateway", (Key(70, 0, trouble="denied"),)),
        User("report-runner", (Key(33, 1, "athena", "us-east-1", trouble="unreadable"),)),
        User("temp-migration", age=3, trouble="vanished"),
        User("vault-sync", (Key(190), Key(6, 0, "kms", "us-east-1")), trouble="login denied"),
    ),
)

ACCOUNTS = (DEMO, CLEAN, PARTIAL)


def synthetic_account(users, keys_per_user, seed):
    """Ages and uses spread so that every level occurs; some keys were never used or are inactive, some users have
    passwords."""

    def key(name, number):
        age = pick(400, seed, name, number, "age")
        never = pick(5, seed, name, number, "never") == 0
        inactive = pick(10, seed, name, number, "inactive") == 0
        service = ("s3", "sts", "ec2", "dynamodb")[pick(4, seed, name, number, "service")]
        return Key(
            age + 1, None if never else pick(age + 1, seed, name, number, "used"), service,
            "N/A" if service == "s3" else "us-east-1", "Inactive" if inactive else "Active",
        )

    def user(number):
        name = f"svc-{number:06}"
        console = pick(8, seed, name, "console") == 0
        return User(
            name, tuple(key(name, n) for n in range(keys_per_user)), console=console,
            password_used=pick(90, seed, name, "password") if console else None, age=500,
        )

    return Account(
        "synthetic", "444455556666", f"{users} users with {keys_per_user} keys each, seed {seed}", "", page_size=100,
        users=tuple(user(number) for number in range(1, users + 1)),
    )


# --- Ids and times ----------------------------------------------------------------------------------------------------


def digest(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).digest()


def pick(count, *parts):
    """A number below `count` that depends on the parts alone."""
    return int.from_bytes(digest(*parts)[:8], "big") % count


def aws_id(prefix, length, *parts):
    """`AKIA4XQ7…EXAMPLE`: base32 as AWS's ids, and EXAMPLE at the end so that nobody takes it for a real one."""
    letters = base64.b32encode(digest(prefix, *parts)).decode()
    return prefix + letters[: length - len(prefix) - len("EXAMPLE")] + "EXAMPLE"


def request_id(*parts):
    text = digest("request", *parts).hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"


def marker(*parts):
    """Opaque and long, with characters that need escaping in a form, as AWS's are; AWS allows 320 characters."""
    raw = b"".join(digest("marker", part, *parts) for part in range(6))
    return base64.b64encode(raw[:190]).decode()


def instant(account, before, *parts):
    """The instant `before` the account's clock. Whole days get some hours on top, short of another day."""
    if isinstance(before, timedelta):
        return account.clock - before
    return account.clock - before * DAY - timedelta(minutes=30 + pick(22 * 60, account.id, *parts))


def stamp(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class UserFacts:
    """A described user with the ids and instants that follow from the description."""

    def __init__(self, account, user):
        self.user = user
        self.name = user.name
        self.id = aws_id("AIDA", 21, account.id, user.name)
        self.arn = f"arn:aws:iam::{account.id}:user{user.path}{user.name}"
        self.keys = [KeyFacts(account, user, number, key) for number, key in enumerate(user.keys)]
        oldest = min((key.created for key in self.keys), default=account.clock - (user.age or 0) * DAY)
        if user.age is not None:
            oldest = min(oldest, instant(account, user.age, user.name, "user"))
        self.created = oldest - timedelta(minutes=4)
        self.password_used = None
        if user.password_used is not None:
            self.password_used = instant(account, user.password_used, user.name, "password")


class KeyFacts:
    def __init__(self, account, user, number, key):
        self.key = key
        self.id = aws_id("AKIA", 20, account.id, user.name, number)
        self.created = instant(account, key.age, user.name, number, "created")
        self.used = None if key.used is None else instant(account, key.used, user.name, number, "used")
        if self.used and self.used < self.created:
            # Used on the day of its creation: the hours on top fell the wrong way round.
            self.used = self.created + timedelta(minutes=15)
        self.days = (account.clock - self.created) // DAY
        self.idle = None if self.used is None else (account.clock - self.used) // DAY

    @property
    def level(self):
        """Worked out here a second time, from the policy's table alone, so that it can disagree with the program."""
        if self.key.trouble:
            return "undetermined"
        if self.key.status != "Active":
            # Nobody can use it: LOW at most.
            return "LOW" if self.days >= 30 else "COMPLIANT"
        unused = self.days if self.idle is None else None
        idle = -1 if self.idle is None else self.idle
        if (unused is not None and unused >= 180) or idle >= 120:
            return "CRITICAL"
        if (unused is not None and unused >= 90) or idle >= 90:
            return "HIGH"
        if self.days >= 60 or idle >= 60:
            return "MEDIUM"
        return "LOW" if self.days >= 30 else "COMPLIANT"


# --- AWS's XML --------------------------------------------------------------------------------------------------------

NAMESPACES = {
    "2010-05-08": "https://iam.amazonaws.com/doc/2010-05-08/",
    "2011-06-15": "https://sts.amazonaws.com/doc/2011-06-15/",
}


def element(name, content, indent):
    """`content` is text, or a list of (name, content)."""
    space = "  " * indent
    if isinstance(content, str):
        return f"{space}<{name}>{escape(content)}</{name}>\n"
    if not content:
        return f"{space}<{name}/>\n"
    children = "".join(element(*child, indent + 1) for child in content)
    return f"{space}<{name}>\n{children}{space}</{name}>\n"


def success(operation, version, result, identifier):
    body = element(f"{operation}Result", result, 1) + element("ResponseMetadata", [("RequestId", identifier)], 1)
    return f'<{operation}Response xmlns="{NAMESPACES[version]}">\n{body}</{operation}Response>\n'


def failure(version, code, message, identifier):
    body = element("Error", [("Type", "Sender"), ("Code", code), ("Message", message)], 1)
    body += element("RequestId", identifier, 1)
    return f'<ErrorResponse xmlns="{NAMESPACES[version]}">\n{body}</ErrorResponse>\n'


# --- The recording ----------------------------------------------------------------------------------------------------


class Recorder:
    """Writes exchanges as they happen, in the order and with the requests of an unhurried boto3 script."""

    def __init__(self, account, lines):
        self.account = account
        self.lines = lines
        self.side_files = {}
        self.sequence = 0
        self.now = account.clock
        self.write({"_recording": {
            "account": account.id, "clock": stamp(account.clock), "created": stamp(account.clock),
            "description": account.title, "formatVersion": 1, "tool": "MockIAM/Fixtures/generate.py",
        }})

    def write(self, line):
        self.lines(json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")

    def answer(self, operation, parameters, result=None, error=None, version="2010-05-08", attempt=1):
        """One exchange; `error` is (status, code, message)."""
        self.sequence += 1
        identifier = request_id(self.account.id, self.sequence)
        host = "iam.amazonaws.com" if version == "2010-05-08" else "sts.us-east-1.amazonaws.com"
        fields = [("Action", operation), ("Version", version), *parameters]
        form = urlencode(fields)
        status, body = 200, None
        if error:
            status = error[0]
            body = failure(version, error[1], error[2], identifier)
        else:
            body = success(operation, version, result, identifier)
        raw = body.encode()
        took = 20 + pick(60, self.account.id, self.sequence, "took")
        content = {"mimeType": "text/xml", "size": len(raw), "text": body}
        entry = {
            "_account": self.account.id, "_attempt": attempt, "_op": operation,
            "_outcome": "ok" if status == 200 else f"http-{status}", "_seq": self.sequence,
            "_sha256": hashlib.sha256(raw).hexdigest(), "cache": {},
            "request": {
                "bodySize": len(form), "cookies": [],
                "headers": [
                    {"name": "Content-Type", "value": "application/x-www-form-urlencoded; charset=utf-8"},
                    {"name": "Host", "value": host},
                    {"name": "X-Amz-Date", "value": self.now.strftime("%Y%m%dT%H%M%SZ")},
                ],
                "headersSize": -1, "httpVersion": "HTTP/1.1", "method": "POST",
                "postData": {
                    "mimeType": "application/x-www-form-urlencoded; charset=utf-8",
                    "params": [{"name": name, "value": value} for name, value in fields], "text": form,
                },
                "queryString": [], "url": f"https://{host}/",
            },
            "response": {
                "bodySize": len(raw), "content": content, "cookies": [],
                "headers": [
                    {"name": "x-amzn-RequestId", "value": identifier},
                    {"name": "Content-Type", "value": "text/xml"},
                    {"name": "Content-Length", "value": str(len(raw))},
                    {"name": "Date", "value": format_datetime(self.now, usegmt=True)},
                ],
                "headersSize": -1, "httpVersion": "HTTP/1.1", "redirectURL": "", "status": status, "statusText": "",
            },
            "startedDateTime": self.now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.now.microsecond // 1000:03}Z",
            "time": took, "timings": {"receive": 0, "send": 0, "wait": took},
        }
        if self.account.bodies_in_files:
            subject = "-".join(value for name, value in parameters if name != "Marker")
            name = f"{self.sequence:02}-{operation}" + (f"-{subject}" if subject else "")
            file = "bodies/" + re.sub(r"[^A-Za-z0-9.-]", "_", name) + ".xml"
            self.side_files[file] = body
            # Nothing that an edit of the body would turn into a lie: no text, length or digest.
            response = entry["response"]
            response["content"] = {"_bodyFile": file, "mimeType": "text/xml"}
            response["bodySize"] = -1
            response["headers"] = [header for header in response["headers"] if header["name"] != "Content-Length"]
            del entry["_sha256"]
        self.write(entry)
        self.now += timedelta(milliseconds=took + 5)


def record(account, lines):
    """What reading the account's users, passwords and keys sounds like. Returns the side files."""
    recorder = Recorder(account, lines)
    users = [UserFacts(account, user) for user in account.users]
    if account.caller:
        caller = next(user for user in users if user.name == account.caller)
        caller_id, caller_arn = caller.id, caller.arn
    else:
        caller_id = aws_id("AROA", 21, account.id, "EvidenceReader") + ":keywitness"
        caller_arn = f"arn:aws:sts::{account.id}:assumed-role/EvidenceReader/keywitness"

    def denied(action, user):
        message = (
            f"User: {caller_arn} is not authorized to perform: iam:{action} on resource: user {user} because "
            f"no identity-based policy allows the iam:{action} action"
        )
        return (403, "AccessDenied", message)

    identity = [("Arn", caller_arn), ("UserId", caller_id), ("Account", account.id)]
    recorder.answer("GetCallerIdentity", [], identity, version="2011-06-15")
    list_users(recorder, account, users)
    for user in users:
        list_access_keys(recorder, account, user)
        if user.user.trouble == "login denied":
            recorder.answer("GetLoginProfile", [("UserName", user.name)], error=denied("GetLoginProfile", user.name))
        elif user.user.console:
            created = ("CreateDate", stamp(user.created))
            profile = [("UserName", user.name), created, ("PasswordResetRequired", "false")]
            recorder.answer("GetLoginProfile", [("UserName", user.name)], [("LoginProfile", profile)])
        else:
            message = f"Login Profile for User {user.name} cannot be found."
            recorder.answer("GetLoginProfile", [("UserName", user.name)], error=(404, "NoSuchEntity", message))
        for key in user.keys:
            parameters = [("AccessKeyId", key.id)]
            if key.key.trouble == "denied":
                recorder.answer("GetAccessKeyLastUsed", parameters, error=denied("GetAccessKeyLastUsed", user.name))
            else:
                recorder.answer("GetAccessKeyLastUsed", parameters, last_used(user, key))
    if account.comparable:
        account_summary(recorder, users)
        credential_report(recorder, account, users)
    else:
        for action in ("GetAccountSummary", "GenerateCredentialReport"):
            message = (
                f"User: {caller_arn} is not authorized to perform: iam:{action} on resource: * because no "
                f"identity-based policy allows the iam:{action} action"
            )
            recorder.answer(action, [], error=(403, "AccessDenied", message))
    if any(user.user.trouble == "vanished" for user in users):
        # Whoever asks a second time finds them gone.
        list_users(recorder, account, [user for user in users if user.user.trouble != "vanished"])
    return recorder.side_files


def account_summary(recorder, users):
    figures = {
        "AccessKeysPerUserQuota": 2, "AccountAccessKeysPresent": 0, "AccountMFAEnabled": 1, "Users": len(users),
        "UsersQuota": 5000,
    }
    entries = [("entry", [("key", name), ("value", str(value))]) for name, value in figures.items()]
    recorder.answer("GetAccountSummary", [], [("SummaryMap", entries)])


def credential_report(recorder, account, users):
    """A report that AWS makes on request. Its columns are those of live reports: lower-case booleans, no last line feed."""
    recorder.answer(
        "GenerateCredentialReport", [],
        [("Description", "No report exists. Starting a new report generation task"), ("State", "STARTED")],
    )

    def offset(when):
        return when.strftime("%Y-%m-%dT%H:%M:%S+00:00")

    def slot(key):
        if key is None:
            return ["false", "N/A", "N/A", "N/A", "N/A"]
        used = ["N/A", "N/A", "N/A"] if key.used is None else [offset(key.used), key.key.region, key.key.service]
        return ["true" if key.key.status == "Active" else "false", offset(key.created), *used]

    key_columns = ["active", "last_rotated", "last_used_date", "last_used_region", "last_used_service"]
    header = [
        "user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
        "password_next_rotation", "mfa_active", *(f"access_key_{n}_{name}" for n in (1, 2) for name in key_columns),
        *(f"cert_{n}_{name}" for n in (1, 2) for name in ("active", "last_rotated")),
    ]
    no_certificates = ["false", "N/A", "false", "N/A"]
    opened = offset(account.clock - 3000 * DAY)
    rows = [header, [
        "<root_account>", f"arn:aws:iam::{account.id}:root", opened, "not_supported", "no_information", "not_supported",
        "not_supported", "true", *slot(None), *slot(None), *no_certificates,
    ]]
    for user in users:
        used = "N/A"
        if user.user.console:
            used = offset(user.password_used) if user.password_used else "no_information"
        keys = [*user.keys, None, None][:2]
        rows.append([
            user.name, user.arn, offset(user.created), "true" if user.user.console else "false", used,
            offset(user.created) if user.user.console else "N/A", "N/A", "false", *slot(keys[0]), *slot(keys[1]),
            *no_certificates,
        ])
    text = "\n".join(",".join(row) for row in rows)
    # To the second, as AWS gives it, and no earlier than the request for it.
    generated = stamp(recorder.now + timedelta(seconds=1))
    recorder.answer("GetCredentialReport", [], [
        ("Content", base64.b64encode(text.encode()).decode()), ("ReportFormat", "text/csv"), ("GeneratedTime", generated),
    ])


def list_users(recorder, account, users):
    size = account.page_size
    following = []
    for start in range(0, len(users), size):
        last = start + size >= len(users)
        members = []
        for user in users[start : start + size]:
            member = [("Path", user.user.path), ("UserName", user.name), ("Arn", user.arn), ("UserId", user.id),
                      ("CreateDate", stamp(user.created))]
            if user.password_used:
                member.insert(0, ("PasswordLastUsed", stamp(user.password_used)))
            members.append(("member", member))
        # AWS really puts IsTruncated before Users.
        result = [("IsTruncated", "false" if last else "true"), ("Users", members)]
        parameters = following
        if not last:
            following = [("Marker", marker(account.id, "ListUsers", start))]
            result.append(following[0])
        recorder.answer("ListUsers", parameters, result)


def list_access_keys(recorder, account, user):
    parameters = [("UserName", user.name)]
    if user.user.trouble == "vanished":
        message = f"The user with name {user.name} cannot be found."
        recorder.answer("ListAccessKeys", parameters, error=(404, "NoSuchEntity", message))
        return
    attempt = 1
    if user.user.trouble == "throttled":
        recorder.answer("ListAccessKeys", parameters, error=(400, "Throttling", "Rate exceeded"))
        attempt = 2
    members = [
        ("member", [
            ("UserName", user.name), ("AccessKeyId", key.id), ("Status", key.key.status),
            ("CreateDate", stamp(key.created)),
        ])
        for key in user.keys
    ]
    if user.user.keys_on_second_page:
        mark = ("Marker", marker(account.id, "ListAccessKeys", user.name))
        recorder.answer("ListAccessKeys", parameters, [("IsTruncated", "true"), ("AccessKeyMetadata", []), mark])
        parameters = [*parameters, mark]
    result = [("IsTruncated", "false"), ("AccessKeyMetadata", members)]
    recorder.answer("ListAccessKeys", parameters, result, attempt=attempt)


def last_used(user, key):
    if key.used is None:
        use = [("Region", "N/A"), ("ServiceName", "N/A")]
    else:
        date = "not-a-date" if key.key.trouble == "unreadable" else stamp(key.used)
        use = [("Region", key.key.region), ("LastUsedDate", date), ("ServiceName", key.key.service)]
    return [("UserName", user.name), ("AccessKeyLastUsed", use)]


# --- README -----------------------------------------------------------------------------------------------------------


def readme(account):
    rows = []
    for user in (UserFacts(account, user) for user in account.users):
        who = f"`{user.name}`" + (f" (path `{user.user.path}`)" if user.user.path != "/" else "")
        console = "yes" if user.user.console else "no"
        if user.user.trouble == "login denied":
            console = "undetermined"
        if user.user.trouble == "vanished":
            console = "vanished"
        for key in user.keys or [None]:
            if key is None:
                keys = "vanished" if user.user.trouble == "vanished" else "none"
                rows.append((who, console, keys, "", "", "", "", ""))
                continue
            used, where = "never", ""
            if key.used is not None:
                used, where = str(key.idle), f"{key.key.service}, {key.key.region}"
            if key.key.trouble:
                used, where = "undetermined", ""
            rows.append((who, console, f"`{key.id}`", key.key.status, str(key.days), used, where, key.level))
    table = "".join("| " + " | ".join(row) + " |\n" for row in rows)
    levels = [key.level for user in account.users for key in UserFacts(account, user).keys]
    order = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "COMPLIANT", "undetermined"]
    counts = ", ".join(f"{levels.count(level)} {level}" for level in order if level in levels)
    return f"""# {account.directory}: {account.title[0].lower()}{account.title[1:]}

{account.shows}

Account {account.id}, clock **{stamp(account.clock)}** (it stands still: ages are counted from it, whatever the day).
{len(account.users)} users, {len(levels)} keys: {counts}.

    mock-iam serve --fixtures MockIAM/Fixtures/{account.directory}
    AWS_ENDPOINT_URL=http://127.0.0.1:PORT aws iam list-users

Ages and last use are in whole days at the clock. The levels follow the default policy.

| user | password | key | status | age | last used | where | level |
| --- | --- | --- | --- | ---: | ---: | --- | --- |
{table}
Written by `MockIAM/Fixtures/generate.py` from its description of the account; change it there.
"""


# --- Files ------------------------------------------------------------------------------------------------------------


def files(account):
    """Every file of a fixture by its path in the fixture's directory."""
    lines = []
    side_files = record(account, lines.append)
    return {"exchanges.jsonl": "".join(lines), "README.md": readme(account), **side_files}


def write_fixtures(home, check):
    stale = []
    for account in ACCOUNTS:
        directory = home / account.directory
        wanted = files(account)
        found = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}
        for name in sorted(name for name in found - wanted.keys() if name.startswith("bodies/")):
            stale.append(f"{account.directory}/{name}: no exchange has it as its body")
            if not check:
                (directory / name).unlink()
        for name, text in wanted.items():
            path = directory / name
            if name in found and path.read_bytes() == text.encode():
                continue
            stale.append(f"{account.directory}/{name}: differs from its description")
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
    return stale


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if a file differs")
    commands = parser.add_subparsers(dest="command")
    synthetic = commands.add_parser("synthetic", help="an account of any size")
    synthetic.add_argument("--users", type=int, required=True)
    synthetic.add_argument("--keys-per-user", type=int, default=1)
    synthetic.add_argument("--out", type=Path, required=True, metavar="DIR")
    synthetic.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()

    if arguments.command == "synthetic":
        arguments.out.mkdir(parents=True, exist_ok=True)
        with open(arguments.out / "exchanges.jsonl", "w", encoding="utf-8", newline="\n") as file:
            record(synthetic_account(arguments.users, arguments.keys_per_user, arguments.seed), file.write)
        return 0

    stale = write_fixtures(Path(__file__).resolve().parent, arguments.check)
    for line in stale:
        print(line)
    return 1 if stale and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
