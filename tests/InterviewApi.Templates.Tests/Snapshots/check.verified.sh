#!/usr/bin/env bash
# What a change must pass before it is released.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

dotnet restore
dotnet format --no-restore --verify-no-changes
dotnet build --no-restore --configuration Release -warnaserror
@@ ci=github|gitlab
rm -rf TestResults
dotnet test --no-build --configuration Release --logger trx --results-directory TestResults \
    --collect "XPlat Code Coverage;ExcludeByFile=**/obj/**/*.cs,**/Migrations/*.cs"
bash scripts/check-coverage.sh TestResults 80
@@ ci=none
dotnet test --no-build --configuration Release
@@ always

# High and critical security advisories.
dotnet restore --force -warnaserror:NU1903,NU1904
@@ migrations=true

@@ database=sqlite migrations=true
# The migrations, on an empty database.
database=$(mktemp -d)
trap 'rm -rf "$database"' EXIT
export ConnectionStrings__Database="Data Source=$database/check.db"
@@ database=postgres migrations=true
# The migrations, on a database of its own.
export ConnectionStrings__Database="${ConnectionStrings__Database:-Host=localhost;Username=postgres};Database=acme-shop-check"
@@ migrations=true
dotnet run --no-build --configuration Release --project "src/Acme.Shop" -- migrate
@@ migrations=true ci=github|gitlab

# Their SQL, for a reviewer.
dotnet run --no-build --configuration Release --project "src/Acme.Shop" -- migrate script 0 >TestResults/migrations.sql
