#!/bin/sh
# Makes sure that libxml2's headers and pkg-config are there: installs them with apt where it may, and names the command elsewhere.
set -eu

if command -v pkg-config >/dev/null 2>&1 && pkg-config --exists libxml-2.0; then
    exit 0
fi

echo "libxml2's headers or pkg-config are missing."
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1; then
        as_root="sudo"
    else
        echo "Run this as root, then try again: apt-get update && apt-get install -y libxml2-dev pkg-config" >&2
        exit 1
    fi
    echo "Installing them with apt-get."
    $as_root apt-get update -q
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends libxml2-dev pkg-config
    exit 0
fi

for candidate in "dnf install -y libxml2-devel pkgconf" "yum install -y libxml2-devel pkgconfig" \
    "apk add libxml2-dev pkgconf" "pacman -S --needed libxml2 pkgconf" "brew install libxml2 pkg-config"; do
    if command -v "${candidate%% *}" >/dev/null 2>&1; then
        echo "Install them, then try again: $candidate" >&2
        exit 1
    fi
done
echo "Install libxml2's development files and pkg-config with your system's package manager, then try again." >&2
exit 1
