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
    *)
        if [[ -z "${POSTRIDER_APPS+said}" ]]; then
            export POSTRIDER_APPS=demo
            # Nobody asked for it: it takes no database or address of another program whose variables happen to be here.
            unset DATABASE_URL DATABASE_DIRECT_URL DATABASE_POOLED \
                PUBLIC_BASE_URL WEBHOOK_BASE_URL NEXT_PUBLIC_APP_URL VERCEL_PROJECT_PRODUCTION_URL NEXTAUTH_URL
        fi
        ;;
esac

exec ".build/$config/postrider" serve "$@"
