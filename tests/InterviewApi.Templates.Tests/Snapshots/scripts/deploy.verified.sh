#!/usr/bin/env bash
@@ docker=true
# usage: deploy.sh RELEASE
# Deploys releases/RELEASE beside the live release, then switches to it. If anything fails, the old release stays live.
# Runs on the host, beside .env. To go back, give an earlier release: its image and its files go live together.
@@ docker=false
# usage: deploy.sh VERSION
# Deploys releases/VERSION.tar.gz. If anything fails, the old release stays live.
# Runs on the host, in its folder /srv/acme-shop. To go back, give the version of an earlier release.
# In the environment, DEPLOY_PORTS names other ports, and DEPLOY_GATE_SECONDS how long an instance may take to become healthy.
@@ always
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

@@ docker=true
release=releases/${1:?usage: deploy.sh RELEASE}
gate_seconds=${DEPLOY_GATE_SECONDS:-90}
@@ docker=false
version=${1:?usage: deploy.sh VERSION}
gate_seconds=${DEPLOY_GATE_SECONDS:-60}
unit=acme-shop
@@ always

say() { echo "deploy: $*" >&2; }
@@ docker=false

@@ docker=true, or cache=redis nginx=true
refuse() { say "$*: nothing was changed"; exit 1; }

@@ docker=true
instances() { docker compose ps --all --quiet api; }
@@ cache=redis docker=false nginx=true
instances=${DEPLOY_INSTANCES:-2}
@@ cache=memory|none docker=false nginx=true
# Instances do not share what they hold in memory, so only one answers.
instances=1
@@ docker=false nginx=true
nginx_folder=${NGINX_FOLDER:-/etc/nginx}
@@ nginx=true, or docker=true

@@ docker=true
# Compose for the new release: the environment takes precedence over .env.
new() { API_TAG=$tag docker compose "$@"; }
@@ cache=redis docker=false nginx=true
# The percentage of requests that try a new release, and for how long. 0: all requests at once.
canary_percent=${DEPLOY_CANARY_PERCENT:-0}
canary_seconds=${DEPLOY_CANARY_SECONDS:-300}
nginx_log=$(sed -n 's/^ *access_log \([^ ;]*\).*/\1/p' "$nginx_folder/nginx.conf")
[[ $canary_percent =~ ^([0-9]|[1-4][0-9]|50)$ ]] || refuse "DEPLOY_CANARY_PERCENT has to be 1 to 50, or 0, not $canary_percent"
[[ $canary_seconds =~ ^([1-9][0-9]|[1-5][0-9]{2}|600)$ ]] || refuse "DEPLOY_CANARY_SECONDS has to be 10 to 600, not $canary_seconds"
[[ $canary_percent == 0 || -r $nginx_log ]] || refuse "$nginx_log cannot be read"
@@ docker=true, or cache=redis nginx=true

@@ docker=true
# A setting of the API, as Compose resolves it from compose.yaml and .env. Only Compose reads .env.
setting() { awk -v key="$1:" '/^(  )?[^ ]/ { in_api = $0 == "  api:" } in_api && /^    [^ ]/ && $1 == key { print $2 }' <<<"$configuration"; }
@@ docker=false
# Points an instance to a release and starts it.
start() { # PORT RELEASE
    ln -sfn "$2" "instances/$1"
    sudo systemctl restart "$unit@$1"
}
@@ always

@@ docker=true
# Waits until each of these containers is healthy. One that is not may still become so, unless it exits.
healthy() { # CONTAINERS
    local container state deadline=$((SECONDS + gate_seconds))
    for container; do
        until state=$(docker inspect --format '{{.State.Status}} {{.State.Health.Status}}' "$container") &&
            [[ $state == 'running healthy' ]]; do
            if [[ $state != running* ]] || ((SECONDS >= deadline)); then
                say "the new release is $state"
                docker logs --tail 30 "$container" >&2
                return 1
            fi
            sleep 1
        done
@@ docker=false
# Waits until an instance may receive requests.
healthy() { # PORT
    local deadline=$((SECONDS + gate_seconds))
    until curl --silent --fail --max-time 5 --output /dev/null "http://localhost:$1/health/ready"; do
        if ((SECONDS >= deadline)); then
            say "the instance on port $1 is not healthy"
            return 1
        fi
        sleep 1
@@ always
    done
@@ docker=true
}

# The files that Compose and nginx read are those of the release that "current" names. What belongs to the host stays.
put_files_of() { cp -R "$1"/* .; } # RELEASE
put_back() { [[ ! -e current ]] || put_files_of current; }

# A later "docker compose up" starts this release too.
remember() {
    ln -sfn "$release" current
    (umask 077 && { grep -vE '^[[:space:]]*(export[[:space:]]+)?API_TAG[[:space:]]*[=:]' .env || true; echo "API_TAG=$tag"; } >.env.new)
    mv .env.new .env
    say "${release#*/} is live"
@@ always
}

