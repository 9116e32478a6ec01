#!/usr/bin/env bash
# usage: ship.sh VERSION
# Sends this version to the host and puts it live there. The environment has to hold
#   DEPLOY_TARGET       user@host; the folder on it is DEPLOY_FOLDER, /srv/interview-api if that is not set
#   DEPLOY_KNOWN_HOSTS  the host's public keys, as ssh-keyscan prints them
#if (UseGitLab)
#   DEPLOY_KEY          the path of a file with the private key to log in with
#else
#   DEPLOY_KEY          the private key to log in with
#endif
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 077

version=${1:?usage: ship.sh VERSION}
folder=${DEPLOY_FOLDER:-/srv/interview-api}
#if (UseDocker)
# The version is the tag of the image.
files=(compose.yaml compose.profiling.yaml scripts)
#else
# The archive of the version can also be given as the second argument.
archive=${2:-release.tar.gz}
#endif
#if (UseDocker && UseNginx)
# The host has a certificate of its own.
files+=(--exclude=nginx/certs nginx)
#endif
#if (UseDocker && UsePostgres)
files+=(postgres)
#endif

keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
#if (UseGitLab)
cat "${DEPLOY_KEY:?is not set}" >"$keys/key"
#else
printf '%s\n' "${DEPLOY_KEY:?is not set}" >"$keys/key"
#endif
printf '%s\n' "${DEPLOY_KNOWN_HOSTS:?is not set}" >"$keys/known_hosts"

on_host() {
    ssh -i "$keys/key" -o "UserKnownHostsFile=$keys/known_hosts" -o StrictHostKeyChecking=yes -o BatchMode=yes \
        "${DEPLOY_TARGET:?is not set}" "$1"
}

#if (UseDocker)
tar -czf - "${files[@]}" | on_host "tar -xzf - -C '$folder'"
#else
tar -czf - scripts | on_host "mkdir -p '$folder/releases' && tar -xzf - -C '$folder'"
on_host "cat >'$folder/releases/$version.tar.gz'" <"$archive"
#endif
on_host "bash '$folder/scripts/deploy.sh' '$version'"
