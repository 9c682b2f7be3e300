#!/usr/bin/env python3
"""Writes botocore-endpoints.jsonl: where botocore sends each service's requests, by region, FIPS and dual-stack.

    .venv/bin/python Tests/AWSClientTests/Endpoints/generate_endpoints.py

`Tests/Interop/test_endpoints.py` makes the same lines anew with the installed botocore, and compares.
"""

import json
from pathlib import Path

import botocore.session
from botocore.config import Config
from botocore.exceptions import EndpointVariantError

FILE = Path(__file__).with_name("botocore-endpoints.jsonl")
OPERATIONS = {"iam": "ListUsers", "sts": "GetCallerIdentity", "sso": "GetRoleCredentials", "sso-oidc": "CreateToken",
              "signin": "CreateOAuth2Token"}
# An invented one as well: AWS opens regions between two releases of ours.
REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-7", "xx-new-1", "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1",
           "us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1"]


def resolved(session, service, region, fips, dual_stack):
    try:
        client = session.create_client(
            service, region_name=region, aws_access_key_id="x", aws_secret_access_key="x",
            config=Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack))
    except EndpointVariantError:
        return None
    operation = client.meta.service_model.operation_model(OPERATIONS[service])
    endpoint = client._ruleset_resolver.construct_endpoint(operation, {}, {})
    schemes = endpoint.properties.get("authSchemes") or [{}]
    return {"url": endpoint.url, "signing_region": schemes[0].get("signingRegion", region)}


def lines():
    session = botocore.session.Session()
    for service in OPERATIONS:
        for region in REGIONS:
            for fips in (False, True):
                for dual_stack in (False, True):
                    case = {"service": service.replace("-", "_"), "region": region, "fips": fips, "dual_stack": dual_stack}
                    yield json.dumps({**case, "endpoint": resolved(session, service, region, fips, dual_stack)}, sort_keys=True)


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", "utf-8")
