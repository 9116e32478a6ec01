#!/usr/bin/env bash
# Makes a certificate for localhost, for development: no browser trusts it. Only its owner can read the key.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077

mkdir -p certs
# These options are known to LibreSSL too, which is macOS's openssl.
openssl ecparam -name prime256v1 -genkey -noout -out certs/tls.key
openssl req -x509 -new -key certs/tls.key -days 90 -out certs/tls.crt \
    -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1"
@@ docker=true

# nginx runs as the user that .env names, which only root can make the owner.
[ "$(id -u)" -ne 0 ] || chown -R "${NGINX_USER:-1000}" certs
