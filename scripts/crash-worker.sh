#!/usr/bin/env bash
# Builds the server and the example worker, kills the worker again and again amid its handlers, and counts jobs lost and effects repeated.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

require_swift
install_build_packages
install_missing 'command:python3|python3'
swift build --product postrider
# SwiftPM does not notice new files of the parent package: without its plan it looks again.
if [[ -d .build/examples ]]; then rm -f .build/examples/debug.yaml; fi
swift build --package-path Examples --scratch-path .build/examples --product order-worker
exec python3 Tests/Integration/worker.py "$@"
