"""Pages: whatever their size, boto3's paginators and AWS CLI come to the same complete list; who is deleted meanwhile takes nobody
along."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

import accounts
from emulated import Control, Ear, call, client
from programs import DEADLINE, environment, served

AWS = Path(sys.executable).with_name("aws")
USERS = 240
DOCUMENT = accounts.wide(USERS)
NAMES = sorted(user["name"] for user in DOCUMENT["users"])
CROWDED = DOCUMENT["users"][0]
SIZES = [1, 2, 7, 1000, None]

# The operation, its parameters, the list in its answer, what tells the elements of the list apart, and how many there are.
LISTS = {
    "ListUsers": ({}, "Users", "UserName", USERS),
    "ListUsers of a path": (
        {"PathPrefix": "/service/"}, "Users", "UserName", sum(user["path"] == "/service/" for user in DOCUMENT["users"]),
    ),
    "GetAccountAuthorizationDetails": ({}, "UserDetailList", "UserName", USERS),
    "GetAccountAuthorizationDetails of users": ({"Filter": ["User"]}, "UserDetailList", "UserName", USERS),
    "ListAccessKeys": ({"UserName": "crowded"}, "AccessKeyMetadata", "AccessKeyId", 2),
    "ListUserTags": ({"UserName": "crowded"}, "Tags", "Key", 50),
    "ListMFADevices": ({"UserName": "crowded"}, "MFADevices", "SerialNumber", 8),
    "ListSigningCertificates": ({"UserName": "crowded"}, "Certificates", "CertificateId", 2),
    "ListSSHPublicKeys": ({"UserName": "crowded"}, "SSHPublicKeys", "SSHPublicKeyId", 5),
    "ListServiceSpecificCredentials": (
        {"AllUsers": True}, "ServiceSpecificCredentials", "ServiceSpecificCredentialId", USERS,
    ),
    "ListAccountAliases": ({}, "AccountAliases", None, 0),
}

SERVERS = {
    "plain": [],
    "pages of changing size": ["--vary-pages"],
    "elements in changing order": ["--vary-order"],
    "both": ["--vary-pages", "--vary-order", "--seed", "7"],
    "small pages": ["--page-size", "3"],
}


@pytest.fixture(scope="module")
def account_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("account") / "account.json"
    file.write_text(json.dumps(DOCUMENT), "utf-8")
    return file


@pytest.fixture(scope="module", params=SERVERS)
def emulator(request, account_file, tmp_path_factory):
    with served(tmp_path_factory.mktemp("paging"), "--account", account_file, *SERVERS[request.param]) as running:
        running.options = SERVERS[request.param]
        yield running


def pages(iam, name, size, **parameters):
    """The pages of a list, by botocore's paginator where it has one."""
    if size:
        parameters["MaxItems"] = size
    method = next(method for method, known in iam.meta.method_to_api_mapping.items() if known == name)
    if iam.can_paginate(method):
        configuration = {"PageSize": parameters.pop("MaxItems")} if size else {}
        yield from iam.get_paginator(method).paginate(**parameters, PaginationConfig=configuration)
        return
    marker = {}
    while True:
        page = call(iam, name, **parameters, **marker)
        yield page
        if not page["IsTruncated"]:
            return
        marker = {"Marker": page["Marker"]}


def whole(iam, case, size):
    """The elements of all pages, and how many pages there were; each page is looked at on the way."""
    parameters, list_name, identity, _ = LISTS[case]
    found, count = [], 0
    for page in pages(iam, case.split()[0], size, **parameters):
        count += 1
        assert ("Marker" in page) is page["IsTruncated"]
        assert page["IsTruncated"] is False or page[list_name], "an empty page in between"
        assert len(page[list_name]) <= (size or 100)
        found += page[list_name]
    identities = [element[identity] if identity else element for element in found]
    assert len(set(identities)) == len(identities), "an element came twice"
    return found, count


