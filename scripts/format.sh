#!/usr/bin/env bash
# Rewrites the sources in the project's format.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

require_swift
paths=()
for path in Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Examples; do
    if [[ -e "$path" ]]; then paths+=("$path"); fi
done
swift format --in-place --recursive "${paths[@]}"
