#!/usr/bin/env bash
# usage: restore.sh DUMP
# Restores the database from this dump. Its current content stays on the server, as interview-api-before.
# Nothing may be connected to it. If anything fails, the database is unchanged. An encrypted dump, whose name ends with .enc,
# needs BACKUP_KEY_FILE, the file with its key.
set -euo pipefail

dump=${1:?usage: restore.sh DUMP}
[[ $dump != *.enc || -r ${BACKUP_KEY_FILE:-} ]] || { echo "restore: BACKUP_KEY_FILE has to name the key" >&2; exit 1; }
exec 3<"$dump" 4<"$dump"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

#if (UseDocker)
postgres() { docker compose exec -T postgres "$@"; }
#else
# PGHOST, PGUSER and the other variables of libpq say where the server is.
postgres() { "$@"; }
#endif
sql() { postgres psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname=postgres "${@/#/--command=}" </dev/null; }

decrypt() { if [[ $dump == *.enc ]]; then openssl enc -d -aes-256-cbc -pbkdf2 -pass "file:$BACKUP_KEY_FILE"; else cat; fi; }

decrypt <&3 | postgres pg_restore --file=/dev/null
sql 'ALTER DATABASE "interview-api" RENAME TO "interview-api-before"'
trap 'sql "DROP DATABASE IF EXISTS \"interview-api\"" "ALTER DATABASE \"interview-api-before\" RENAME TO \"interview-api\""' EXIT
decrypt <&4 | postgres pg_restore --create --exit-on-error --dbname=postgres
trap - EXIT
postgres vacuumdb --analyze-only --quiet --dbname=interview-api </dev/null
echo "The database is that of $dump. To drop the one before: DROP DATABASE \"interview-api-before\""
