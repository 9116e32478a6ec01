#!/usr/bin/env bash
# Creates the database roles, with the passwords that the environment holds.
# Run it once, as a superuser: createdb acme-shop && bash postgres/roles.sh
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
