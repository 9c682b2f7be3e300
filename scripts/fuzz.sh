#!/bin/sh
# Fuzzes what reads bytes from outside, a minute for each target: scripts/fuzz.sh [TARGET...]
#
# The targets are those of Fuzzing/corpus, all unless some are named. FUZZ_SECONDS is the time for each, 60 unless told otherwise.
# What libFuzzer learns is kept in .build-fuzz/corpus, and where a run ends the next one begins.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
seconds=${FUZZ_SECONDS:-60}
build=.build-fuzz
program=$build/release/fuzz

fail() {
    echo "error: $1" >&2
    exit 2
}

case $seconds in '' | *[!0-9]* | 0) fail "FUZZ_SECONDS is a whole number of seconds, not '$seconds'" ;; esac
[ $# -gt 0 ] || set -- requests files recordings answers bundles policies seals
for target in "$@"; do
    [ -d "Fuzzing/corpus/$target" ] || fail "there is no target '$target'; there are: $(cd Fuzzing/corpus && echo *)"
done

# Xcode's toolchains come without libFuzzer's runtime, and the linker's message about it doesn't say what to do.
command -v swiftc >/dev/null 2>&1 || fail "there is no swiftc"
resources=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
found=""
for library in "$resources"/clang/lib/*/libclang_rt.fuzzer*.a; do
    if [ -e "$library" ]; then found=$library; fi
done
[ -n "$found" ] || fail "this toolchain has no libFuzzer: $resources/clang/lib/*/libclang_rt.fuzzer*.a isn't there.
Swift toolchains for Linux have it, and those for macOS from https://www.swift.org/install; Xcode's haven't."

# Optimized, or there would be a tenth of the tries; but with internals visible, and memory checked.
echo "Building; the first time takes some minutes, for dependencies are instrumented as well."
KEYWITNESS_FUZZ=1 swift build -c release --product fuzz --scratch-path "$build" --sanitize fuzzer --sanitize address \
    -Xswiftc -enable-testing ${SWIFT_FLAGS:--debug-info-format none}

# Swift's backtracer would hang at the crash; libFuzzer writes a stack of its own.
export SWIFT_BACKTRACE=enable=no
export LSAN_OPTIONS=suppressions=Fuzzing/leaks.txt:print_suppressions=0
for target in "$@"; do
    learned=$build/corpus/$target
    kept=Fuzzing/findings/$target
    found=$build/findings/$target
    log=$build/$target.log
    mkdir -p "$learned" "$kept" "$found"
    echo
    echo "$target: $seconds s"
    status=0
    # Only what is new is written, and only to the first folder.
    FUZZ_TARGET=$target "$program" -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=3072 -use_value_profile=1 \
        -dict="Fuzzing/dictionaries/$target.dict" -artifact_prefix="$found/" -print_final_stats=1 \
        "$learned" "Fuzzing/corpus/$target" "$kept" >"$log" 2>&1 || status=$?
    if [ "$status" = 0 ]; then
        grep -E 'INITED|DONE' "$log" || true
        grep -E 'number_of_executed_units|average_exec_per_sec|peak_rss_mb' "$log" || true
        continue
    fi
    grep -v '^#[0-9]' "$log" | tail -n 60 >&2
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
    if [ -z "$input" ]; then
        echo "error: $target ended with exit code $status and no input; see $log" >&2
        exit 1
    fi
    cat >&2 <<END

FOUND by $target: $input
  try it again:  SWIFT_BACKTRACE=enable=no LSAN_OPTIONS=$LSAN_OPTIONS FUZZ_TARGET=$target $program $input
  make it small: SWIFT_BACKTRACE=enable=no LSAN_OPTIONS=$LSAN_OPTIONS FUZZ_TARGET=$target $program -minimize_crash=1 -max_total_time=60 $input
  keep it:       cp $input $kept/A-NAME-THAT-SAYS-WHAT-IT-IS
'make test' tries what is kept there, so that it stays mended.
END
    exit 1
done
