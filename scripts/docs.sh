#!/usr/bin/env bash
# Builds the documentation of the libraries into .build/docs, and fails on anything DocC warns of.
#
# Passed over is one kind of warning: a parameter whose name says everything has no line of its own here.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

require_swift
install_build_packages

modules=(QStash PostriderJobs PostriderJobsHummingbird PostriderSQL PostriderJobsSQL PostriderJobsConformance PostriderTestKit)
for module in "${modules[@]}"; do swift build --target "$module"; done

output=.build/docs
rm -rf "$output"
mkdir -p "$output"
triple="$(swiftc -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)",/\1/p')"

# What Swift modules import of C is found by module maps: those that the build makes, and those that packages bring.
build="$(swift build --show-bin-path)"
maps=()
while IFS= read -r map; do
    maps+=(-Xcc "-fmodule-map-file=$map")
done < <(
    find "$build" -mindepth 2 -maxdepth 2 -name module.modulemap
    find .build/checkouts -path '*/Sources/*' -name module.modulemap
    find Sources -name module.modulemap
)
# Where Debian has the header of libpq.
maps+=(-Xcc -I/usr/include/postgresql)

failures=0
for module in "${modules[@]}"; do
    printf '\n== %s\n' "$module"
    mkdir -p "$output/symbols/$module"
    # What a module adds to types of another stands on its own page too, where that is its purpose.
    additions=()
    case "$module" in PostriderJobsHummingbird | PostriderJobsSQL) additions=(-emit-extension-block-symbols) ;; esac
    swift symbolgraph-extract -module-name "$module" -target "$triple" -I "$build/Modules" "${maps[@]}" "${additions[@]}" \
        -minimum-access-level public -skip-synthesized-members -output-dir "$output/symbols/$module"

    report="$output/$module.txt"
    docc convert "Sources/$module/$module.docc" \
        --additional-symbol-graph-dir "$output/symbols/$module" \
        --fallback-display-name "$module" --fallback-bundle-identifier "$module" \
        --output-path "$output/$module.doccarchive" >"$report" 2>&1 || failures=$((failures + 1))
    # Diagnostics are paragraphs.
    awk 'BEGIN { RS = ""; ORS = "\n\n" } !/^warning: Parameter .* is missing documentation\n/' "$report" | tee "$report.rest"
    if grep -qE '^(warning|error):' "$report.rest"; then failures=$((failures + 1)); fi

    page="$output/$module.doccarchive/data/documentation/$(tr '[:upper:]' '[:lower:]' <<<"$module").json"
    if [[ ! -f "$page" ]]; then
        printf 'error: %s has no page\n' "$module"
        failures=$((failures + 1))
    elif grep -q '"generated":true' "$page"; then
        printf 'error: a symbol of %s stands in no topic group of %s.md\n' "$module" "$module"
        failures=$((failures + 1))
    fi
done

if [[ $failures -gt 0 ]]; then
    printf '\nThe documentation is not as it should be.\n'
    exit 1
fi
printf '\nThe documentation is in %s, an archive each: %s.\n' "$output" "${modules[*]}"
