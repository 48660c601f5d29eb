#!/usr/bin/env bash
# Runs the tutorial's program first-job, which `swift build` or `swift test` has built, against a server in its development profile:
# starts a job, and watches it to its end.
#
# POSTRIDER_BIN   the server (.build/debug/postrider)
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=Examples/development-server.sh
source Examples/development-server.sh

QSTASH_DEV=true QSTASH_DEV_PORT="$port" .build/examples/debug/first-job >"$folder/first-job.log" 2>&1 &
processes+=($!)
answer=""
for _ in $(seq 100); do
    if answer="$(curl --silent --fail -X POST http://127.0.0.1:9000/api/reports -d '{"title":"Autumn","pages":5}')"; then break; fi
    sleep 0.1
done
request_id="$(sed -n 's/.*"requestId":"\([^"]*\)".*/\1/p' <<<"$answer")"
[[ -n "$request_id" ]] || { tail -n 20 "$folder/first-job.log"; exit 1; }

events="$(curl --silent --no-buffer --max-time 30 "http://127.0.0.1:9000/api/jobs/$request_id/events")" || true
printf '%s\n' "$events"
grep -q '^event: progress$' <<<"$events"
grep -q '^event: done$' <<<"$events"
grep -q '"resultData":{"pages":5,"title":"Autumn"}' <<<"$events"
[[ "$(curl --silent -o /dev/null -w '%{http_code}' "http://127.0.0.1:9000/api/jobs/unknown")" == 404 ]]
