# What is measured, and how it is summed up. Sourced by run.sh and events.sh.

connections=64
clock_ticks=$(getconf CLK_TCK)

# Processor time that a process has used so far, in milliseconds.
cpu_ms() {
  local -a stat
  read -ra stat < <(sed 's/.*) //' "/proc/$1/stat")
  echo $(((stat[11] + stat[12]) * 1000 / clock_ticks))
}

# Resident memory of a process, in MiB.
memory_mib() { awk '/^VmRSS/ { printf "%.0f\n", $2 / 1024 }' "/proc/$1/status"; }

# Milliseconds that a command takes.
time_ms() {
  local started=$EPOCHREALTIME
  "$@" >/dev/null
  echo $(((${EPOCHREALTIME/./} - ${started/./}) / 1000))
}

# load SECONDS SCENARIO PID URL PATH TOKEN: loads an API, and prints the requests per second and the processor time of
# each in microseconds. An answer that is no success ends the benchmark, because errors are quick.
load() {
  local before requests microseconds failed
  before=$(cpu_ms "$3")
  read -r _ requests microseconds failed < <(
    SCENARIO=$2 BASE=$5 TOKEN=$6 wrk --threads 1 --connections $connections --timeout 20s --duration "$1" \
      --script "$here/requests.lua" "$4" |
      grep '^RESULT') || true
  [ "${failed:-all}" = 0 ] || { echo "$2 at $4$5: ${failed:-all} of the ${requests:-} requests failed." >&2; exit 1; }
  awk -v n="$requests" -v t="$microseconds" -v cpu=$(($(cpu_ms "$3") - before)) \
    'BEGIN { printf "%.0f %.1f\n", n / t * 1000000, cpu * 1000 / n }'
}

median() { sort -g | awk '{ value[NR] = $1 } END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'; }

# Medians of a scenario. A round is the requests per second and the processor time of either side; the ratio is taken
# within a round, so that whatever else the machine does hits both sides. report_load SCENARIO LABEL [GOAL]
report_load() {
  local file=$work/$1.rounds
  printf '%-34s %9.0f %9.0f %8.2f   %-10s %6.0f %6.0f us\n' "$2" \
    "$(awk '{ print $1 }' "$file" | median)" "$(awk '{ print $3 }' "$file" | median)" \
    "$(awk '{ print $1 / $3 }' "$file" | median)" "${3:+>= $3}" \
    "$(awk '{ print $2 }' "$file" | median)" "$(awk '{ print $4 }' "$file" | median)"
}

# report_cost SCENARIO LABEL [GOAL]: what one side takes more than the other, in processor time of a request.
report_cost() {
  local file=$work/$1.rounds
  printf '%-34s %28s %-10s %13.1f us\n' "$2" '' "${3:+<= $3 us}" "$(awk '{ print $2 - $4 }' "$file" | median)"
}

# report_share SCENARIO LABEL GOAL: the same, in percent of the other side.
report_share() {
  local file=$work/$1.rounds
  printf '%-34s %28s %-10s %13.1f %%\n' "$2" '' "<= $3 %" "$(awk '{ print ($2 / $4 - 1) * 100 }' "$file" | median)"
}

# report_ratio LABEL FILE FILE [GOAL]
report_ratio() {
  local mine theirs
  mine=$(median <"$work/$2") theirs=$(median <"$work/$3")
  printf '%-34s %9.0f %9.0f %8.2f   %s\n' "$1" "$mine" "$theirs" "$(awk "BEGIN { print $mine / $theirs }")" "${4:+<= $4}"
}

report() {
  printf '\n%-34s %9s %9s %8s   %-10s %s\n' "$connections connections, medians" generated reference ratio goal 'CPU/request'
  report_load item 'product by id, requests/s' 0.90
  report_load list 'list of 20, requests/s' 0.90
  report_load create 'create, without tokens' 0.90
  report_load create-token 'create, with tokens' 0.90
  report_load create-default 'create, reference without tokens'
  report_load cached 'cached product, no limits' 1.00
  report_load cached-counted 'cached product, counted in Redis' 0.80
  report_load cached-default '… reference without limits'
  report_load gain '… reference: without the cache' 1.30
  report_cost limiter 'a limit, counted in memory'
  report_cost shared-limiter 'a limit, counted in Redis'
  report_cost live 'pipeline: GET /health/live' 12
  report_cost pipeline 'pipeline: cached product' 12
  report_cost telemetry-off 'telemetry, no endpoint' 2
  report_share telemetry-on 'telemetry, a tenth traced' 15
  report_ratio 'start to first 200, ms' plain.live reference.live 1.6
  report_ratio 'start to first product, ms' plain.product reference.product
  report_ratio 'memory idle, MiB' plain.idle reference.idle 1.6
  report_ratio '… reference: without telemetry' plain.idle silent.idle
  report_ratio 'memory loaded, MiB' plain.loaded reference.loaded 1.5
  report_ratio 'dotnet new, ms (reference: webapi)' interview-api.new webapi.new 2.6
}
