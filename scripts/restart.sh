#!/usr/bin/env bash
# Builds the server for release and measures how soon it answers after a kill with many messages waiting.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

require_swift
install_build_packages
install_missing 'command:python3|python3'
swift build -c release --product postrider
export POSTRIDER_BIN="${POSTRIDER_BIN:-$PWD/.build/release/postrider}"
exec python3 Tests/Integration/restart.py "$@"
