#!/usr/bin/env bash
# Measures the processor time of publishing through the SDK beside its HTTP client alone, and of verifying a signature.
#
# MESSAGES   publishes of each of the rounds (20000)
#
# nginx answers every publish with a receipt; the numbers are those of the publishing process.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh
# shellcheck source=scripts/nginx.sh
source scripts/nginx.sh

messages="${MESSAGES:-20000}"

install_without_starting 'command:nginx|nginx' 'command:curl|curl' 'command:python3|python3'
require_swift
install_build_packages
swift build -c release --package-path Benchmarks --scratch-path .build/benchmarks --product sdk-cost

folder="$(mktemp -d .build/bench-sdk.XXXXXX)"
folder="$(cd "$folder" && pwd)"
nginx=""
finish() {
    [[ -z "$nginx" ]] || { kill "$nginx" 2>/dev/null || true; wait "$nginx" 2>/dev/null || true; }
    rm -rf "$folder"
}
trap finish EXIT

port="$(free_port)"
start_nginx "$port" 'default_type application/json;
        location / { return 200 '"'"'{"messageId":"msg_7Yx2kQ","url":"https://api.example.com/orders?shop=7"}'"'"'; }'
for _ in $(seq 100); do
    if curl --silent --fail --output /dev/null "http://127.0.0.1:$port/"; then break; fi
    sleep 0.1
done

printf 'µs of processor time, median of 5 rounds (least to most); 1 KiB, 16 at once, %s messages a round\n\n' "$messages"
.build/benchmarks/release/sdk-cost "http://127.0.0.1:$port" "$messages" | sed \
    -e 's/^client_us/publish, HTTP client alone               /' \
    -e 's/^sdk_us/publish, SDK over the same client        /' \
    -e 's/^sdk_beside_client_us/difference: the SDK beside its client    /' \
    -e 's/^sdk_without_client_us/publish, SDK over a transport of nothing /' \
    -e 's/^verify_1k_us/verify a signature and the body          /' \
    -e 's/^hash_1k_us/  of it hashing the body                 /' \
    -e 's/^sign_1k_us/sign by hand with swift-crypto           /'
