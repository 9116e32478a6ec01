#!/usr/bin/env bash
# Measures what an attacker would: whether the time of a login tells if a user exists, and what an idle WebSocket costs.
#
#   benchmarks/probes.sh               400 logins of each kind, 1,000 sockets
#   benchmarks/probes.sh 2000 5000
#
# The server has one core, everything else another. Needs curl.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

logins=${1:-400} sockets=${2:-1000}
server_core=0 load_core=1
work=$(mktemp --directory "${TMPDIR:-/tmp}/interview-api-probes.XXXXXX")
. "$here/servers.sh"
trap stop_all EXIT
trap 'exit 130' INT TERM
# Both ends of each socket are on this machine, and the runtime has files of its own.
ulimit -n $((2 * sockets + 1000))

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export MSBUILDDISABLENODEREUSE=1 ASPNETCORE_ENVIRONMENT=Production Logging__LogLevel__Default=Warning

echo 'Packing, generating and publishing …' >&2
dotnet pack "$here/../TemplatePack.csproj" --output "$work/package" --verbosity quiet --nologo
new install "$work"/package/*.nupkg >/dev/null
new interview-api --name Plain --output "$work/Plain" --no-restore >/dev/null
dotnet publish "$work/Plain/src/Plain" --configuration Release --output "$work/plain" --verbosity quiet --nologo --disable-build-servers

export ConnectionStrings__Database="Data Source=$work/plain.db" Uploads__Path=$work/uploads
export RateLimiting__PermitLimit=1000000000 RateLimiting__Auth__PermitLimit=1000000000 Jwt__AccessTokenMinutes=60
Jwt__SigningKey=$(head -c 48 /dev/urandom | base64 --wrap 0)
export Jwt__SigningKey
(cd "$work/plain" && dotnet Plain.dll migrate >"$work/migrate.log")
taskset --cpu-list --pid $load_core $$ >/dev/null
start_api "$work/plain"
wait_for_200 "$api_url" /health/live
token=$(sign_up "$api_url")

# --- Logins -----------------------------------------------------------------------------------------------------------

# One transfer for the configuration of curl: what it is called, and the user.
login() {
  cat <<END
next
url = "$api_url/api/v1/auth/token"
data = "grant_type=password&username=$2&password=not-the-password"
output = "/dev/null"
write-out = "$1 %{http_code} %{time_total}\n"
END
}

# In turn, over one connection; which kind is first changes. The names are equally long.
for n in $(seq $((logins + 20))); do
  unknown=$(printf 'n%08d' "$n")
  if ((n % 2)); then
    login unknown "$unknown" && login known benchmark
  else
    login known benchmark && login unknown "$unknown"
  fi
done | tail -n +2 >"$work/logins"

echo "Logging in $((2 * logins)) times …" >&2
# The first twenty of each are left out: the code is compiled then.
curl --silent --config "$work/logins" | tail -n +41 >"$work/times"
[ "$(awk '$2 == 401' "$work/times" | wc -l)" = $((2 * logins)) ] || { echo 'Not every login was refused.' >&2; exit 1; }

# The medians, and the rank-sum test of Wilcoxon, Mann and Whitney: how often one kind takes longer than the other, and
# how many standard deviations that is away from chance.
sort -k3,3g "$work/times" | awk '
  { time[$1, ++count[$1]] = $3; ranks[$1] += NR }
  function median(kind,  n) { n = count[kind]; return (time[kind, int((n + 1) / 2)] + time[kind, int(n / 2) + 1]) / 2 }
  END {
    n = count["known"]; m = count["unknown"]
    u = ranks["known"] - n * (n + 1) / 2
    z = (u - n * m / 2) / sqrt(n * m * (n + m + 1) / 12)
    printf "login, wrong password, median       %9.3f ms\n", 1000 * median("known")
    printf "login, unknown user, median         %9.3f ms\n", 1000 * median("unknown")
    printf "a wrong password takes longer in    %9.1f %% of all pairs\n", 100 * u / (n * m)
    printf "standard deviations from chance     %9.2f (within noise up to 1.96, for 95 %%)\n", z
  }'

# --- Sockets ----------------------------------------------------------------------------------------------------------

resident_kib() { awk '/^VmRSS:/ { print $2 }' "/proc/$api/status"; }

# open COUNT: sockets that stay open.
open() {
  local socket status
  for _ in $(seq "$1"); do
    exec {socket}<>"/dev/tcp/127.0.0.1/${api_url##*:}"
    printf 'GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: aW50ZXJ2aWV3LWd1aWRlIQ==\r\nAuthorization: Bearer %s\r\n\r\n' "$token" >&"$socket"
    read -r _ status _ <&"$socket"
    [ "$status" = 101 ] || { echo "A socket was refused with $status." >&2; exit 1; }
  done
}

echo "Opening $sockets sockets …" >&2
open 100
before=$(resident_kib)
open "$sockets"
sleep 1
printf 'memory of an idle socket            %9.1f KiB\n' "$(awk "BEGIN { print ($(resident_kib) - $before) / $sockets }")"
