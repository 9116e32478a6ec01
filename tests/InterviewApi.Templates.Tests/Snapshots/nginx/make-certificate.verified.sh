#!/usr/bin/env bash
# Makes a certificate for localhost, for development: no browser trusts it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

mkdir -p certs
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 90 \
    -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
    -keyout certs/tls.key -out certs/tls.crt

# nginx runs as a user of its own, which has to read it.
chmod 644 certs/tls.key
