#!/usr/bin/env bash
# usage: deploy.sh RELEASE
# Deploys releases/RELEASE beside the live release, then switches to it. If anything fails, the old release stays live.
# Runs on the host, beside .env. To go back, give an earlier release: its image and its files go live together.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

release=releases/${1:?usage: deploy.sh RELEASE}
gate_seconds=${DEPLOY_GATE_SECONDS:-90}

say() { echo "deploy: $*" >&2; }
refuse() { say "$*: nothing was changed"; exit 1; }

instances() { docker compose ps --all --quiet api; }

# Compose for the new release: the environment takes precedence over .env.
new() { API_TAG=$tag docker compose "$@"; }

# A setting of the API, as Compose resolves it from compose.yaml and .env. Only Compose reads .env.
setting() { awk -v key="$1:" '/^(  )?[^ ]/ { in_api = $0 == "  api:" } in_api && /^    [^ ]/ && $1 == key { print $2 }' <<<"$configuration"; }

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
    done
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
}

exec 9>.deploy.lock
flock --nonblock 9 || { say "another deployment is running"; exit 1; }

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
#if (HasSecrets)
((${#old[@]} > 0)) || bash scripts/make-secrets.sh

# Docker would create a folder in place of a missing file.
while read -r file; do
    [[ -f $file ]] || refuse "there is no $file: scripts/make-secrets.sh creates it"
done < <(sed -n 's/^    file: //p' <<<"$configuration")
#endif
if ((${#old[@]} == 0)); then
    new up --detach --no-build --wait --wait-timeout "$gate_seconds"
    remember
    exit
fi
#if (UseNginx && UseRedis)

nginx() { docker compose exec -T nginx nginx -c /etc/nginx/site/nginx.conf -g 'pid /tmp/nginx.pid;' "$@"; }
nginx -t -q || refuse "nginx does not accept its configuration"

# The percentage of requests that try a new release, and for how long. 0: all requests at once.
canary_percent=${DEPLOY_CANARY_PERCENT:-0}
canary_seconds=${DEPLOY_CANARY_SECONDS:-300}
[[ $canary_percent =~ ^([0-9]|[1-4][0-9]|50)$ ]] || refuse "DEPLOY_CANARY_PERCENT has to be 1 to 50, or 0, not $canary_percent"
[[ $canary_seconds =~ ^([1-9][0-9]|[1-5][0-9]{2}|600)$ ]] || refuse "DEPLOY_CANARY_SECONDS has to be 10 to 600, not $canary_seconds"
#elseif (UseNginx)

nginx() { docker compose exec -T nginx nginx -c /etc/nginx/site/nginx.conf -g 'pid /tmp/nginx.pid;' "$@"; }
nginx -t -q || refuse "nginx does not accept its configuration"
#endif
#if (UseMigrations)

# Migrations stay compatible with the release that is still live: see docs/deployment.md.
if ! new run --rm --no-deps -T migrate; then
    say "the migrations failed: nothing was switched"
    exit 1
fi
#endif
#if (UseNginx)

names() { docker inspect --format '{{.Name}}' "$@" | tr -d /; }

# Makes these the servers of nginx. Requests in flight complete where they began.
route() { # SERVERS
    local site
    site=$(printf '    server %s max_fails=0;\n' "$@" | sed -e '/^ *server [^{]*;$/d' -e '/^upstream api {/r /dev/stdin' nginx/site.conf)
    printf '%s\n' "$site" >nginx/site.conf
    nginx -t -q && nginx -s reload
}

# From now on, nginx resolves the name of the service. Until it has done so once, these containers answer.
settle() { # CONTAINERS
    mapfile -t names < <(names "$@")
    route "${names[@]/%/:8080}" 'api:8080 resolve' && sleep 2 && route 'api:8080 resolve'
}

# Whether each of these answers to nginx.
reaches() { # NAMES
    local name
    for name; do
        docker compose exec -T nginx wget -q -O /dev/null "http://$name:8080/health/ready" || return
    done
}

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

roll_back() {
    put_back
    find_fresh
    mapfile -t names < <(names "${old[@]}")
    route "${names[@]/%/:8080}" && sleep 1
    ((${#fresh[@]} == 0)) || docker rm --force "${fresh[@]}" >/dev/null
    settle "${old[@]}"
    say "rolled back"
}

# The name of the service also stands for instances that are not healthy yet, so the old ones are named.
trap roll_back EXIT
mapfile -t names < <(names "${old[@]}")
route "${names[@]/%/:8080}"
new up --detach --no-build --no-deps --no-recreate --scale "api=$((${#old[@]} + replicas))" api
find_fresh
healthy "${fresh[@]}"

mapfile -t names < <(names "${fresh[@]}")
reaches "${names[@]}"
#endif
#if (UseNginx && UseRedis)

# If the new release fails to answer a request that may be repeated, nginx sends it to the old one.
if ((canary_percent > 0)); then
    say "$canary_percent % of the requests go to ${release#*/} for $canary_seconds s"
    mapfile -t old_names < <(names "${old[@]}")
    retry="proxy_next_upstream error timeout http_500 http_502 http_503 http_504; proxy_next_upstream_tries $((${#fresh[@]} + 1));"
    sed -i "s|^ *proxy_pass |        $retry\\n&|" nginx/site.conf
    route "${old_names[@]/%/:8080 weight=$(((100 - canary_percent) * ${#fresh[@]}))}" \
        "${names[@]/%/:8080 weight=$((canary_percent * ${#old[@]}))}"

    # The log has the addresses of instances, in the network that they share with nginx.
    addresses=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}:8080 {{end}}' "${fresh[@]}")
    { timeout "$canary_seconds" docker logs --follow --tail 0 "$(docker compose ps --quiet nginx)" 2>/dev/null || true; } |
        bash scripts/canary.sh "$addresses"
    put_files_of "$release"
fi
#endif
#if (UseNginx)

route "${names[@]/%/:8080}"
edge_answers
trap - EXIT
remember

# The old instances complete the requests that they have accepted.
docker stop --time 45 "${old[@]}" >/dev/null
docker rm "${old[@]}" >/dev/null
settle "${fresh[@]}"
#else

# A trial run beside the live release: only a healthy release replaces it, within a few seconds.
candidate=$(new run --detach --no-deps api)
trap 'docker rm --force "$candidate" >/dev/null; put_back' EXIT
healthy "$candidate"

if ! new up --detach --no-build --no-deps --wait --wait-timeout "$gate_seconds" api; then
    say "rolled back"
    put_back
    docker compose up --detach --no-build --no-deps --wait --wait-timeout "$gate_seconds" api
    exit 1
fi
remember
#endif
