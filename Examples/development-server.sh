# shellcheck shell=bash
# Starts a server in its development profile on a free port, in a folder of its own, and ends it with the script. Sourced by the others.
#
# Leaves $port, $folder, and $processes: whatever is added to it is ended too.

server="$(realpath "${POSTRIDER_BIN:-.build/debug/postrider}")"
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
folder="$(mktemp -d)"
processes=()
finish() {
    local process
    for process in "${processes[@]}"; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap finish EXIT

# The addresses of the tests' databases are no settings, and unknown ones are refused.
unset "${!POSTRIDER_TEST_@}"
(cd "$folder" && exec "$server" serve --dev --port "$port") >"$folder/log" 2>&1 &
processes+=($!)
for _ in $(seq 100); do
    if curl --silent --fail --output /dev/null "http://127.0.0.1:$port/readyz"; then break; fi
    sleep 0.1
done
