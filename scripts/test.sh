#!/usr/bin/env bash
# Checks the format, builds everything, runs the Swift tests, the examples, and then the integration tests against the built server.
#
# Every step runs, even after one has failed, unless it needs what failed; the summary at the end says which.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

summary=()
failures=0

# step NAME COMMAND...: runs a command and notes how it ended and how long it took.
step() {
    local name="$1" started=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        summary+=("$(printf 'passed   %5ds  %s' $((SECONDS - started)) "$name")")
    else
        summary+=("$(printf 'FAILED   %5ds  %s' $((SECONDS - started)) "$name")")
        failures=$((failures + 1))
        return 1
    fi
}

# not_run NAME: notes a step that could not run because an earlier one failed, which counts as a failure.
not_run() {
    summary+=("$(printf 'NOT RUN          %s' "$1")")
    failures=$((failures + 1))
}

install_packages() {
    require_swift && install_build_packages && install_postgres && install_missing \
        'command:strace|strace' \
        'command:setpriv|util-linux' \
        'command:curl|curl' \
        'command:python3|python3' \
        'python:ensurepip|python3-venv'
}

lint() {
    local path paths=()
    for path in Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Examples/Package.swift Examples/Sources Examples/Tests; do
        if [[ -e "$path" ]]; then paths+=("$path"); fi
    done
    swift format lint --strict --recursive "${paths[@]}"
}

build() {
    swift build --build-tests
}

# Leaves the addresses of the servers in the environment of the steps that follow.
start_postgres() {
    trap 'scripts/postgres.sh stop .build/postgres' EXIT
    scripts/postgres.sh start .build/postgres || return 1
    # shellcheck source=/dev/null
    source .build/postgres/env
}

# Suites that speak to a database server, whose deadlines must not wait for a thousand other tests to have had their turn.
database_suites='^(PostriderPostgresTests|PostriderSQLTests|PostriderJobsSQLTests)\.'

# What failed is said once more at the end, where a reader of many thousand lines looks.
swift_tests() {
    local log=.build/swift-tests.log status=0
    swift test --skip-build --skip "$database_suites" 2>&1 | tee "$log" || status=1
    swift test --skip-build --filter "$database_suites" 2>&1 | tee -a "$log" || status=1
    if [[ $status -ne 0 ]]; then
        summary+=("$(grep -aE '^✘ .* (recorded an issue|failed after)|Program crashed|Fatal error|signal code' "$log" \
            | cut -c1-300 | head -40 | sed 's/^/    /')")
    fi
    return "$status"
}

example_tests() {
    # SwiftPM does not notice new files of the parent package: without its plan it looks again.
    if [[ -d .build/examples ]]; then rm -f .build/examples/debug.yaml; fi
    swift test --package-path Examples --scratch-path .build/examples && Examples/first-message.sh && Examples/first-job.sh
}

integration_tests() {
    POSTRIDER_BIN="${POSTRIDER_BIN:-$PWD/.build/debug/postrider}" \
        .build/venv/bin/python -m pytest Tests/Integration -rs -q
}

if step "Packages" install_packages; then
    step "Format" lint || true
    if step "Build" build; then
        if step "PostgreSQL" start_postgres; then
            step "Swift tests" swift_tests || true
        else
            not_run "Swift tests"
        fi
        step "Examples" example_tests || true
        if step "Python packages" make_venv; then
            step "Integration tests" integration_tests || true
        else
            not_run "Integration tests"
        fi
    else
        not_run "Swift tests"
        not_run "Examples"
        not_run "Integration tests"
    fi
else
    not_run "Everything else"
fi

printf '\n== Summary\n'
printf '%s\n' "${summary[@]}"
if [[ $failures -gt 0 ]]; then
    printf '%d of %d steps did not pass.\n' "$failures" "${#summary[@]}"
    exit 1
fi
printf 'All %d steps passed.\n' "${#summary[@]}"
