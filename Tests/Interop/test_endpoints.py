"""The lines that the client's Swift tests compare endpoints and signatures with are what the installed botocore makes of them today."""

import importlib.util

import pytest

from programs import REPOSITORY

GENERATORS = ["Endpoints/generate_endpoints.py", "Signing/generate_vectors.py"]


@pytest.mark.parametrize("path", GENERATORS)
def test_the_lines_are_botocores(path):
    file = REPOSITORY / "Tests/AWSClientTests" / path
    spec = importlib.util.spec_from_file_location(file.stem, file)
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.FILE.read_text("utf-8").splitlines() == list(generator.lines())
