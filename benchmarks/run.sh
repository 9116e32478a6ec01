#!/usr/bin/env bash
# Compares the project that the template generates with a hand-minimal API on the same database (docs/benchmarks.md).
#
#   benchmarks/run.sh          about twenty minutes
#   benchmarks/run.sh quick    about ten
#   benchmarks/run.sh smoke    about three: shows that all of it works, and measures nothing
#
# Needs wrk, curl, PostgreSQL and Redis. The server has one core, everything else another.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

case ${1:-full} in
  full) rounds=7 seconds=3 warm_up=30000 starts=9 creations=7 ;;
  quick) rounds=3 seconds=2 warm_up=10000 starts=3 creations=3 ;;
  smoke) rounds=1 seconds=1 warm_up=1 starts=1 creations=1 ;;
  *) sed -n '2,/^set/{/^#/p}' "${BASH_SOURCE[0]}"; exit 2 ;;
esac

server_core=0 load_core=1
work=$(mktemp --directory "${TMPDIR:-/tmp}/interview-api-benchmark.XXXXXX")
chmod 755 "$work"
. "$here/servers.sh"
. "$here/measure.sh"
trap stop_all EXIT
trap 'exit 130' INT TERM

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export MSBUILDDISABLENODEREUSE=1 ASPNETCORE_ENVIRONMENT=Production Logging__LogLevel__Default=Warning

# --- Projects ---------------------------------------------------------------------------------------------------------

