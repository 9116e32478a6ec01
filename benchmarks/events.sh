#!/usr/bin/env bash
# Measures what durable events cost: the processor time of a write with and without its event, how many events are
# handled in a second, and what looking for events costs while there are none.
#
#   benchmarks/events.sh          9 rounds of 4 seconds, 50,000 events
#   benchmarks/events.sh smoke    shows that it works, and measures nothing
#
# The server has one core, everything else another. Needs wrk, curl and PostgreSQL.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

case ${1:-full} in
  full) rounds=9 seconds=4 events=50000 idle=30 ;;
  smoke) rounds=1 seconds=1 events=2000 idle=3 ;;
  *) sed -n '2,/^set/{/^#/p}' "${BASH_SOURCE[0]}"; exit 2 ;;
esac

server_core=0 load_core=1
work=$(mktemp --directory "${TMPDIR:-/tmp}/interview-api-events.XXXXXX")
chmod 755 "$work"
. "$here/servers.sh"
trap stop_all EXIT
trap 'exit 130' INT TERM

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export MSBUILDDISABLENODEREUSE=1 ASPNETCORE_ENVIRONMENT=Production Logging__LogLevel__Default=Warning

new() { dotnet new "$@" --debug:custom-hive "$work/hive" </dev/null; }

echo 'Packing, generating and publishing …' >&2
dotnet pack "$here/../TemplatePack.csproj" --output "$work/package" --verbosity quiet --nologo
new install "$work"/package/*.nupkg >/dev/null
for name in Durable Silent; do
  new interview-api --name $name --output "$work/$name" --no-restore --database postgres --cache none --websockets false >/dev/null

  # Silent saves products without events, and has the rest.
  [ $name = Durable ] ||
    sed -i '/AddScoped<ProductService, ProductImageService>/d' "$work/$name/src/$name/Dependencies/ProductDependencies.cs"
  dotnet publish "$work/$name/src/$name" --configuration Release --output "$work/${name,,}" \
    --verbosity quiet --nologo --disable-build-servers
done

taskset --cpu-list --pid $load_core $$ >/dev/null
postgres_port=$(free_port)
start_postgres
export ConnectionStrings__Database="Host=127.0.0.1;Port=$postgres_port;Database=benchmark;Username=benchmark" Uploads__Path=$work/uploads
export RateLimiting__PermitLimit=1000000000 RateLimiting__Auth__PermitLimit=1000000000 Jwt__AccessTokenMinutes=60
Jwt__SigningKey=$(head -c 48 /dev/urandom | base64 --wrap 0)
export Jwt__SigningKey Jwt__Issuer=benchmark Jwt__Audience=benchmark
(cd "$work/durable" && dotnet Durable.dll migrate >"$work/migrate.log")

start_api "$work/durable"
durable=$api durable_url=$api_url
wait_for_200 "$durable_url" /health/live
token=$(sign_up "$durable_url")

count() {
  "$postgres_bin/psql" --quiet --tuples-only --no-align --host 127.0.0.1 --port "$postgres_port" --username benchmark \
    --command "$1" benchmark
}
cpu_seconds() { awk -v hertz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hertz }' "/proc/$1/stat"; }
wait_until_handled() {
  until [ "$(count 'SELECT count(*) FROM "OutboxMessages" WHERE "NextAttemptAt" IS NOT NULL')" = 0 ]; do sleep 0.05; done
}

# --- A write ----------------------------------------------------------------------------------------------------------

cat >"$work/create.lua" <<END
wrk.method = "POST"
wrk.body = '{"name":"Cup","description":"Holds 60 ml.","price":12.5,"category":"kitchen"}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer $token"
END

# creates PROCESS URL: the processor time of a create in microseconds, with that of its event.
creates() {
  local before requests
  before=$(cpu_seconds "$1")
  requests=$(wrk --threads 1 --connections 16 --duration "${seconds}s" --script "$work/create.lua" "$2/api/v1/products" |
    tee "$work/wrk.log" | awk '/requests in/ { print $1 }')
  ! grep --quiet 'Non-2xx' "$work/wrk.log" || { cat "$work/wrk.log" >&2; exit 1; }
  wait_until_handled
  awk "BEGIN { print ($(cpu_seconds "$1") - $before) * 1e6 / $requests }"
}

start_api "$work/silent"
silent=$api silent_url=$api_url
wait_for_200 "$silent_url" /health/live
echo "Creating products, $rounds rounds …" >&2
creates "$silent" "$silent_url" >/dev/null
creates "$durable" "$durable_url" >/dev/null

# Each has the machine for itself: the other one neither creates nor handles.
for _ in $(seq $rounds); do
  kill -STOP "$durable" && without=$(creates "$silent" "$silent_url") && kill -CONT "$durable"
  kill -STOP "$silent" && with=$(creates "$durable" "$durable_url") && kill -CONT "$silent"
  awk "BEGIN { print $with / $without, $with, $without }"
done | sort -g >"$work/ratios"
awk '{ ratio[NR] = $1; with[NR] = $2; without[NR] = $3 }
  END { n = int((NR + 1) / 2); printf "processor time of a create            %9.0f us with its event, %.0f us without, ratio %.2f (goal: at most 1.25)\n", with[n], without[n], ratio[n] }' "$work/ratios"
stop_api "$silent"

# --- Handling ---------------------------------------------------------------------------------------------------------

echo "Handling $events events …" >&2
sql 'TRUNCATE "OutboxMessages" CASCADE'
sql "INSERT INTO \"OutboxMessages\"
     (\"Id\", \"Type\", \"SchemaVersion\", \"Aggregate\", \"OccurredAt\", \"Payload\", \"Attempts\", \"NextAttemptAt\")
     SELECT gen_random_uuid(), 'product.changed', 1, 'product:' || n, now(), '{\"kind\":\"Created\",\"product\":{\"id\":' || n ||
       ',\"name\":\"Cup\",\"price\":{\"amount\":\"1.00\",\"currency\":\"USD\"},\"category\":\"kitchen\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"updatedAt\":\"2026-01-01T00:00:00Z\",\"version\":1}}', 0, now()
     FROM generate_series(1, $events) AS n; ANALYZE \"OutboxMessages\";"
wait_until_handled
printf 'events handled                        %9.0f /s (goal: at least 2,000)\n' \
  "$(count 'SELECT count(*) / extract(epoch FROM max("ProcessedAt") - min("ProcessedAt")) FROM "OutboxMessages"')"

# --- Idle -------------------------------------------------------------------------------------------------------------

sleep 2
before=$(cpu_seconds "$durable")
sleep $idle
awk "BEGIN { printf \"processor time without events         %9.2f %% of a core (goal: below 0.5)\n\",
  ($(cpu_seconds "$durable") - $before) * 100 / $idle }"
