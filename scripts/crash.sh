#!/usr/bin/env bash
# Builds the server, kills it again and again under load, and reports whether anything acknowledged was lost.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

require_swift
install_build_packages
install_missing 'command:python3|python3'
swift build --product postrider
export POSTRIDER_BIN="${POSTRIDER_BIN:-$PWD/.build/debug/postrider}"
exec python3 Tests/Integration/crash.py "$@"
