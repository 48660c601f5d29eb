#!/usr/bin/env bash
# Runs the example first-message, which `swift build` or `swift test` has built, against a server in its development profile.
#
# POSTRIDER_BIN   the server (.build/debug/postrider)
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=Examples/development-server.sh
source Examples/development-server.sh

if ! output="$(QSTASH_DEV=true QSTASH_DEV_PORT="$port" timeout 60 .build/examples/debug/first-message 2>&1)"; then
    printf '%s\n' "$output" && tail -n 20 "$folder/log"
    exit 1
fi
printf '%s\n' "$output"
[[ "$output" == 'verified: {"hello":"world"}' ]]
