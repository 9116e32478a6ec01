#!/usr/bin/env bash
# usage: ship.sh VERSION
# Sends this version to the host and puts it live there. If DEPLOY_AGAIN is "true", the host has had it before: nothing is
# sent, and what was sent then goes live again. The environment has to hold
#   DEPLOY_TARGET       user@host; the folder on it is DEPLOY_FOLDER, /srv/acme-shop if that is not set
#   DEPLOY_KNOWN_HOSTS  the host's public keys, as ssh-keyscan prints them
#   DEPLOY_KEY          the private key to log in with, or the path of a file that holds it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 077

version=${1:?usage: ship.sh VERSION}
[[ $version =~ ^[0-9A-Za-z._-]+(@sha256:[0-9a-f]{64})?$ ]] || { echo "ship: $version is not a version" >&2; exit 1; }
folder=${DEPLOY_FOLDER:-/srv/acme-shop}
@@ docker=true
# The version is the tag of the image, with its digest. Its files stay on the host with it.
release=$folder/releases/${version%@*}
files=(compose.yaml compose.profiling.yaml)
@@ docker=true nginx=true
# The host has a certificate of its own.
files+=(--exclude=nginx/certs nginx)
@@ database=postgres docker=true
files+=(postgres)
@@ docker=false
# The archive of the version can also be given as the second argument.
archive=${2:-release.tar.gz}
@@ always

keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
if [[ -f ${DEPLOY_KEY:?is not set} ]]; then cat "$DEPLOY_KEY"; else printf '%s\n' "$DEPLOY_KEY"; fi >"$keys/key"
printf '%s\n' "${DEPLOY_KNOWN_HOSTS:?is not set}" >"$keys/known_hosts"

on_host() {
    ssh -i "$keys/key" -o "UserKnownHostsFile=$keys/known_hosts" -o StrictHostKeyChecking=yes -o BatchMode=yes \
        -o ServerAliveInterval=15 "${DEPLOY_TARGET:?is not set}" "$1"
}

if [[ ${DEPLOY_AGAIN:-false} != true ]]; then
@@ docker=true
    tar -czf - scripts | on_host "tar -xzf - -C '$folder'"
    tar -czf - "${files[@]}" | on_host "mkdir -p '$release' && tar -xzf - -C '$release' && echo '$version' >'$release/.version'"
@@ docker=false
    tar -czf - scripts | on_host "mkdir -p '$folder/releases' && tar -xzf - -C '$folder'"
    on_host "cat >'$folder/releases/$version.tar.gz'" <"$archive"
@@ always
fi
deploy="bash '$folder/scripts/deploy.sh' '${version%@*}'"
@@ cache=redis nginx=true
# An earlier release goes live at once.
[[ ${DEPLOY_AGAIN:-false} != true ]] || DEPLOY_CANARY_PERCENT=0
canary=$(printf 'DEPLOY_CANARY_PERCENT=%q DEPLOY_CANARY_SECONDS=%q' "${DEPLOY_CANARY_PERCENT:-0}" "${DEPLOY_CANARY_SECONDS:-300}")
deploy="$canary $deploy"
@@ always
on_host "$deploy"