exec 9>.deploy.lock
flock --nonblock 9 || { say "another deployment is running"; exit 1; }

@@ docker=true
# Everything that can be checked is checked before the first change.
[[ -f .env ]] || refuse "there is no .env"
tag=$(cat "$release/.version") || refuse "there is no $release"
trap put_back EXIT
put_files_of "$release"
configuration=$(new config) || refuse "Compose does not accept compose.yaml and .env"
replicas=$(setting scale)
((${replicas:=1} >= 1)) || refuse "$replicas instances cannot serve"
image=$(setting image)
docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" || refuse "there is no image $image"

mapfile -t old < <(instances)
@@ auth=jwt docker=true, or cache=redis docker=true, or database=postgres docker=true
((${#old[@]} > 0)) || bash scripts/make-secrets.sh

# Docker would create a folder in place of a missing file.
while read -r file; do
    [[ -f $file ]] || refuse "there is no $file: scripts/make-secrets.sh creates it"
done < <(sed -n 's/^    file: //p' <<<"$configuration")
@@ docker=true
if ((${#old[@]} == 0)); then
    new up --detach --no-build --wait --wait-timeout "$gate_seconds"
    remember
    exit
@@ docker=false nginx=true
# The instances that nginx knows and that run a release, and free ports for as many new ones as there are to be.
read -ra ports <<<"${DEPLOY_PORTS:-5001 5002 5003 5004}"
old=() fresh=()
for port in "${ports[@]}"; do
    if [[ -e instances/$port ]] && grep -q "server 127.0.0.1:$port " "$nginx_folder/site.conf"; then
        old+=("$port")
    elif ((${#fresh[@]} < instances)); then
        fresh+=("$port")
    fi
done
if ((${#fresh[@]} < instances)); then
    say "DEPLOY_PORTS has too few free ports for $instances instances"
    exit 1
@@ nginx=true, or migrations=false docker=true
fi

@@ docker=true nginx=true
nginx() { docker compose exec -T nginx nginx -c /etc/nginx/site/nginx.conf -g 'pid /tmp/nginx.pid;' "$@"; }
nginx -t -q || refuse "nginx does not accept its configuration"
@@ cache=redis docker=true nginx=true

# The percentage of requests that try a new release, and for how long. 0: all requests at once.
canary_percent=${DEPLOY_CANARY_PERCENT:-0}
canary_seconds=${DEPLOY_CANARY_SECONDS:-300}
[[ $canary_percent =~ ^([0-9]|[1-4][0-9]|50)$ ]] || refuse "DEPLOY_CANARY_PERCENT has to be 1 to 50, or 0, not $canary_percent"
[[ $canary_seconds =~ ^([1-9][0-9]|[1-5][0-9]{2}|600)$ ]] || refuse "DEPLOY_CANARY_SECONDS has to be 10 to 600, not $canary_seconds"
@@ docker=false
release=$PWD/releases/$version
if [[ ! -d $release ]]; then
    rm -rf "$release.new"
    mkdir -p "$release.new" instances
    tar --extract --gzip --file "$release.tar.gz" --directory "$release.new"
    mv "$release.new" "$release"
@@ migrations=true nginx=false, or docker=false
fi
@@ migrations=true, or docker=false nginx=false

@@ migrations=true
# Migrations stay compatible with the release that is still live: see docs/deployment.md.
@@ migrations=true docker=true
if ! new run --rm --no-deps -T migrate; then
@@ migrations=true docker=false
if ! sudo systemctl start "$unit-migrate@$version"; then
@@ migrations=true
    say "the migrations failed: nothing was switched"
    exit 1
fi
@@ docker=true nginx=true, or migrations=true nginx=false

@@ docker=true nginx=true
names() { docker inspect --format '{{.Name}}' "$@" | tr -d /; }
@@ nginx=true

# Makes these the servers of nginx. Requests in flight complete where they began.
@@ docker=true nginx=true
route() { # SERVERS
@@ docker=false nginx=true
route() { # PORTS
@@ nginx=true
    local site
@@ docker=true nginx=true
    site=$(printf '    server %s max_fails=0;\n' "$@" | sed -e '/^ *server [^{]*;$/d' -e '/^upstream api {/r /dev/stdin' nginx/site.conf)
    printf '%s\n' "$site" >nginx/site.conf
    nginx -t -q && nginx -s reload
}
@@ docker=false nginx=true
    site=$(printf '    server 127.0.0.1:%s max_fails=0;\n' "$@" |
        sed -e '/^ *server [^{]*;$/d' -e '/^upstream api {/r /dev/stdin' "$nginx_folder/site.conf")
    printf '%s\n' "$site" >"$nginx_folder/site.conf"
    sudo nginx -t -q
    sudo systemctl reload nginx
@@ docker=false nginx=false
read -r port rehearsal <<<"${DEPLOY_PORTS:-8080 8081}"
@@ nginx=true, or docker=false

@@ docker=true nginx=true
# From now on, nginx resolves the name of the service. Until it has done so once, these containers answer.
settle() { # CONTAINERS
    mapfile -t names < <(names "$@")
    route "${names[@]/%/:8080}" 'api:8080 resolve' && sleep 2 && route 'api:8080 resolve'
@@ docker=false nginx=true
    # The reload returns before nginx has switched: an instance that is stopped at once would still get requests.
    sleep 2
@@ nginx=true
}
@@ docker=false nginx=false
# A trial run beside the live release: only a healthy release replaces it, within a few seconds.
trap 'sudo systemctl stop "$unit@$rehearsal"' EXIT
start "$rehearsal" "$release"
healthy "$rehearsal"
@@ nginx=true, or docker=false

@@ docker=true nginx=true
# Whether each of these answers to nginx.
reaches() { # NAMES
    local name
    for name; do
        docker compose exec -T nginx wget -q -O /dev/null "http://$name:8080/health/ready" || return
@@ docker=false nginx=true
stop() { # PORTS
    local port
    for port; do
        sudo systemctl disable "$unit@$port"
@@ docker=false nginx=false
before=$(readlink "instances/$port" || true)
start "$port" "$release"
if ! healthy "$port"; then
    if [[ -n $before ]]; then
        start "$port" "$before"
        healthy "$port" || true
    else
@@ docker=false
        sudo systemctl stop "$unit@$port"
        rm "instances/$port"
@@ nginx=true
    done
}
@@ docker=true nginx=true

# A probe may arrive while an instance is busy with its first requests: one of five has to be answered.
edge_answers() {
    for _ in 1 2 3 4 5; do
        sleep 2
        docker compose exec -T nginx wget -q -O /dev/null --no-check-certificate https://127.0.0.1/health/ready && return
    done
    return 1
}

# The instances that were not there before.
find_fresh() { mapfile -t fresh < <(comm -13 <(printf '%s\n' "${old[@]}" | sort) <(instances | sort)); }
@@ docker=true nginx=false
# A trial run beside the live release: only a healthy release replaces it, within a few seconds.
candidate=$(new run --detach --no-deps api)
trap 'docker rm --force "$candidate" >/dev/null; put_back' EXIT
healthy "$candidate"
@@ nginx=true, or docker=true

@@ nginx=true
roll_back() {
@@ docker=true nginx=true
    put_back
    find_fresh
    mapfile -t names < <(names "${old[@]}")
    route "${names[@]/%/:8080}" && sleep 1
    ((${#fresh[@]} == 0)) || docker rm --force "${fresh[@]}" >/dev/null
    settle "${old[@]}"
@@ docker=false nginx=true
    cp nginx.before/*.conf "$nginx_folder"
    ((${#old[@]} == 0)) || route "${old[@]}"
    stop "${started[@]}"
@@ docker=true nginx=false
if ! new up --detach --no-build --no-deps --wait --wait-timeout "$gate_seconds" api; then
@@ docker=false nginx=false
    fi
@@ always
    say "rolled back"
@@ nginx=true
}

@@ docker=true nginx=true
# The name of the service also stands for instances that are not healthy yet, so the old ones are named.
@@ docker=false nginx=true
# The files of nginx come with a release, except for the certificate. The current ones are kept for a rollback.
mkdir -p nginx.before
cp "$nginx_folder"/{nginx,problems,site}.conf nginx.before

# The new instances start beside the old ones, and get requests when all of them are healthy.
started=()
@@ nginx=true
trap roll_back EXIT
@@ docker=true nginx=true
mapfile -t names < <(names "${old[@]}")
route "${names[@]/%/:8080}"
new up --detach --no-build --no-deps --no-recreate --scale "api=$((${#old[@]} + replicas))" api
find_fresh
healthy "${fresh[@]}"

mapfile -t names < <(names "${fresh[@]}")
reaches "${names[@]}"
@@ docker=false nginx=true
for port in "${fresh[@]}"; do
    started+=("$port")
    start "$port" "$release"
done
for port in "${fresh[@]}"; do healthy "$port"; done
@@ docker=false nginx=true, or cache=redis nginx=true

@@ cache=redis nginx=true
# If the new release fails to answer a request that may be repeated, nginx sends it to the old one.
@@ cache=redis docker=true nginx=true
if ((canary_percent > 0)); then
    say "$canary_percent % of the requests go to ${release#*/} for $canary_seconds s"
    mapfile -t old_names < <(names "${old[@]}")
@@ cache=redis docker=false nginx=true
if ((canary_percent > 0 && ${#old[@]} > 0)); then
    say "$canary_percent % of the requests go to $version for $canary_seconds s"
@@ cache=redis nginx=true
    retry="proxy_next_upstream error timeout http_500 http_502 http_503 http_504; proxy_next_upstream_tries $((${#fresh[@]} + 1));"
@@ cache=redis docker=true nginx=true
    sed -i "s|^ *proxy_pass |        $retry\\n&|" nginx/site.conf
    route "${old_names[@]/%/:8080 weight=$(((100 - canary_percent) * ${#fresh[@]}))}" \
        "${names[@]/%/:8080 weight=$((canary_percent * ${#old[@]}))}"

    # The log has the addresses of instances, in the network that they share with nginx.
    addresses=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}:8080 {{end}}' "${fresh[@]}")
    { timeout "$canary_seconds" docker logs --follow --tail 0 "$(docker compose ps --quiet nginx)" 2>/dev/null || true; } |
        bash scripts/canary.sh "$addresses"
    put_files_of "$release"
@@ cache=redis docker=false nginx=true
    site=$(sed "s|^ *proxy_pass |        $retry\\n&|" "$nginx_folder/site.conf")
    printf '%s\n' "$site" >"$nginx_folder/site.conf"
    route "${old[@]/%/ weight=$(((100 - canary_percent) * ${#fresh[@]}))}" \
        "${fresh[@]/%/ weight=$((canary_percent * ${#old[@]}))}"
    { timeout "$canary_seconds" tail -n 0 -F "$nginx_log" || true; } |
        bash scripts/canary.sh "${fresh[@]/#/127.0.0.1:}"
@@ docker=true nginx=false
    put_back
    docker compose up --detach --no-build --no-deps --wait --wait-timeout "$gate_seconds" api
@@ nginx=false
    exit 1
@@ nginx=false, or cache=redis
fi
@@ docker=true nginx=true, or cache=redis nginx=true

@@ docker=true nginx=true
route "${names[@]/%/:8080}"
edge_answers
@@ docker=false nginx=true
cp "$release"/nginx/*.conf "$nginx_folder"
route "${fresh[@]}"
for port in "${fresh[@]}"; do sudo systemctl enable "$unit@$port"; done
@@ nginx=true
trap - EXIT
@@ docker=true
remember
@@ nginx=true

# The old instances complete the requests that they have accepted.
@@ docker=true nginx=true
docker stop --time 45 "${old[@]}" >/dev/null
docker rm "${old[@]}" >/dev/null
settle "${fresh[@]}"
@@ docker=false nginx=true
stop "${old[@]}"
@@ docker=false nginx=false
sudo systemctl enable "$unit@$port"
@@ docker=false

say "$version is live"
