"""How tests talk to a running mock-iam: boto3 clients, the bytes of its answers, and its control interface."""

import json
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

DEADLINE = 120


def client(url, service, key="test", secret="test", token=None, region="us-east-1"):
    """A client that tries once and sends what it is told, right or wrong."""
    return boto3.client(
        service, endpoint_url=url, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False, connect_timeout=DEADLINE, read_timeout=DEADLINE),
    )


@dataclass
class Answer:
    """What came over the wire, and what botocore made of it."""

    operation: object
    status: int
    headers: dict
    body: bytes
    parsed: dict = field(default_factory=dict)


class Ear:
    """Keeps the answers that a client gets."""

    def __init__(self, client):
        self.answers = []
        service = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register(f"before-parse.{service}", self.hear)
        client.meta.events.register(f"after-call.{service}", self.understood)

    def hear(self, operation_model, response_dict, **_):
        body = response_dict["body"]
        self.answers.append(Answer(operation_model, response_dict["status_code"], dict(response_dict["headers"]), body))

    def understood(self, parsed, **_):
        self.answers[-1].parsed = parsed

    @property
    def last(self):
        return self.answers[-1]


def call(client, operation, **parameters):
    """Calls an operation by AWS's name for it."""
    method = next(name for name, known in client.meta.method_to_api_mapping.items() if known == operation)
    return getattr(client, method)(**parameters)


class Raised:
    """An error that was raised: the exception, and AWS's message."""

    value = None

    @property
    def message(self):
        return self.value.response["Error"]["Message"]


@contextmanager
def error(client, code, status):
    """Wants the block to end with an error of this code and status, raised as the class that botocore has for the code."""
    raised = Raised()
    try:
        yield raised
    except ClientError as problem:
        told = problem.response
        assert (told["Error"]["Code"], told["ResponseMetadata"]["HTTPStatusCode"]) == (code, status), problem
        assert type(problem) is client.exceptions.from_code(code), type(problem)
        raised.value = problem
    else:
        raise AssertionError(f"no {code}")


class Control:
    """The control interface of a running emulator."""

    def __init__(self, url):
        self.url = url

    def ask(self, method, path, value=None):
        body = None if value is None else value.encode() if isinstance(value, str) else json.dumps(value).encode()
        request = urllib.request.Request(f"{self.url}/_mock/{path}", body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.code} {refused.read().decode()}") from None

    def get(self, path):
        return self.ask("GET", path)

    def put(self, path, value):
        return self.ask("PUT", path, value)

    def post(self, path, value=None):
        return self.ask("POST", path, {} if value is None else value)

    def delete(self, path):
        return self.ask("DELETE", path)

    @contextmanager
    def faults(self, *rules):
        """Lets something go wrong while the block runs."""
        self.put("faults", {"faults": list(rules)})
        try:
            yield
        finally:
            self.delete("faults")
