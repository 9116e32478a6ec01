#!/usr/bin/env bash
# usage: restore.sh DUMP
# Makes the database what it was when this dump was written. What it holds now stays on the server, as acme-shop-before.
# Nothing may be connected to it. If anything fails, the database is as before.
set -euo pipefail

exec 3<"${1:?usage: restore.sh DUMP}" 4<"$1"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

@@ docker=false
# PGHOST, PGUSER and the other variables of libpq say where the server is.
postgres() { "$@"; }
@@ docker=true
postgres() { docker compose exec -T postgres "$@"; }
@@ always
sql() { postgres psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname=postgres "${@/#/--command=}" </dev/null; }

postgres pg_restore --file=/dev/null <&3
sql 'ALTER DATABASE "acme-shop" RENAME TO "acme-shop-before"'
trap 'sql "DROP DATABASE IF EXISTS \"acme-shop\"" "ALTER DATABASE \"acme-shop-before\" RENAME TO \"acme-shop\""' EXIT
postgres pg_restore --create --exit-on-error --dbname=postgres <&4
trap - EXIT
postgres vacuumdb --analyze-only --quiet --dbname=acme-shop </dev/null
echo "The database is that of $1. To drop the one before: DROP DATABASE \"acme-shop-before\""
