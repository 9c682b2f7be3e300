"""The access key scan that people write today: boto3, one call after the other. What Benchmarks/bench.py measures KeyWitness against.

    baseline_boto3.py --endpoint-url URL --as-of INSTANT --output-dir DIR

It makes the same calls as `keywitness collect`, judges the keys by the same table, and writes report.json and keys.csv. It is neither
tuned nor slowed down. The last line of its standard output is the number of calls that it made.
"""

import argparse
import csv
import json
import os
from datetime import datetime, timezone

import boto3
from botocore.exceptions import ClientError


def classify(age, idle):
    """The risk level by whole days; `idle` is None for a key that was never used."""
    if (idle is None and age >= 180) or (idle is not None and idle >= 120):
        return "CRITICAL"
    if (idle is None and age >= 90) or (idle is not None and idle >= 90):
        return "HIGH"
    if age >= 60 or (idle is not None and idle >= 60):
        return "MEDIUM"
    return "LOW" if age >= 30 else "COMPLIANT"


def scan(endpoint, as_of):
    calls = 0
    sts = boto3.client("sts", endpoint_url=endpoint)
    iam = boto3.client("iam", endpoint_url=endpoint)
    account = sts.get_caller_identity()["Account"]
    calls += 1

    users = []
    for page in iam.get_paginator("list_users").paginate():
        calls += 1
        users.extend(page["Users"])

    report = []
    for user in users:
        name = user["UserName"]
        try:
            iam.get_login_profile(UserName=name)
            console = True
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchEntity":
                raise
            console = False
        calls += 1

        keys = []
        for page in iam.get_paginator("list_access_keys").paginate(UserName=name):
            calls += 1
            for key in page["AccessKeyMetadata"]:
                use = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])["AccessKeyLastUsed"]
                calls += 1
                used = use.get("LastUsedDate")
                age = (as_of - key["CreateDate"]).days
                idle = (as_of - used).days if used else None
                keys.append({
                    "access_key_id": key["AccessKeyId"],
                    "status": key["Status"],
                    "created_date": key["CreateDate"].isoformat(),
                    "age_days": age,
                    "last_used_date": used.isoformat() if used else None,
                    "days_since_last_used": idle,
                    "last_used_service": use["ServiceName"],
                    "last_used_region": use["Region"],
                    "risk_level": classify(age, idle),
                })
        report.append({
            "username": name,
            "user_created": user["CreateDate"].isoformat(),
            "has_console_access": console,
            "access_keys": keys,
        })
    return account, report, calls


def write(folder, account, as_of, report):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "report.json"), "w", encoding="utf-8") as file:
        json.dump({"account_id": account, "assessment_date": as_of.isoformat(), "user_analysis": report}, file, indent=2)
    with open(os.path.join(folder, "keys.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["username", "has_console_access", "access_key_id", "status", "age_days", "days_since_last_used", "risk_level"])
        for user in report:
            for key in user["access_keys"]:
                writer.writerow([
                    user["username"], user["has_console_access"], key["access_key_id"], key["status"], key["age_days"],
                    key["days_since_last_used"], key["risk_level"],
                ])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint-url", required=True)
    parser.add_argument("--as-of", required=True)
    parser.add_argument("--output-dir", required=True)
    arguments = parser.parse_args()
    as_of = datetime.strptime(arguments.as_of, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    account, report, calls = scan(arguments.endpoint_url, as_of)
    write(arguments.output_dir, account, as_of, report)
    print(calls)


if __name__ == "__main__":
    main()
