# shellcheck shell=bash
# What the machine must have, and how to get it. Sourced by the other scripts.
#
# A requirement is "probe:what|package": the package is installed only when the probe fails, so that a machine that has
# everything is left alone and needs neither root nor a network.

# True when the requirement's probe succeeds.
requirement_met() {
    local kind="${1%%:*}" what="${1#*:}"
    case "$kind" in
        command) command -v "$what" >/dev/null 2>&1 || [[ -x "/usr/sbin/$what" ]] ;;
        library) pkg-config --exists "$what" 2>/dev/null ;;
        path) compgen -G "$what" >/dev/null ;;
        python) python3 -c "import $what" >/dev/null 2>&1 ;;
        *) echo "unknown probe: $kind" >&2; return 2 ;;
    esac
}

# Runs a command as root: directly, or through sudo.
as_root() {
    if [[ "$(id -u)" -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "This needs root, and there is no sudo: $*" >&2
        return 1
    fi
}

# Installs the packages of the requirements that are not met; updates the package lists once, only if that helps.
install_missing() {
    local requirement missing=()
    for requirement in "$@"; do
        requirement_met "${requirement%%|*}" || missing+=("${requirement##*|}")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "Please install what these Debian packages hold, then try again: ${missing[*]}" >&2
        return 1
    fi
    echo "Installing: ${missing[*]}"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
    if ! as_root "${install[@]}" >/dev/null 2>&1; then
        as_root apt-get update -qq && as_root "${install[@]}" >/dev/null
    fi
}

# Debian starts nginx, PostgreSQL and pgbouncer when they are installed: unless a policy says no.
install_without_starting() {
    local policy=/usr/sbin/policy-rc.d made="" requirement status=0
    for requirement in "$@"; do
        if ! requirement_met "${requirement%%|*}" && [[ ! -e "$policy" ]]; then
            printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
            as_root chmod 755 "$policy"
            made=yes
        fi
    done
    install_missing "$@" || status=$?
    [[ -z "$made" ]] || as_root rm -f "$policy"
    return "$status"
}

# What scripts/postgres.sh starts for the tests.
install_postgres() {
    install_without_starting \
        'path:/usr/lib/postgresql/*/bin/initdb|postgresql' \
        'command:pgbouncer|pgbouncer' \
        'command:setpriv|util-linux' \
        'command:python3|python3'
}

# What building needs beside the Swift toolchain.
install_build_packages() {
    install_missing \
        'command:git|git' \
        'command:cc|build-essential' \
        'path:/usr/include/c++/*/cstdint|build-essential' \
        'command:pkg-config|pkg-config' \
        'library:sqlite3|libsqlite3-dev' \
        'library:zlib|zlib1g-dev' \
        'library:libpq|libpq-dev' \
        'path:/etc/ssl/certs/ca-certificates.crt|ca-certificates'
}

# Stops with advice unless a Swift toolchain of 6.2 or later is on the PATH.
require_swift() {
    local version=""
    if command -v swift >/dev/null 2>&1; then
        version="$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)"
    fi
    if [[ -z "$version" ]]; then
        echo "Swift was not found. Postrider needs a Swift toolchain of 6.2 or later: see https://www.swift.org/install/linux" >&2
        return 1
    fi
    if [[ "$(printf '%s\n6.2\n' "$version" | sort -V | head -n 1)" != 6.2 ]]; then
        echo "Swift $version is too old. Postrider needs 6.2 or later: see https://www.swift.org/install/linux" >&2
        return 1
    fi
}

# Makes .build/venv with the pinned Python packages of the integration tests, again when the pins have changed.
make_venv() {
    local pins=Tests/Integration/requirements.txt venv=.build/venv
    if [[ -f "$venv/requirements.txt" ]] && cmp -s "$pins" "$venv/requirements.txt"; then
        return 0
    fi
    # Chained, because a caller that asks for the outcome switches `set -e` off. The pins are copied last, so that an
    # installation that broke off is made again.
    rm -rf "$venv" \
        && mkdir -p .build \
        && python3 -m venv "$venv" \
        && "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$pins" \
        && cp "$pins" "$venv/requirements.txt"
}
