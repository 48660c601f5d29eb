#!/usr/bin/env bash
# Installs what is missing, builds the server and runs it with the arguments given.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

config="${CONFIG:-debug}"
case "$config" in
    debug | release) ;;
    *) echo "CONFIG is debug or release, not \"$config\"." >&2; exit 2 ;;
esac

require_swift
install_build_packages
swift build -c "$config" --product postrider
exec ".build/$config/postrider" serve "$@"
