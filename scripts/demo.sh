#!/bin/sh
# Shows the main job on a bundled fixture: starts the emulator, collects against it, and stops the emulator again.
#   scripts/demo.sh FOLDER-WITH-THE-BINARIES
set -eu

bin=$1
fixture=MockIAM/Fixtures/demo-account
output=demo-evidence

work=$(mktemp -d)
emulator=""
finish() {
    if [ -n "$emulator" ]; then
        kill "$emulator" 2>/dev/null || true
        wait "$emulator" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The demo's own folder from the last time: the fixture's clock stands still, and evidence is never overwritten.
rm -rf "$output"

mkfifo "$work/listening"
"$bin/mock-iam" serve --fixtures "$fixture" >"$work/listening" 2>"$work/log" &
emulator=$!
if ! read -r _ _ url <"$work/listening"; then
    echo "mock-iam didn't start:" >&2
    cat "$work/log" >&2
    exit 1
fi
clock=$(sed -n '1s/.*"clock":"\([^"]*\)".*/\1/p' "$fixture/exchanges.jsonl")

echo "mock-iam serves $fixture at $url"
echo "\$ keywitness collect --endpoint-url $url --as-of $clock --output-dir $output"
echo

status=0
env -u AWS_PROFILE -u AWS_DEFAULT_PROFILE -u AWS_SESSION_TOKEN -u AWS_REGION -u AWS_DEFAULT_REGION \
    AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \
    AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null \
    "$bin/keywitness" collect --endpoint-url "$url" --as-of "$clock" --output-dir "$output" || status=$?

case $status in
    0) echo "Exit code 0: every control test is satisfied." ;;
    3) echo "Exit code 3: assessed completely, with findings, as this account is meant to have." ;;
    *) exit "$status" ;;
esac
