#!/bin/sh
# Makes sure that the headers of libxml2 and libyaml and pkg-config are there: installs them with apt where it may, and names
# the command elsewhere.
set -eu

if command -v pkg-config >/dev/null 2>&1 && pkg-config --exists libxml-2.0 yaml-0.1; then
    exit 0
fi

debian="libxml2-dev libyaml-dev pkg-config"
echo "The headers of libxml2 or libyaml, or pkg-config, are missing."
if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1; then
        as_root="sudo"
    else
        echo "Run this as root, then try again: apt-get update && apt-get install -y $debian" >&2
        exit 1
    fi
    echo "Installing them with apt-get."
    $as_root apt-get update -q
    # shellcheck disable=SC2086 # One word for each package.
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $debian
    exit 0
fi

for candidate in "dnf install -y libxml2-devel libyaml-devel pkgconf" "yum install -y libxml2-devel libyaml-devel pkgconfig" \
    "apk add libxml2-dev yaml-dev pkgconf" "pacman -S --needed libxml2 libyaml pkgconf" "brew install libxml2 libyaml pkg-config"; do
    if command -v "${candidate%% *}" >/dev/null 2>&1; then
        echo "Install them, then try again: $candidate" >&2
        exit 1
    fi
done
echo "Install the development files of libxml2 and libyaml, and pkg-config, with your system's package manager, then try again." >&2
exit 1
