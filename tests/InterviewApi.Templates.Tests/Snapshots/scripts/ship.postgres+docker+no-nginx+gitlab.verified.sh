#!/usr/bin/env bash
# usage: ship.sh TAG
# Sends what the host needs and puts the image with this tag live there. The environment has to hold
#   DEPLOY_TARGET       user@host; the folder on it is DEPLOY_FOLDER, /srv/acme-shop if that is not set
#   DEPLOY_KNOWN_HOSTS  the host's public keys, as ssh-keyscan prints them
#   DEPLOY_KEY          the path of a file with the private key to log in with
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 077

tag=${1:?usage: ship.sh TAG}
folder=${DEPLOY_FOLDER:-/srv/acme-shop}
files=(compose.yaml scripts)
files+=(postgres)

keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
cat "${DEPLOY_KEY:?is not set}" >"$keys/key"
printf '%s\n' "${DEPLOY_KNOWN_HOSTS:?is not set}" >"$keys/known_hosts"

on_host() {
    ssh -i "$keys/key" -o "UserKnownHostsFile=$keys/known_hosts" -o StrictHostKeyChecking=yes -o BatchMode=yes \
        "${DEPLOY_TARGET:?is not set}" "$1"
}

tar -czf - "${files[@]}" | on_host "tar -xzf - -C '$folder'"
on_host "bash '$folder/scripts/deploy.sh' '$tag'"
