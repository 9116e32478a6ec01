#!/usr/bin/env bash
# Measures what durable events cost: the processor time of a write with and without its event, how many events are
# handled in a second, and what looking for events costs while there are none (docs/benchmarks.md).
#
#   benchmarks/events.sh          about ten minutes
#   benchmarks/events.sh quick    about four
#   benchmarks/events.sh smoke    about one: shows that it works, and measures nothing
#
# The server has one core, everything else another. Needs wrk, curl and PostgreSQL.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

case ${1:-full} in
  full) rounds=9 seconds=4 warm_up=30000 events=50000 settle=40 idle=60 ;;
  quick) rounds=5 seconds=3 warm_up=15000 events=20000 settle=30 idle=20 ;;
  smoke) rounds=1 seconds=1 warm_up=1 events=2000 settle=1 idle=3 ;;
  *) sed -n '2,/^set/{/^#/p}' "${BASH_SOURCE[0]}"; exit 2 ;;
esac

server_core=0 load_core=1
work=$(mktemp --directory "${TMPDIR:-/tmp}/interview-api-events.XXXXXX")
chmod 755 "$work"
. "$here/servers.sh"
. "$here/measure.sh"
trap 'kill -CONT "${processes[@]}"; stop_all' EXIT
trap 'exit 130' INT TERM

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export MSBUILDDISABLENODEREUSE=1 ASPNETCORE_ENVIRONMENT=Production Logging__LogLevel__Default=Warning

echo 'Packing, generating and publishing …' >&2
dotnet pack "$here/../TemplatePack.csproj" --output "$work/package" --verbosity quiet --nologo
new install "$work"/package/*.nupkg >/dev/null
for name in Durable Silent; do
  new interview-api --name $name --output "$work/$name" --no-restore --database postgres --cache none --websockets false >/dev/null

  # Silent saves products without events and looks for none, and has the rest.
  [ $name = Durable ] || sed -i '/AddScoped<ProductService, ProductImageService>/d; /AddHostedService<EventDispatcher>/d' \
    "$work/$name/src/$name/Dependencies/"{Product,Event}Dependencies.cs
  publish "$work/$name/src/$name" "$work/${name,,}"
done

taskset --cpu-list --pid $load_core $$ >/dev/null
postgres_port=$(free_port)
start_postgres
export ConnectionStrings__Database="Host=127.0.0.1;Port=$postgres_port;Database=benchmark;Username=benchmark" Uploads__Path=$work/uploads
export RateLimiting__PermitLimit=1000000000 RateLimiting__Auth__PermitLimit=1000000000 Jwt__AccessTokenMinutes=60
Jwt__SigningKey=$(head -c 48 /dev/urandom | base64 --wrap 0)
export Jwt__SigningKey Jwt__Issuer=benchmark Jwt__Audience=benchmark
(cd "$work/durable" && dotnet Durable.dll migrate >"$work/migrate.log")

declare -A process url
for name in durable silent; do
  start_api "$work/$name"
  wait_for_200 "$api_url" /health/live
  process[$name]=$api url[$name]=$api_url
done
token=$(sign_up "${url[durable]}")
wait_until_handled 120

# --- A write ----------------------------------------------------------------------------------------------------------

# creates NAME: prints the creates per second and the processor time of each in microseconds, with that of its event.
# Each has the machine for itself: the other one neither creates nor handles.
creates() {
  local pid=${process[$1]} other=${process[$([ "$1" = durable ] && echo silent || echo durable)]} before rate
  kill -STOP "$other"
  before=$(cpu_ms "$pid")
  read -r rate _ < <(load $seconds create "$pid" "${url[$1]}" /api/v1/products "$token")
  wait_until_handled 120
  kill -CONT "$other"
  awk -v n="$((rate * seconds))" -v cpu="$(($(cpu_ms "$pid") - before))" -v rate="$rate" 'BEGIN { print rate, cpu * 1000 / n }'
}

echo 'Creating products …' >&2
for name in silent durable; do
  for ((count = 0; count < warm_up; count += rate * seconds)); do
    read -r rate _ < <(creates $name)
  done
done
for _ in $(seq $rounds); do
  echo "$(creates durable) $(creates silent)" >>"$work/create.rounds"
done

column() { awk "{ print $1 }" "$work/create.rounds" | median; }
printf '%-38s %9s %9s %8s\n' 'medians' 'events' 'without' ratio
printf '%-38s %9.0f %9.0f %8.2f\n' 'creates per second' "$(column '$1')" "$(column '$3')" "$(column '$1 / $3')"
printf '%-38s %9.0f %9.0f %8.2f   <= 1.25\n' 'processor time of a create, us' "$(column '$2')" "$(column '$4')" "$(column '$2 / $4')"

# --- Handling ---------------------------------------------------------------------------------------------------------

echo "Handling $events events …" >&2
sql 'TRUNCATE "OutboxMessages" CASCADE'
sql "INSERT INTO \"OutboxMessages\"
     (\"Id\", \"Type\", \"SchemaVersion\", \"Aggregate\", \"OccurredAt\", \"Payload\", \"Attempts\", \"NextAttemptAt\")
     SELECT gen_random_uuid(), 'product.changed', 1, 'product:' || n, now(), '{\"kind\":\"Created\",\"product\":{\"id\":' || n ||
       ',\"name\":\"Cup\",\"price\":{\"amount\":\"1.00\",\"currency\":\"USD\"},\"category\":\"kitchen\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"updatedAt\":\"2026-01-01T00:00:00Z\",\"version\":1}}', 0, now()
     FROM generate_series(1, $events) AS n; ANALYZE \"OutboxMessages\";"
wait_until_handled 600
printf '%-38s %9.0f                      >= 2000\n' 'events handled per second' \
  "$(sql 'SELECT count(*) / extract(epoch FROM max("ProcessedAt") - min("ProcessedAt")) FROM "OutboxMessages"')"

# --- Idle -------------------------------------------------------------------------------------------------------------

# The runtime goes on compiling for a while after the load.
sleep $settle
with=$(cpu_ms "${process[durable]}") without=$(cpu_ms "${process[silent]}")
sleep $idle
with=$(($(cpu_ms "${process[durable]}") - with)) without=$(($(cpu_ms "${process[silent]}") - without))
awk -v with="$with" -v without="$without" -v ms=$((idle * 1000)) 'BEGIN {
  printf "%-38s %9.2f %9.2f            <= 0.50 more\n", "idle, % of a core", with * 100 / ms, without * 100 / ms }'
