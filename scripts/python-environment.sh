#!/bin/sh
# Makes .venv with what the interoperability tests and the benchmark need from PyPI, again only when the requirements change.
# PYTHON names another python3. Exit code 77: it can't be had here, and the last line on standard error says why.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
tests="$root/Tests/Interop"
venv="$root/.venv"
python=${PYTHON:-python3}

skip() {
    echo "$1" >&2
    exit 77
}

command -v "$python" >/dev/null 2>&1 || skip "there is no $python"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || skip "$("$python" --version 2>&1) is older than 3.11"
"$python" -c 'import venv, ensurepip' 2>/dev/null || skip "$python has no venv module (Debian and Ubuntu: apt install python3-venv)"

# The stamp is written last, so that an installation that was interrupted is made again.
wanted=$({ "$python" --version; cat "$tests/requirements.txt" "$tests/requirements-no-deps.txt"; } | cksum)
if [ "$(cat "$venv/requirements.stamp" 2>/dev/null || true)" != "$wanted" ]; then
    echo "Installing what the interoperability tests need into .venv"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    if ! {
        "$python" -m venv --clear "$venv" &&
            "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$tests/requirements.txt" &&
            "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python \
                -r "$tests/requirements-no-deps.txt"
    } >"$log" 2>&1; then
        cat "$log" >&2
        # An unreachable index is no failure, but a requirement that a reachable one doesn't have is. One package tells them apart.
        probe=$(grep '^pytest==' "$tests/requirements.txt")
        if ! "$venv/bin/python" -m pip download --quiet --no-deps --dest "$venv/probe" "$probe" >/dev/null 2>&1; then
            skip "PyPI can't be reached"
        fi
        echo "error: the requirements couldn't be installed" >&2
        exit 1
    fi
    echo "$wanted" >"$venv/requirements.stamp"
fi
