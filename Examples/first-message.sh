#!/usr/bin/env bash
# Runs the example first-message, which `swift build` or `swift test` has built, against a server in its development profile.
#
# POSTRIDER_BIN   the server (.build/debug/postrider)
set -euo pipefail
cd "$(dirname "$0")/.."

server="$(realpath "${POSTRIDER_BIN:-.build/debug/postrider}")"
program=.build/examples/debug/first-message
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
folder="$(mktemp -d)"
process=""
finish() {
    [[ -z "$process" ]] || { kill "$process" 2>/dev/null || true; wait "$process" 2>/dev/null || true; }
    rm -rf "$folder"
}
trap finish EXIT

(cd "$folder" && exec "$server" serve --dev --port "$port") >"$folder/log" 2>&1 &
process=$!
for _ in $(seq 100); do
    if curl --silent --fail --output /dev/null "http://127.0.0.1:$port/readyz"; then break; fi
    sleep 0.1
done

if ! output="$(QSTASH_DEV=true QSTASH_DEV_PORT="$port" timeout 60 "$program" 2>&1)"; then
    printf '%s\n' "$output" && tail -n 20 "$folder/log"
    exit 1
fi
printf '%s\n' "$output"
[[ "$output" == 'verified: {"hello":"world"}' ]]