echo 'Packing, generating and publishing …' >&2
dotnet pack "$here/../TemplatePack.csproj" --output "$work/package" --verbosity quiet --nologo
new install "$work"/package/*.nupkg >/dev/null

# publish_variant NAME FLAG...: all that the template offers is on, as by default, but what the flags say. Silent is
# Plain without the line that adds OpenTelemetry.
variants=()
publish_variant() {
  local name=$1 folder=${1,,}
  new interview-api --name "$name" --output "$work/$name" --no-restore --database postgres "${@:2}" >/dev/null
  [ "$name" != Silent ] || sed -i '/AddTelemetry/d' "$work/$name/src/$name/Program.cs"
  publish "$work/$name/src/$name" "$work/$folder"
  variants+=("$folder")
}
publish_variant Plain --cache none
publish_variant Anonymous --cache none --auth none
publish_variant Unlimited --cache none --rate-limiting false
publish_variant Cached --cache redis
publish_variant CachedUnlimited --cache redis --rate-limiting false
publish_variant Bare --cache redis --rate-limiting false --auth none
publish_variant Silent --cache none
publish "$here/Reference" "$work/reference"

# --- Servers ----------------------------------------------------------------------------------------------------------

taskset --cpu-list --pid $load_core $$ >/dev/null
postgres_port=$(free_port)
start_postgres
export ConnectionStrings__Database="Host=127.0.0.1;Port=$postgres_port;Database=benchmark;Username=benchmark"
export RateLimiting__PermitLimit=1000000000 RateLimiting__Auth__PermitLimit=1000000000
Jwt__SigningKey=$(head -c 48 /dev/urandom | base64 --wrap 0)
export Jwt__SigningKey Jwt__Issuer=benchmark Jwt__Audience=benchmark Jwt__AccessTokenMinutes=60 Uploads__Path=$work/uploads
redis_port=$(free_port)
start_redis
export ConnectionStrings__Redis=127.0.0.1:$redis_port

(cd "$work/plain" && dotnet Plain.dll migrate >"$work/migrate.log")
# shellcheck disable=SC2016 # what looks like a variable is for PostgreSQL
sql 'INSERT INTO "Products" ("Name", "Description", "Price", "Category", "CreatedAt", "UpdatedAt", "Version")
     SELECT $$Product $$ || n, $$A thing for sale, in some words that say what it is.$$, 12.50, $$kitchen$$, now(), now(), 1
     FROM generate_series(1, 1000) AS n; ANALYZE;'

# start_variant NAME: the reference knows no tokens, unless it is asked for as "guarded". "traced" is Plain with a
# receiver, which is on the other core, and "untraced" Plain without one. Like "silent" these two read products and do
# nothing else: the runtime compiles for what a process has done, which would differ by more than telemetry costs.
start_variant() {
  case $1 in
    reference) Jwt__SigningKey='' start_api "$work/reference" ;;
    guarded) start_api "$work/reference" ;;
    untraced) start_api "$work/plain" ;;
    traced)
      OTEL_EXPORTER_OTLP_ENDPOINT=$receiver_url OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf \
        OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=0.1 start_api "$work/plain"
      ;;
    *) start_api "$work/$1" ;;
  esac
}

# --- Start and memory -------------------------------------------------------------------------------------------------

# start_once NAME: appends to the results the milliseconds from the start of the process to the first 200 of a probe and
# of a product, and the memory a second later.
start_once() {
  local started=$EPOCHREALTIME
  start_variant "$1"
  wait_for_200 "$api_url" /health/live
  echo $(((${EPOCHREALTIME/./} - ${started/./}) / 1000)) >>"$work/$1.live"
  wait_for_200 "$api_url" "$products/1"
  echo $(((${EPOCHREALTIME/./} - ${started/./}) / 1000)) >>"$work/$1.product"
  sleep 1
  memory_mib "$api" >>"$work/$1.idle"
}

products=/api/v1/products
echo 'Starting each …' >&2
for _ in $(seq $starts); do
  for name in plain reference silent; do
    start_once $name
    stop_api "$api"
  done
done

# --- Load -------------------------------------------------------------------------------------------------------------

echo 'Loading each …' >&2
declare -A process url
Jwt__SigningKey='' start_api "$work/reference" $load_core
wait_for_200 "$api_url" /health/live
receiver_url=$api_url
for name in "${variants[@]}" reference guarded traced untraced; do
  start_variant "$name"
  wait_for_200 "$api_url" /health/live
  process[$name]=$api url[$name]=$api_url
done
token=$(sign_up "${url[plain]}")

# measure SECONDS NAME SCENARIO TOKEN [PATH]: does not pay for the events of the products that were created before.
measure() { wait_until_handled 120 && load "$1" "$3" "${process[$2]}" "${url[$2]}" "${5:-$products}" "$4"; }

# The two sides of a scenario, as arguments of measure. Both do the same work, but in the scenarios called default: those
# compare all that the template turns on with the least code.
sides() {
  case $1 in
    item | list) mine=(plain "$1" '') theirs=(reference "$1" '') ;;
    create) mine=(anonymous create '') theirs=(reference create '') ;;
    create-token) mine=(plain create "$token") theirs=(guarded create "$token" /authenticated/products) ;;
    create-default) mine=(plain create "$token") theirs=(reference create '') ;;
    cached) mine=(cachedunlimited item '') theirs=(reference item '' /cached/products) ;;
    cached-counted) mine=(cached item '') theirs=(reference item '' /counted/products) ;;
    cached-default) mine=(cached item '') theirs=(reference item '' /cached/products) ;;
    gain) mine=(cached item '') theirs=(plain item '') ;;
    limiter) mine=(plain item '') theirs=(unlimited item '') ;;
    live) mine=(bare get '' /health/live) theirs=(reference get '' /empty/live) ;;
    pipeline) mine=(bare item '') theirs=(reference item '' /empty/products) ;;
    telemetry-off) mine=(untraced item '') theirs=(silent item '') ;;
    telemetry-on) mine=(traced item '') theirs=(untraced item '') ;;
    shared-limiter) mine=(cached item '') theirs=(cachedunlimited item '') ;;
  esac
}

# warm_up ARGUMENTS: until the runtime has compiled the path for good, which takes a number of requests, not a time. A
# side that stands in several scenarios is warm after the first.
declare -A is_warm
warm_up() {
  local rate count=0 deadline=$((SECONDS + 30))
  [ -z "${is_warm[$*]-}" ] || return 0
  while [ $count -lt $warm_up ] && [ $SECONDS -lt $deadline ]; do
    read -r rate _ < <(measure 2 "$@")
    count=$((count + rate * 2))
  done
  is_warm[$*]=yes
}

# round SCENARIO: loads both sides; which one is first changes.
round() {
  local mine theirs first second
  sides "$1"
  if (((turn += 1) % 2)); then
    first=$(measure $seconds "${mine[@]}")
    second=$(measure $seconds "${theirs[@]}")
    echo "$first $second"
  else
    first=$(measure $seconds "${theirs[@]}")
    second=$(measure $seconds "${mine[@]}")
    echo "$second $first"
  fi >>"$work/$1.rounds"
}

turn=0
scenarios=(item list create create-token create-default cached cached-counted cached-default gain limiter shared-limiter
  live pipeline telemetry-off telemetry-on)
for scenario in "${scenarios[@]}"; do
  sides "$scenario"
  warm_up "${mine[@]}"
  warm_up "${theirs[@]}"
done
for _ in $(seq $rounds); do
  for scenario in "${scenarios[@]}"; do
    round "$scenario"
  done
done
memory_mib "${process[plain]}" >"$work/plain.loaded"
memory_mib "${process[reference]}" >"$work/reference.loaded"

# --- dotnet new -------------------------------------------------------------------------------------------------------

# What a package feed takes to say whether there is a newer version is not the template's: the SDK's own have none.
create() { new "$1" --no-restore --no-update-check --name Timed --output "$work/new/$1-$2"; }

echo 'Creating projects …' >&2
for n in $(seq $creations); do
  time_ms create interview-api "$n" >>"$work/interview-api.new"
  time_ms create webapi "$n" >>"$work/webapi.new"
done

report
