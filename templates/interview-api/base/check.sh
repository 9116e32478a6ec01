#!/usr/bin/env bash
# What a change must pass before it is released.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

dotnet restore
dotnet format --no-restore --verify-no-changes
dotnet build --no-restore --configuration Release -warnaserror
#if (UsePipeline)
rm -rf TestResults
dotnet test --no-build --configuration Release --logger trx --results-directory TestResults \
    --collect "XPlat Code Coverage;ExcludeByFile=**/obj/**/*.cs,**/Migrations/*.cs"
bash scripts/check-coverage.sh TestResults 80
#else
dotnet test --no-build --configuration Release
#endif

# High and critical security advisories.
dotnet restore --force -warnaserror:NU1903,NU1904
#if (UseMigrations && UseSqlite)

# The migrations, on an empty database.
database=$(mktemp -d)
trap 'rm -rf "$database"' EXIT
export ConnectionStrings__Database="Data Source=$database/check.db"
#endif
#if (UseMigrations && UsePostgres)

# The migrations, on a database of its own.
export ConnectionStrings__Database="${ConnectionStrings__Database:-Host=localhost;Username=postgres};Database=interview-api-check"
#endif
#if (UseMigrations)
dotnet run --no-build --configuration Release --project "src/Interview.Api" -- migrate
#endif
#if (UseMigrations && UsePipeline)

# Their SQL, for a reviewer.
dotnet run --no-build --configuration Release --project "src/Interview.Api" -- migrate script 0 >TestResults/migrations.sql
#endif
