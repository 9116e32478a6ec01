#!/usr/bin/env bash
# Creates the database roles, with the passwords that the environment holds.
@@ docker=true
# The image of PostgreSQL runs it once, when the data folder is empty. Compose gives it the passwords as files.
for file in /run/secrets/DATABASE_*; do
    [[ ! -e $file ]] || export "${file##*/}=$(<"$file")"
done

@@ docker=false
# Run it once, as a superuser: createdb acme-shop && bash postgres/roles.sh
@@ migrations=true
: "${DATABASE_PASSWORD:?is not set}" "${DATABASE_OWNER_PASSWORD:?is not set}"
@@ migrations=false
: "${DATABASE_PASSWORD:?is not set}"
@@ always

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "${POSTGRES_DB:-acme-shop}" <<'SQL'
\getenv password DATABASE_PASSWORD
@@ migrations=true
\getenv owner_password DATABASE_OWNER_PASSWORD
@@ always
BEGIN;
@@ migrations=true
-- The migrations log in as the owner of the database and of its tables.
CREATE ROLE "acme-shop-owner" LOGIN PASSWORD :'owner_password';
ALTER DATABASE :"DBNAME" OWNER TO "acme-shop-owner";
@@ migrations=false
-- The API creates its tables itself, so it owns the database; it is no superuser.
CREATE ROLE "acme-shop" LOGIN PASSWORD :'password';
ALTER DATABASE :"DBNAME" OWNER TO "acme-shop";
@@ always
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
@@ migrations=true
GRANT CREATE ON SCHEMA public TO "acme-shop-owner";
-- The API reads and writes rows, and nothing else, in every table that a migration creates.
CREATE ROLE "acme-shop" LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE :"DBNAME" TO "acme-shop";
ALTER DEFAULT PRIVILEGES FOR ROLE "acme-shop-owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "acme-shop";
ALTER DEFAULT PRIVILEGES FOR ROLE "acme-shop-owner" GRANT USAGE, SELECT ON SEQUENCES TO "acme-shop";
@@ migrations=false
GRANT CREATE ON SCHEMA public TO "acme-shop";
@@ always
COMMIT;
SQL
@@ docker=true

# The superuser logs in inside the container only: docker compose exec postgres psql
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "${POSTGRES_DB:-acme-shop}" --command 'ALTER ROLE CURRENT_USER PASSWORD NULL'
