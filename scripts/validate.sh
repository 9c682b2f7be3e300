#!/bin/sh
# Four independent validators on OSCAL packages of every kind: NIST's schema, oscal-validate, compliance-trestle and oscal.
#
#     scripts/validate.sh [FOLDER WITH keywitness AND mock-iam] [pytest arguments...]
#
# These are tests of scripts/interop.sh, which see for what is needed. docs/oscal-validators.md says how to run the validators by hand.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

if [ $# -gt 0 ] && [ -d "$1" ]; then
    KEYWITNESS_BIN_DIR=$1
    export KEYWITNESS_BIN_DIR
    shift
fi
exec "$root/scripts/interop.sh" -v test_validators.py "$@"
