#!/bin/sh
# Measures keywitness against a boto3 script on a synthetic account: scripts/bench.sh FOLDER-WITH-RELEASE-BINARIES [options]
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
bin=$1
shift
"$root/scripts/python-environment.sh"
exec "$root/.venv/bin/python" -B "$root/Benchmarks/bench.py" --bin-dir "$bin" --python "$root/.venv/bin/python" "$@"
