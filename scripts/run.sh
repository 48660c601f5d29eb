#!/usr/bin/env bash
# Installs what is missing, builds the server and runs it with the arguments given, and with the demo application.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

config="${CONFIG:-debug}"
case "$config" in
    debug | release) ;;
    *) echo "CONFIG is debug or release, not \"$config\"." >&2; exit 2 ;;
esac

require_swift
install_build_packages
swift build -c "$config" --product postrider

# The demo's job is there to be tried, unless the applications are chosen, or what they need is not known: with TLS their public name.
case " $* ${POSTRIDER_TLS_CERT:+--tls-cert} " in
    *" --apps"* | *" --tls-cert"* | *" --config"* | *" apps="*) ;;
    *) export POSTRIDER_APPS="${POSTRIDER_APPS-demo}" ;;
esac

exec ".build/$config/postrider" serve "$@"
