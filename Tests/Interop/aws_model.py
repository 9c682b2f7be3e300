"""AWS's service models, as botocore has them, and what in an answer isn't as they say.

boto3 is forgiving: it skips what it doesn't know and takes `True` for a boolean. Other SDKs are not, so every element is looked at."""

import base64
import binascii
import re
from datetime import datetime
from functools import cache
from xml.etree import ElementTree

import botocore.session
import regress

# Of what is refused before a service sees it.
FRONT_END = "{http://webservices.amazon.com/AWSFault/2005-15-09}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@cache
def service_model(service):
    return botocore.session.get_session().get_service_model(service)


def operation_model(service, operation):
    return service_model(service).operation_model(operation)


@cache
def pattern(text):
    # The models' patterns are Java's, which Python's re can't read (\p{L}); ECMAScript's come close enough.
    return regress.Regex(f"^(?:{text})$", "u")


class Reading:
    """One answer held against the model: `problems` found, and the paths of all members `seen`, such as Users[].UserName."""

    def __init__(self, namespace, check_texts=True):
        self.namespace = f"{{{namespace}}}"
        self.check_texts = check_texts
        self.problems = []
        self.seen = set()
        self.leaves = 0

    def complain(self, path, what):
        self.problems.append(f"{path}: {what}")

    def name(self, element, path):
        if not element.tag.startswith(self.namespace):
            self.complain(path, f"{element.tag} isn't in the service's namespace")
        for attribute in element.attrib:
            self.complain(path, f"{element.tag} has an attribute {attribute}")
        return element.tag.rpartition("}")[2]

    def no_text(self, element, path):
        for text in [element.text, *(child.tail for child in element)]:
            if text and text.strip():
                self.complain(path, f"text {text.strip()!r} between the elements")

    def value(self, element, shape, path):
        kinds = {"structure": self.structure, "list": self.list, "map": self.map}
        kinds.get(shape.type_name, self.scalar)(element, shape, path)

    def structure(self, element, shape, path):
        self.no_text(element, path)
        members = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        found = []
        for child in element:
            tag = self.name(child, path)
            if tag not in members:
                self.complain(path, f"the model has no member {tag}")
                continue
            name, member = members[tag]
            if name in found:
                self.complain(path, f"{name} comes twice")
            found.append(name)
            inner = f"{path}.{name}".lstrip(".")
            self.seen.add(inner)
            self.value(child, member, inner)
        for name in shape.required_members:
            if name not in found:
                self.complain(path, f"{name} is missing")

    def list(self, element, shape, path):
        self.no_text(element, path)
        wanted = shape.member.serialization.get("name", "member")
        for child in element:
            tag = self.name(child, path)
            if tag != wanted:
                self.complain(path, f"<{tag}> in a list, not <{wanted}>")
            self.value(child, shape.member, f"{path}[]")
        self.limits(len(element), shape, path)

    def map(self, element, shape, path):
        self.no_text(element, path)
        wanted = [shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")]
        keys = []
        for child in element:
            tag = self.name(child, path)
            if tag != "entry":
                self.complain(path, f"<{tag}> in a map, not <entry>")
            if sorted(self.name(part, path) for part in child) != sorted(wanted):
                self.complain(path, f"an entry has {[part.tag for part in child]}, not {wanted}")
                continue
            parts = {self.name(part, path): part for part in child}
            keys.append(parts[wanted[0]].text)
            self.value(parts[wanted[0]], shape.key, f"{path}{{}}")
            self.value(parts[wanted[1]], shape.value, f"{path}{{{keys[-1]}}}")
            # In what boto3 makes of it, a key is no value of its own.
            self.leaves -= 1
        if len(set(keys)) != len(keys):
            self.complain(path, "a key comes twice")

    def scalar(self, element, shape, path):
        self.leaves += 1
        if len(element):
            self.complain(path, f"elements in a {shape.type_name}")
        text = element.text or ""
        kinds = {"boolean": self.boolean, "timestamp": self.timestamp, "blob": self.blob, "string": self.string}
        wrong = kinds.get(shape.type_name, self.number)(text, shape, path)
        if wrong:
            self.complain(path, f"{text[:80]!r} is {wrong}")

    def boolean(self, text, shape, path):
        return None if text in ("true", "false") else "no boolean"

    def timestamp(self, text, shape, path):
        # The only form that IAM and STS write: whole seconds, UTC.
        if not INSTANT.fullmatch(text):
            return "no instant in ISO 8601 with Z"
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return "no date of the calendar"
        return None

    def blob(self, text, shape, path):
        try:
            base64.b64decode(text, validate=True)
        except binascii.Error:
            return "no Base64"
        return None

    def number(self, text, shape, path):
        if shape.type_name not in ("integer", "long"):
            return f"of a type that isn't looked into: {shape.type_name}"
        if not re.fullmatch(r"-?(0|[1-9]\d*)", text):
            return "no integer"
        self.limits(int(text), shape, path)
        return None

    def string(self, text, shape, path):
        if not self.check_texts:
            return None
        # Java counts a text's UTF-16 units.
        self.limits(len(text.encode("utf-16-le")) // 2, shape, path)
        if shape.enum and text not in shape.enum:
            return f"none of {shape.enum}"
        if "pattern" in shape.metadata and not pattern(shape.metadata["pattern"]).find(text):
            return f"not as the pattern has it: {shape.metadata['pattern']}"
        return None

    def limits(self, size, shape, path):
        least, most = shape.metadata.get("min"), shape.metadata.get("max")
        if least is not None and size < least or most is not None and size > most:
            self.complain(path, f"{size} isn't from {least} to {most}")


def read_answer(operation, body, headers, check_texts=True):
    """Holds the answer of an operation against its model.

    `check_texts` is for accounts that have texts, on purpose, that AWS wouldn't let in."""
    namespace = operation.service_model.metadata["xmlNamespace"]
    reading = Reading(namespace, check_texts)
    root = parsed(reading, body)
    if root is None:
        return reading
    if reading.name(root, "") != f"{operation.name}Response":
        reading.complain("", f"the answer is a {root.tag}")
    reading.no_text(root, "")
    parts = {reading.name(child, ""): child for child in root}
    wrapper = operation.output_shape.serialization["resultWrapper"]
    if sorted(parts) != sorted([wrapper, "ResponseMetadata"]) or len(root) != 2:
        reading.complain("", f"the answer has {[child.tag for child in root]}")
        return reading
    metadata = [(reading.name(child, "ResponseMetadata"), child.text) for child in parts["ResponseMetadata"]]
    if metadata != [("RequestId", header(headers, "x-amzn-RequestId"))]:
        reading.complain("ResponseMetadata", f"{metadata}, and the header has {header(headers, 'x-amzn-RequestId')}")
    check_type(reading, headers)
    reading.value(parts[wrapper], operation.output_shape, "")
    return reading


# Errors that AWS doesn't always explain.
WITHOUT_MESSAGE = {"ReportNotPresent", "ReportInProgress", "MalformedInput"}


def read_error(service, status, body, headers):
    """Holds an error against the form that all errors of the Query protocol have. Returns its problems, code and message."""
    reading = Reading(service_model(service).metadata["xmlNamespace"])
    root = parsed(reading, body)
    if root is None:
        return reading.problems, None, None
    if root.tag.startswith(FRONT_END) and b"<Code>InvalidAction</Code>" in body:
        reading.namespace = FRONT_END
    tree = [(reading.name(root, ""), None)]
    for element in root.iter():
        tree += [(reading.name(child, element.tag), element.tag.rpartition("}")[2]) for child in element]
    wanted = [("ErrorResponse", None), ("Error", "ErrorResponse"), ("RequestId", "ErrorResponse")]
    wanted += [(name, "Error") for name in ("Type", "Code")]
    if ("Message", "Error") in tree or not any(b"<Code>%s</Code>" % code.encode() in body for code in WITHOUT_MESSAGE):
        wanted.append(("Message", "Error"))
    if sorted(tree, key=str) != sorted(wanted, key=str):
        reading.complain("", f"an error has the elements {tree}")
        return reading.problems, None, None
    text = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter() if not len(element)}
    if text["Type"] != ("Sender" if status < 500 else "Receiver"):
        reading.complain("Error.Type", f"{text['Type']} with status {status}")
    if not text["Code"]:
        reading.complain("Error.Code", "is empty")
    if text["RequestId"] != header(headers, "x-amzn-RequestId"):
        reading.complain("RequestId", f"{text['RequestId']}, and the header has {header(headers, 'x-amzn-RequestId')}")
    check_type(reading, headers)
    return reading.problems, text["Code"], text.get("Message")


def parsed(reading, body):
    if b"<!DOCTYPE" in body:
        reading.complain("", "a document type")
    try:
        return ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        reading.complain("", f"no XML: {error}")
        return None


def header(headers, name):
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def check_type(reading, headers):
    if header(headers, "content-type") != "text/xml":
        reading.complain("Content-Type", header(headers, "content-type"))


def members(shape, path="", above=()):
    """The paths of all members that a shape can have, as Reading has them in `seen`."""
    if shape.name in above:
        return
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            inner = f"{path}.{name}".lstrip(".")
            yield inner
            yield from members(member, inner, (*above, shape.name))
    elif shape.type_name == "list":
        yield from members(shape.member, f"{path}[]", (*above, shape.name))


def leaves(value):
    """How many values boto3 made of an answer."""
    if isinstance(value, dict):
        return sum(leaves(inner) for inner in value.values())
    if isinstance(value, list):
        return sum(leaves(inner) for inner in value)
    return 1
