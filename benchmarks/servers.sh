# Makes, starts and stops what a benchmark needs: on free loopback ports, with all data in a temporary folder.
# Sourced by run.sh, events.sh and probes.sh, which set $work, $server_core and $load_core.

processes=()

new() { dotnet new "$@" --debug:custom-hive "$work/hive" </dev/null; }

# publish PROJECT FOLDER: compiled ahead of time, as the image of the generated project is.
publish() {
  dotnet publish "$1" --configuration Release --output "$2" --use-current-runtime --self-contained false -p:PublishReadyToRun=true \
    --verbosity quiet --nologo --disable-build-servers
}

postgres_bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -1)

# PostgreSQL refuses to run as root.
as_postgres=()
[ "$(id -u)" != 0 ] || as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)

stop_all() {
  [ ${#processes[@]} -eq 0 ] || kill "${processes[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
}

free_port() {
  local port=$((20000 + RANDOM % 10000))
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    port=$((port + 1))
  done
  echo "$port"
}

start_postgres() {
  local data=$work/postgres
  mkdir "$data"
  [ "$(id -u)" != 0 ] || chown postgres "$data"
  (cd "$data" && "${as_postgres[@]}" "$postgres_bin/initdb" -D "$data" -U benchmark --auth=trust --encoding=UTF8 --locale=C >/dev/null)

  # Without fsync, because the disk is not what is compared.
  (cd "$data" && exec taskset -c "$load_core" "${as_postgres[@]}" "$postgres_bin/postgres" -D "$data" -c port="$postgres_port" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=600 -c fsync=off) >"$work/postgres.log" 2>&1 &
  processes+=($!)
  wait_for "$postgres_bin/pg_isready" --quiet --host 127.0.0.1 --port "$postgres_port"
  "$postgres_bin/createdb" --host 127.0.0.1 --port "$postgres_port" --username benchmark benchmark
}

sql() {
  "$postgres_bin/psql" --quiet --tuples-only --no-align --host 127.0.0.1 --port "$postgres_port" --username benchmark \
    --command "$1" benchmark
}

# wait_until_handled SECONDS: at most so long, until no event is pending. Events are handled on the core of the server, after the requests.
wait_until_handled() {
  local deadline=$((SECONDS + $1))
  until [ "$(sql 'SELECT count(*) FROM "OutboxMessages" WHERE "NextAttemptAt" IS NOT NULL')" = 0 ]; do
    [ $SECONDS -lt $deadline ] || { echo "Events wait for more than $1 seconds." >&2; exit 1; }
    sleep 0.1
  done
}

start_redis() {
  taskset -c "$load_core" redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --dir "$work" >"$work/redis.log" 2>&1 &
  processes+=($!)
  wait_for redis-cli -p "$redis_port" ping
}

# Starts an API; sets $api to its process id and $api_url. The first argument is the folder of the publish output, the
# second one its core.
start_api() {
  local folder=$1 core=${2:-$server_core} port
  port=$(free_port)
  api_url=http://127.0.0.1:$port
  (cd "$folder" && exec taskset -c "$core" dotnet "$(entry_point)" --urls "$api_url") >"$work/api.log" 2>&1 &
  api=$!
  processes+=($api)
}

stop_api() {
  kill "$1"
  wait "$1" || true
}

# Creates an account; prints an access token of it.
sign_up() {
  local password
  password=$(head -c 18 /dev/urandom | base64)
  curl --silent --show-error --fail --output /dev/null --json \
    "{\"username\":\"benchmark\",\"email\":\"benchmark@example.com\",\"password\":\"$password\"}" "$1/api/v1/auth/register"
  curl --silent --show-error --fail --data grant_type=password --data username=benchmark --data-urlencode "password=$password" \
    "$1/api/v1/auth/token" | sed -E 's/.*"access_token":"([^"]+)".*/\1/'
}

# The one assembly of a publish output that can be started.
entry_point() {
  local runtimes=(*.runtimeconfig.json)
  echo "${runtimes[0]%.runtimeconfig.json}.dll"
}

# Waits until a path of an API answers 200.
wait_for_200() {
  local port=${1##*:} path=$2 status='' deadline=$((SECONDS + 30))
  until [ "$status" = 200 ]; do
    [ $SECONDS -lt $deadline ] || { echo "$1$path does not answer 200:" >&2; cat "$work/api.log" >&2; exit 1; }
    if { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; then
      printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$path" >&3
      read -r _ status _ <&3 || true
      exec 3>&-
    else
      sleep 0.005
    fi
  done
}

wait_for() {
  for _ in $(seq 100); do
    ! "$@" >/dev/null 2>&1 || return 0
    sleep 0.1
  done
  echo "This does not come up: $*" >&2
  exit 1
}
