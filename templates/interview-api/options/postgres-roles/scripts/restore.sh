#!/usr/bin/env bash
# usage: restore.sh DUMP
# Makes the database what it was when this dump was written. What it holds now stays on the server, as interview-api-before.
# Nothing may be connected to it. If anything fails, the database is as before.
set -euo pipefail

exec 3<"${1:?usage: restore.sh DUMP}" 4<"$1"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

#if (UseDocker)
postgres() { docker compose exec -T postgres "$@"; }
#else
# PGHOST, PGUSER and the other variables of libpq say where the server is.
postgres() { "$@"; }
#endif
sql() { postgres psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname=postgres "${@/#/--command=}" </dev/null; }

postgres pg_restore --file=/dev/null <&3
sql 'ALTER DATABASE "interview-api" RENAME TO "interview-api-before"'
trap 'sql "DROP DATABASE IF EXISTS \"interview-api\"" "ALTER DATABASE \"interview-api-before\" RENAME TO \"interview-api\""' EXIT
postgres pg_restore --create --exit-on-error --dbname=postgres <&4
trap - EXIT
postgres vacuumdb --analyze-only --quiet --dbname=interview-api </dev/null
echo "The database is that of $1. To drop the one before: DROP DATABASE \"interview-api-before\""
