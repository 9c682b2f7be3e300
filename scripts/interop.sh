#!/bin/sh
# Interoperability tests: boto3, AWS CLI, moto and four validators of OSCAL documents, against the built programs.
#
#     scripts/interop.sh [FOLDER WITH keywitness AND mock-iam] [pytest arguments...]
#
# The folder is, without an argument, KEYWITNESS_BIN_DIR or else .build/debug. What Python needs is installed into .venv, again only when
# the requirements change. Without Python or PyPI the tests are skipped, which is a failure where CI=true. PYTHON names another python3.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
tests="$root/Tests/Interop"

skip() {
    echo "SKIPPED interoperability tests: $1" >&2
    if [ "${CI:-}" = true ]; then exit 1; fi
    exit 0
}

if [ $# -gt 0 ] && [ -d "$1" ]; then
    KEYWITNESS_BIN_DIR=$1
    shift
fi
KEYWITNESS_BIN_DIR=$(CDPATH='' cd -- "${KEYWITNESS_BIN_DIR:-$root/.build/debug}" && pwd)
export KEYWITNESS_BIN_DIR
for program in keywitness mock-iam; do
    if [ ! -x "$KEYWITNESS_BIN_DIR/$program" ]; then
        echo "error: there is no $program in $KEYWITNESS_BIN_DIR; build first, for example: swift build" >&2
        exit 1
    fi
done

reason=$(mktemp)
trap 'rm -f "$reason"' EXIT
status=0
"$root/scripts/python-environment.sh" 2>"$reason" || status=$?
if [ "$status" != 0 ]; then cat "$reason" >&2; fi
if [ "$status" = 77 ]; then skip "$(tail -n 1 "$reason")"; fi
if [ "$status" != 0 ]; then exit 1; fi

cd "$tests"
"$root/.venv/bin/python" -B -m pytest -p no:cacheprovider "$@"
