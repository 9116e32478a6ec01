#!/usr/bin/env bash
# Packs the template, installs it for this folder only, generates a project and runs it until Ctrl+C.
#
#   ./try.sh                         all defaults, on SQLite
#   ./try.sh --sample none          every flag goes to `dotnet new interview-api`
#   URL=http://127.0.0.1:9000 ./try.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

url=${URL:-http://127.0.0.1:5080}
folder=$PWD/artifacts/try
project=$folder/Demo.Api
rm -rf "$folder"

dotnet pack TemplatePack.csproj --output "$folder/package" --verbosity quiet --nologo
dotnet new install "$folder"/package/*.nupkg --debug:custom-hive "$folder/hive" >/dev/null
dotnet new interview-api --name Demo.Api --output "$project" --debug:custom-hive "$folder/hive" "$@"

export ASPNETCORE_ENVIRONMENT=Development
dotnet build "$project" --nologo --verbosity quiet --disable-build-servers
dotnet run --project "$project/src/Demo.Api" --no-build --no-launch-profile -- --urls "$url" &
api=$!
trap 'kill "$api" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM

for _ in $(seq 120); do
  kill -0 "$api" 2>/dev/null || exit 1
  if curl --silent --fail --output /dev/null "$url/health/live"; then
    printf '\nThe API runs at %s\n  documentation  %s/docs\n  project        %s\n\n' "$url" "$url" "$project"
    break
  fi
  sleep 0.5
done
wait "$api"
