#!/usr/bin/env bash
# usage: back-up.sh FOLDER
# Writes a dump of the database into this folder, and then deletes the dumps there that are older than BACKUP_DAYS (14).
# If BACKUP_KEY_FILE names a file with a key, the dump is encrypted.
set -euo pipefail
umask 077

# If the folder is missing, its disk is not mounted.
folder=$(cd "${1:?usage: back-up.sh FOLDER}" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dump=$folder/acme-shop-$(date -u +%Y%m%dT%H%M%SZ).dump${BACKUP_KEY_FILE:+.enc}

@@ docker=false
# PGHOST, PGUSER and the other variables of libpq say where the server is.
postgres() { "$@"; }
@@ docker=true
postgres() { docker compose exec -T postgres "$@"; }
@@ always

# Encrypts, or with -d decrypts, what passes through it.
cipher() {
    if [[ -z ${BACKUP_KEY_FILE:-} ]]; then cat; else openssl enc -aes-256-cbc -pbkdf2 -pass "file:$BACKUP_KEY_FILE" "$@"; fi
}

# Only a dump that can be read to its end counts.
trap 'rm -f "$dump.part"' EXIT
postgres pg_dump --format=custom --dbname=acme-shop | cipher >"$dump.part"
cipher -d <"$dump.part" | postgres pg_restore --file=/dev/null
mv "$dump.part" "$dump"

find "$folder" -name 'acme-shop-*.dump*' -mtime "+${BACKUP_DAYS:-14}" -exec rm {} +
echo "$dump"
