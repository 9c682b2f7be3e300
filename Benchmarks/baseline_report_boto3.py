"""The credential report script that people write who want few calls: boto3, GenerateCredentialReport, GetCredentialReport, CSV.

    baseline_report_boto3.py --endpoint-url URL --as-of INSTANT --output-dir DIR

It judges the keys of the report by the same table as `keywitness collect --source report --without-key-ids`, without their ids, which a
report doesn't have, and writes report.json and keys.csv. It is neither tuned nor slowed down. The last line of its standard output is
the number of calls that it made.
"""

import argparse
import csv
import io
import json
import os
import time
from datetime import datetime, timezone

import boto3
from botocore.exceptions import ClientError

from baseline_boto3 import classify


def fetch(iam):
    calls = 1
    iam.generate_credential_report()
    while True:
        calls += 1
        try:
            return iam.get_credential_report(), calls
        except ClientError as error:
            if error.response["Error"]["Code"] != "ReportInProgress":
                raise
            time.sleep(0.25)


def scan(endpoint, as_of):
    account = boto3.client("sts", endpoint_url=endpoint).get_caller_identity()["Account"]
    report, calls = fetch(boto3.client("iam", endpoint_url=endpoint))
    users = []
    for row in csv.DictReader(io.StringIO(report["Content"].decode())):
        if row["user"] == "<root_account>":
            continue
        keys = []
        for slot in ("1", "2"):
            created = row[f"access_key_{slot}_last_rotated"]
            if created == "N/A":
                continue
            used = row[f"access_key_{slot}_last_used_date"]
            age = (as_of - datetime.fromisoformat(created)).days
            idle = None if used == "N/A" else (as_of - datetime.fromisoformat(used)).days
            keys.append({
                "slot": int(slot),
                "status": "Active" if row[f"access_key_{slot}_active"] == "true" else "Inactive",
                "created_date": created,
                "age_days": age,
                "last_used_date": None if used == "N/A" else used,
                "days_since_last_used": idle,
                "last_used_service": row[f"access_key_{slot}_last_used_service"],
                "last_used_region": row[f"access_key_{slot}_last_used_region"],
                "risk_level": classify(age, idle),
            })
        users.append({
            "username": row["user"],
            "user_created": row["user_creation_time"],
            "has_console_access": row["password_enabled"] == "true",
            "access_keys": keys,
        })
    return account, users, calls + 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint-url", required=True)
    parser.add_argument("--as-of", required=True)
    parser.add_argument("--output-dir", required=True)
    arguments = parser.parse_args()
    as_of = datetime.strptime(arguments.as_of, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    account, users, calls = scan(arguments.endpoint_url, as_of)
    folder = arguments.output_dir
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "report.json"), "w", encoding="utf-8") as file:
        json.dump({"account_id": account, "assessment_date": as_of.isoformat(), "user_analysis": users}, file, indent=2)
    with open(os.path.join(folder, "keys.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["username", "slot", "status", "age_days", "days_since_last_used", "risk_level"])
        for user in users:
            for key in user["access_keys"]:
                writer.writerow([
                    user["username"], key["slot"], key["status"], key["age_days"], key["days_since_last_used"], key["risk_level"],
                ])
    print(calls)


if __name__ == "__main__":
    main()
