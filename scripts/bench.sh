#!/usr/bin/env bash
# Measures publishing and delivering end to end: wrk publishes, nginx is the destination, the store is on a real disk.
#
# SECONDS_PER_RUN   length of a wrk run (10)
# CONNECTIONS       connections of wrk (64)
# WRK_THREADS       threads of wrk (1)
# RATE              messages a second of the latency run (1000)
# RATE_SECONDS      length of the latency run (20)
# BENCH_FOLDER      where the data folder is made; must not be in memory (.build)
# POSTRIDER_BIN     a server that is built already (a release build is made)
#
# Everything is removed at the end; the table is all that remains.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh
# shellcheck source=scripts/nginx.sh
source scripts/nginx.sh

seconds="${SECONDS_PER_RUN:-10}"
connections="${CONNECTIONS:-64}"
threads="${WRK_THREADS:-1}"
rate="${RATE:-1000}"
rate_seconds="${RATE_SECONDS:-20}"
parent="${BENCH_FOLDER:-.build}"

# field NAME FILE: the value of a "name value" line.
field() {
    awk -v name="$1" '$1 == name { print $2 }' "$2"
}

# calculate FORMAT EXPRESSION: arithmetic with fractions.
calculate() {
    awk "BEGIN { printf \"$1\", $2 }"
}

now() {
    date +%s.%N
}

# wait_for_status URL: until it answers 200, at most 30 s.
wait_for_status() {
    local _
    for _ in $(seq 300); do
        if curl --silent --fail --output /dev/null "$1"; then return 0; fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    echo "No answer from $1:" >&2
    cat "$folder/server.log" >&2
    return 1
}

# The requests that nginx has answered, leaving out those that asked for this number.
polls=0
arrived() {
    polls=$((polls + 1))
    requests=$(curl --silent "http://127.0.0.1:$nginx_port/status" | awk 'NR == 3 { print $3 }')
    delivered=$((requests - polls))
}

# wait_for_arrivals COUNT: until so many have arrived, or nothing has for 20 s. Sets `delivered`.
wait_for_arrivals() {
    local last=-1 idle=0
    while arrived; [[ $delivered -lt $1 ]]; do
        if [[ $delivered -eq $last ]]; then idle=$((idle + 1)); else idle=0; fi
        if [[ $idle -gt 1000 ]]; then
            echo "Only $delivered of $1 messages arrived." >&2
            return 1
        fi
        last=$delivered
        sleep 0.02
    done
}

# settle_down: until no more arrive, because requests that wrk left behind may still have been accepted.
settle_down() {
    local last=-1
    while arrived; [[ $delivered -ne $last ]]; do
        last=$delivered
        sleep 1
    done
}

# The processor time that the server has used, in microseconds.
processor_microseconds() {
    awk -v ticks="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); printf "%.0f", ($12 + $13) * 1000000 / ticks }' "/proc/$server/stat"
}

# run_wrk SECONDS TARGET FILE: leaves what wrk counted in a file.
run_wrk() {
    wrk -t "$threads" -c "$connections" -d "${1}s" -s Benchmarks/wrk/post.lua "http://127.0.0.1:$port" -- "$2" "$token" \
        >"$3.all"
    grep -E '^(answered|refused|broken|microseconds) ' "$3.all" >"$3"
}

install_without_starting \
    'command:wrk|wrk' \
    'command:nginx|nginx' \
    'command:curl|curl' \
    'command:python3|python3'
if [[ -z "${POSTRIDER_BIN:-}" ]]; then
    require_swift
    install_build_packages
    swift build -c release --product postrider
    POSTRIDER_BIN="$PWD/.build/release/postrider"
fi
if [[ -z "${OPEN_LOOP_BIN:-}" ]]; then
    require_swift
    swift build -c release --package-path Benchmarks --scratch-path .build/benchmarks --product open-loop
    OPEN_LOOP_BIN="$PWD/.build/benchmarks/release/open-loop"
fi