@pytest.mark.parametrize("case", LISTS)
def test_every_page_size_gives_the_same_list(emulator, case):
    iam = client(emulator.url, "iam")
    total = LISTS[case][3]
    lists = {}
    # Hundreds of tiny pages are enough on one server.
    sizes = SIZES if total < 100 or not emulator.options else [7, 1000, None]
    for size in sizes:
        found, count = whole(iam, case, size)
        assert len(found) == total, size
        lists[size] = found
        longest = min(size or 100, 3 if "--page-size" in emulator.options else 1000)
        least = max(1, -(-total // longest))
        assert count >= least if "--vary-pages" in emulator.options else count == least, (size, count)
    assert all(found == lists[None] for found in lists.values())


def test_users_are_those_of_the_account(emulator):
    found, _ = whole(client(emulator.url, "iam"), "ListUsers", 7)
    assert [user["UserName"] for user in found] == NAMES


def test_pages_of_changing_size_are_really_of_changing_size(emulator):
    sizes = {len(page["Users"]) for page in pages(client(emulator.url, "iam"), "ListUsers", 50)}
    assert (len(sizes) > 3) is ("--vary-pages" in emulator.options)


def test_elements_are_really_in_changing_order(emulator):
    """Where it isn't asked for, IsTruncated comes first, as it does at AWS."""
    iam = client(emulator.url, "iam")
    ear = Ear(iam)
    whole(iam, "ListUsers", 50)
    first = {answer.body.index(b"<IsTruncated>") < answer.body.index(b"<Users>") for answer in ear.answers}
    assert first == ({True, False} if "--vary-order" in emulator.options else {True})


def test_the_page_size_may_change_on_the_way(emulator):
    iam = client(emulator.url, "iam")
    found, page, sizes = [], iam.list_users(MaxItems=1), [3, 100, 1, 50]
    while True:
        found += [user["UserName"] for user in page["Users"]]
        if not page["IsTruncated"]:
            break
        sizes.append(sizes.pop(0))
        page = iam.list_users(Marker=page["Marker"], MaxItems=sizes[0])
    assert found == NAMES


def test_a_page_can_be_asked_for_again(emulator):
    iam = client(emulator.url, "iam")
    marker = iam.list_users(MaxItems=10)["Marker"]
    first, second = (iam.list_users(Marker=marker, MaxItems=10) for _ in range(2))
    assert (first["Users"], first["Marker"]) == (second["Users"], second["Marker"])


# MARK: Changes between two pages

@pytest.fixture
def changing(emulator):
    """The account, to be changed by a test and put back afterwards."""
    control = Control(emulator.url)
    yield control
    control.post("reset")


def without(*names):
    return DOCUMENT | {"users": [user for user in DOCUMENT["users"] if user["name"] not in names]}


@pytest.mark.parametrize("where", ["before", "the last of the page", "the next", "all of the page"])
@pytest.mark.parametrize("name, list_name", [("ListUsers", "Users"), ("GetAccountAuthorizationDetails", "UserDetailList")])
def test_a_user_deleted_between_two_pages_takes_no_other_along(emulator, changing, where, name, list_name):
    iam = client(emulator.url, "iam")
    page = call(iam, name, MaxItems=20)
    seen = [user["UserName"] for user in page[list_name]]
    following = NAMES[NAMES.index(seen[-1]) + 1]
    gone = {"before": seen[:1], "the last of the page": seen[-1:], "the next": [following], "all of the page": seen}[where]
    changing.put("state", without(*gone))
    while page["IsTruncated"]:
        page = call(iam, name, MaxItems=20, Marker=page["Marker"])
        seen += [user["UserName"] for user in page[list_name]]
    assert seen == [name for name in NAMES if name != following or where != "the next"]


def test_a_user_made_between_two_pages_shifts_no_other(emulator, changing):
    iam = client(emulator.url, "iam")
    page = iam.list_users(MaxItems=20)
    seen = [user["UserName"] for user in page["Users"]]
    made = [{"name": name, "created": accounts.instant()} for name in ("a-first", "zz-last")]
    changing.put("state", DOCUMENT | {"users": [*made, *DOCUMENT["users"]]})
    while page["IsTruncated"]:
        page = iam.list_users(MaxItems=20, Marker=page["Marker"])
        seen += [user["UserName"] for user in page["Users"]]
    assert seen == [*NAMES, "zz-last"]


@pytest.mark.parametrize("case, part", [
    ("ListAccessKeys", "keys"), ("ListUserTags", "tags"), ("ListMFADevices", "mfa"), ("ListSigningCertificates", "signing_certificates"),
    ("ListSSHPublicKeys", "ssh_public_keys"),
])
def test_what_a_user_has_and_loses_between_two_pages_takes_nothing_along(emulator, changing, case, part):
    """The state is put as it was told, so that every identifier stays what it is."""
    iam = client(emulator.url, "iam")
    parameters, list_name, identity, _ = LISTS[case]
    everything = [element[identity] for element in whole(iam, case, None)[0]]
    state = changing.get("state")
    (user,) = [user for user in state["users"] if user["name"] == "crowded"]
    page = call(iam, case, MaxItems=1, **parameters)
    first = page[list_name][0][identity]
    kept = [element for element in user[part] if first not in (element.get("id"), element.get("key"), element.get("serial"))]
    assert len(kept) == len(user[part]) - 1
    user[part] = kept
    changing.put("state", state)
    seen = [first]
    while page["IsTruncated"]:
        page = call(iam, case, MaxItems=1, Marker=page["Marker"], **parameters)
        seen += [element[identity] for element in page[list_name]]
    assert seen == everything


# MARK: Markers

def markers(iam):
    return [
        page["Marker"] for case in ("ListUsers", "ListUserTags", "ListServiceSpecificCredentials")
        for page in pages(iam, case, 7, **LISTS[case][0]) if "Marker" in page
    ]


def test_markers_say_nothing(emulator):
    found = markers(client(emulator.url, "iam"))
    assert len(set(found)) == len(found)
    for marker in found:
        raw = base64.b64decode(marker, validate=True)
        assert 1 <= len(marker) <= 320
        for text in (b"user-", b"crowded", b"key-", b"service", accounts.ACCOUNT.encode()):
            assert text not in marker.encode() and text not in raw


def test_markers_are_the_same_in_every_run(account_file, tmp_path):
    found = []
    for number, arguments in enumerate([[], [], ["--seed", "2"]]):
        with served(tmp_path / str(number), "--account", account_file, *arguments) as emulator:
            found.append(markers(client(emulator.url, "iam")))
    assert found[0] == found[1] and found[0]
    assert not set(found[0]) & set(found[2])


def test_markers_outlive_the_server(account_file, tmp_path):
    with served(tmp_path / "first", "--account", account_file) as emulator:
        page = client(emulator.url, "iam").list_users()
    with served(tmp_path / "second", "--account", account_file) as emulator:
        following = client(emulator.url, "iam").list_users(Marker=page["Marker"], MaxItems=1)
    assert [user["UserName"] for user in following["Users"]] == NAMES[100:101]


# MARK: AWS CLI

# A process each takes its time.
on_two_servers = pytest.mark.parametrize("emulator", ["plain", "both"], indirect=True)


def aws(emulator, home, *arguments):
    done = subprocess.run(
        [sys.executable, AWS, "iam", *arguments, "--output", "json", "--endpoint-url", emulator.url, "--region", "us-east-1"],
        env=environment(home, AWS_PAGER="", AWS_MAX_ATTEMPTS="1", AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test"),
        capture_output=True, text=True, timeout=DEADLINE,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@on_two_servers
def test_aws_cli_in_one_go(emulator, tmp_path):
    for arguments in [[], ["--page-size", "7"], ["--page-size", "1000"]]:
        assert [user["UserName"] for user in aws(emulator, tmp_path, "list-users", *arguments)["Users"]] == NAMES
    one = aws(emulator, tmp_path, "list-users", "--no-paginate", "--max-items", "5")
    assert [user["UserName"] for user in one["Users"]] == NAMES[: len(one["Users"])] and one["IsTruncated"] is True


@on_two_servers
def test_aws_cli_in_portions(emulator, tmp_path):
    """--max-items cuts within a page, and --starting-token goes on in the middle of it."""
    seen, token = [], []
    while True:
        said = aws(emulator, tmp_path, "list-users", "--page-size", "30", "--max-items", "145", *token)
        seen += [user["UserName"] for user in said["Users"]]
        if "NextToken" not in said:
            break
        assert len(said["Users"]) == 145
        token = ["--starting-token", said["NextToken"]]
    assert seen == NAMES


@on_two_servers
def test_aws_cli_filters_on_its_side(emulator, tmp_path):
    said = aws(emulator, tmp_path, "get-account-authorization-details", "--filter", "User", "--query", "length(UserDetailList)")
    assert said == USERS
    assert len(aws(emulator, tmp_path, "list-user-tags", "--user-name", "crowded", "--page-size", "9")["Tags"]) == 50
