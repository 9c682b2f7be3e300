#!/bin/sh
# Measures keywitness against a boto3 script on a synthetic account, and mock-iam against moto's server:
# scripts/bench.sh FOLDER-WITH-RELEASE-BINARIES [options of the first]
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
bin=$1
shift
"$root/scripts/python-environment.sh"
python="$root/.venv/bin/python"
status=0
"$python" -B "$root/Benchmarks/bench.py" --bin-dir "$bin" --python "$python" "$@" || status=$?
echo
"$python" -B "$root/Benchmarks/bench_mock_iam.py" --bin-dir "$bin" || status=$?
exit "$status"