mkdir -p "$parent"
folder="$(mktemp -d "$parent/bench.XXXXXX")"
folder="$(cd "$folder" && pwd)"
server=""
nginx=""
finish() {
    local process
    for process in $server $nginx; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap finish EXIT

filesystem="$(stat -f -c %T "$folder")"
if [[ "$filesystem" == tmpfs || "$filesystem" == ramfs ]]; then
    echo "$folder is in memory, where a sync costs nothing: set BENCH_FOLDER to a folder on a disk." >&2
    exit 1
fi

nginx_port="$(free_port)"
port="$(free_port)"
token="bench-$(python3 -c 'import secrets; print(secrets.token_hex(16))')"

start_nginx "$nginx_port" 'location = /status { stub_status; }
        location / { return 200; }'

env -u POSTRIDER_BIN QSTASH_TOKEN="$token" "$POSTRIDER_BIN" serve --host 127.0.0.1 --port "$port" --data "$folder/data" \
    --log-level warning >"$folder/server.log" 2>&1 &
server=$!
wait_for_status "http://127.0.0.1:$port/readyz"
wait_for_status "http://127.0.0.1:$nginx_port/status"
polls=$((polls + 1))

echo "Warming up"
destination="/v2/publish/http://127.0.0.1:$nginx_port/"
run_wrk 2 "$destination" "$folder/warm"
wait_for_arrivals "$(($(field answered "$folder/warm") - $(field refused "$folder/warm")))"
settle_down

echo "The ceiling: the same server answering 200"
ceiling_method=POST
status="$(curl --silent --output /dev/null --write-out '%{http_code}' --request POST --data-binary x "http://127.0.0.1:$port/healthz")"
if [[ "$status" == 200 ]]; then
    run_wrk "$seconds" /healthz "$folder/ceiling"
else
    ceiling_method=GET
    sed 's/wrk.method = "POST"/wrk.method = "GET"/' Benchmarks/wrk/post.lua >"$folder/get.lua"
    wrk -t "$threads" -c "$connections" -d "${seconds}s" -s "$folder/get.lua" "http://127.0.0.1:$port" -- /healthz "$token" \
        | grep -E '^(answered|refused|broken|microseconds) ' >"$folder/ceiling"
fi
ceiling="$(calculate %.0f "$(field answered "$folder/ceiling") * 1000000 / $(field microseconds "$folder/ceiling")")"

echo "Publishing for $seconds s over $connections connections"
arrived
before=$delivered
processor_before="$(processor_microseconds)"
started="$(now)"
run_wrk "$seconds" "$destination" "$folder/publish"
accepted=$(($(field answered "$folder/publish") - $(field refused "$folder/publish")))
wait_for_arrivals $((before + accepted))
ended="$(now)"
processor_after="$(processor_microseconds)"
end_to_end="$(calculate %.1f "$ended - $started")"
accepted_rate="$(calculate %.0f "$accepted * 1000000 / $(field microseconds "$folder/publish")")"
delivered_rate="$(calculate %.0f "$accepted / ($ended - $started)")"
processor="$(calculate %.1f "($processor_after - $processor_before) / ($accepted ? $accepted : 1)")"
peak="$(awk '$1 == "VmHWM:" { printf "%.0f", $2 / 1024 }' "/proc/$server/status")"
settle_down

echo "Latency at $rate/s for $rate_seconds s"
timeout $((rate_seconds + 300)) "$OPEN_LOOP_BIN" --port "$port" --token "$token" --rate "$rate" --seconds "$rate_seconds" >"$folder/latency"

syncs="$(python3 Benchmarks/fsync_ceiling.py "$folder")"

row() {
    printf '| %-52s | %14s | %12s |\n' "$1" "$2" "$3"
}
ratio() {
    calculate '%.0f %%' "100 * $1 / ($ceiling ? $ceiling : 1)"
}
latency() {
    printf '%s / %s / %s / %s' "$(field "$1_p50_ms" "$folder/latency")" "$(field "$1_p90_ms" "$folder/latency")" \
        "$(field "$1_p99_ms" "$folder/latency")" "$(field "$1_p99.9_ms" "$folder/latency")"
}

printf '\n%s cores, %s, filesystem %s; 1 KiB, durable, signed, events on; wrk %s connections, nginx and server share the cores\n\n' \
    "$(nproc)" "$(uname -sr)" "$filesystem" "$connections"
row "" "value" "of ceiling"
row "----------------------------------------------------" "--------------" "------------"
row "ceiling: $ceiling_method /healthz answering 200, requests/s" "$ceiling" "100 %"
row "published and durable, messages/s" "$accepted_rate" "$(ratio "$accepted_rate")"
row "delivered end to end, messages/s" "$delivered_rate" "$(ratio "$delivered_rate")"
row "accepted in $seconds s; last one delivered after, s" "$accepted" "$end_to_end s"
row "refused / broken" "$(field refused "$folder/publish") / $(field broken "$folder/publish")" ""
row "processor time of the server a message, µs" "$processor" ""
row "peak memory of the server, MiB" "$peak" ""
row "sync ceiling: 4 KiB write + fdatasync, 1/s" "$syncs" ""
printf '\nLatency at %s/s from the planned sending time, ms, p50 / p90 / p99 / p99.9 (%s sent, %s delivered, %s refused, %s broken)\n' \
    "$rate" "$(field sent "$folder/latency")" "$(field delivered "$folder/latency")" "$(field refused "$folder/latency")" \
    "$(field broken "$folder/latency")"
printf '  publish answered  %s\n  delivered         %s\n' "$(latency publish)" "$(latency delivered)"
