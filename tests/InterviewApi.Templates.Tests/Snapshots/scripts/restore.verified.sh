#!/usr/bin/env bash
# usage: restore.sh DUMP
# Restores the database from this dump. Its current content stays on the server, as acme-shop-before.
# Nothing may be connected to it. If anything fails, the database is unchanged. An encrypted dump, whose name ends with .enc,
# needs BACKUP_KEY_FILE, the file with its key.
set -euo pipefail

dump=${1:?usage: restore.sh DUMP}
[[ $dump != *.enc || -r ${BACKUP_KEY_FILE:-} ]] || { echo "restore: BACKUP_KEY_FILE has to name the key" >&2; exit 1; }
exec 3<"$dump" 4<"$dump"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

@@ docker=false
# PGHOST, PGUSER and the other variables of libpq say where the server is.
postgres() { "$@"; }
@@ docker=true
postgres() { docker compose exec -T postgres "$@"; }
@@ always
sql() { postgres psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname=postgres "${@/#/--command=}" </dev/null; }

decrypt() { if [[ $dump == *.enc ]]; then openssl enc -d -aes-256-cbc -pbkdf2 -pass "file:$BACKUP_KEY_FILE"; else cat; fi; }

decrypt <&3 | postgres pg_restore --file=/dev/null
sql 'ALTER DATABASE "acme-shop" RENAME TO "acme-shop-before"'
trap 'sql "DROP DATABASE IF EXISTS \"acme-shop\"" "ALTER DATABASE \"acme-shop-before\" RENAME TO \"acme-shop\""' EXIT
decrypt <&4 | postgres pg_restore --create --exit-on-error --dbname=postgres
trap - EXIT
postgres vacuumdb --analyze-only --quiet --dbname=acme-shop </dev/null
echo "The database is that of $dump. To drop the one before: DROP DATABASE \"acme-shop-before\""
