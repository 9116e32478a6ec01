#!/usr/bin/env bash
# Creates the database roles, with the passwords that the environment holds.
# The image of PostgreSQL runs it once, when the data folder is empty.
: "${DATABASE_PASSWORD:?is not set}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "${POSTGRES_DB:-acme-shop}" <<'SQL'
\getenv password DATABASE_PASSWORD
BEGIN;
-- The API creates its tables itself, so it owns the database; it is no superuser.
CREATE ROLE "acme-shop" LOGIN PASSWORD :'password';
ALTER DATABASE :"DBNAME" OWNER TO "acme-shop";
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO "acme-shop";
COMMIT;
SQL

# The superuser logs in inside the container only: docker compose exec postgres psql
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "${POSTGRES_DB:-acme-shop}" --command 'ALTER ROLE CURRENT_USER PASSWORD NULL'
