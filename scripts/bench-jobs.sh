#!/usr/bin/env bash
# Measures the processor time that the handler framework adds to a delivery with an empty handler.
#
# DELIVERIES   deliveries of each of the rounds (20000)
#
# The ledger is a SQLite file in memory, so that fsync, which is the disk's, is not counted.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

require_swift
install_build_packages
swift build -c release --package-path Benchmarks --scratch-path .build/benchmarks --product job-cost

folder="$(mktemp -d /dev/shm/postrider-bench.XXXXXX)"
trap 'rm -rf "$folder"' EXIT

deliveries="${DELIVERIES:-20000}"
# measure COMMAND...: runs the benchmark under a command, in an empty folder.
measure() {
    rm -rf "${folder:?}"/*
    "$@" .build/benchmarks/release/job-cost "$folder" "$deliveries" | sed \
        -e 's/^memory_one_at_a_time_us/ledger in memory, one at a time   /' \
        -e 's/^memory_sixteen_at_once_us/ledger in memory, sixteen at once /' \
        -e 's/^sqlite_one_at_a_time_us/ledger on SQLite, one at a time   /' \
        -e 's/^sqlite_sixteen_at_once_us/ledger on SQLite, sixteen at once /'
}

printf 'µs of processor time a delivery, median of 5 rounds (least to most); body of 1 KiB, %s a round\n' "$deliveries"
printf '\non one processor: what the work takes\n'
measure taskset -c 0
printf '\non all of them: with waking a processor that slept, which a virtual machine pays for dearly\n'
measure env
