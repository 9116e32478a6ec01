#!/usr/bin/env bash
# Creates the database roles, with the passwords that the environment holds.
#if (UseDocker)
# The image of PostgreSQL runs it once, when the data folder is empty. Compose gives it the passwords as files.
for file in /run/secrets/DATABASE_*; do
    [[ ! -e $file ]] || export "${file##*/}=$(<"$file")"
done

#else
# Run it once, as a superuser: createdb interview-api && bash postgres/roles.sh
#endif
#if (UseMigrations)
: "${DATABASE_PASSWORD:?is not set}" "${DATABASE_OWNER_PASSWORD:?is not set}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "${POSTGRES_DB:-interview-api}" <<'SQL'
\getenv password DATABASE_PASSWORD
\getenv owner_password DATABASE_OWNER_PASSWORD
BEGIN;
-- The migrations log in as the owner of the database and of its tables.
CREATE ROLE "interview-api-owner" LOGIN PASSWORD :'owner_password';
ALTER DATABASE :"DBNAME" OWNER TO "interview-api-owner";
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO "interview-api-owner";
-- The API reads and writes rows, and nothing else, in every table that a migration creates.
CREATE ROLE "interview-api" LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE :"DBNAME" TO "interview-api";
ALTER DEFAULT PRIVILEGES FOR ROLE "interview-api-owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "interview-api";
ALTER DEFAULT PRIVILEGES FOR ROLE "interview-api-owner" GRANT USAGE, SELECT ON SEQUENCES TO "interview-api";
COMMIT;
SQL
#else
: "${DATABASE_PASSWORD:?is not set}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "${POSTGRES_DB:-interview-api}" <<'SQL'
\getenv password DATABASE_PASSWORD
BEGIN;
-- The API creates its tables itself, so it owns the database; it is no superuser.
CREATE ROLE "interview-api" LOGIN PASSWORD :'password';
ALTER DATABASE :"DBNAME" OWNER TO "interview-api";
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO "interview-api";
COMMIT;
SQL
#endif
#if (UseDocker)

# The superuser logs in inside the container only: docker compose exec postgres psql
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "${POSTGRES_DB:-interview-api}" --command 'ALTER ROLE CURRENT_USER PASSWORD NULL'
#endif
