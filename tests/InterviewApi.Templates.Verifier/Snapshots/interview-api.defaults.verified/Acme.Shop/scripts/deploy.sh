#!/usr/bin/env bash
# usage: deploy.sh TAG
# Puts the image with this tag live, next to the one that answers. Whatever fails, the old one goes on answering.
# Runs on the host, beside compose.yaml and .env. To go back, give the tag of an earlier release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tag=${1:?usage: deploy.sh TAG}
gate_seconds=${DEPLOY_GATE_SECONDS:-90}

say() { echo "deploy: $*" >&2; }
# What .env says, or else this value.
setting() { # NAME VALUE
    local value
    value=$(sed -n "s/^$1=//p" .env | tail -n 1)
    echo "${value:-$2}"
}
instances() { docker compose ps --all --quiet api; }

# Compose for the new release: the environment goes before what .env says.
new() { API_TAG=$tag docker compose "$@"; }

# Waits until each of these containers is healthy. One that is not may still become so, unless it ends.
healthy() {
    local container state deadline=$((SECONDS + gate_seconds))
    for container; do
        until state=$(docker inspect --format '{{.State.Status}} {{.State.Health.Status}}' "$container") && [[ $state == 'running healthy' ]]; do
            if [[ $state != running* ]] || ((SECONDS >= deadline)); then
                say "the new release is $state"
                docker logs --tail 30 "$container" >&2
                return 1
            fi
            sleep 1
        done
    done
}

# A later "docker compose up" starts this release too.
remember() {
    (umask 077 && { grep -v '^API_TAG=' .env; echo "API_TAG=$tag"; } >.env.new)
    mv .env.new .env
    say "$tag is live"
}

exec 9>.deploy.lock
flock --nonblock 9 || { say "another deployment is running"; exit 1; }

image=$(setting API_IMAGE acme-shop):$tag
docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image"

mapfile -t old < <(instances)
if ((${#old[@]} == 0)); then
    new up --detach --no-build --wait --wait-timeout "$gate_seconds"
    remember
    exit
fi

# Migrations keep working with the release that still answers: see docs/deployment.md.
if ! new run --rm --no-deps -T migrate; then
    say "the migrations failed: nothing was switched"
    exit 1
fi

# Points nginx to these instances. It finishes the requests that it has begun where they went.
route() {
    local nginx=(docker compose exec -T nginx nginx -c /etc/nginx/site/nginx.conf -g 'pid /tmp/nginx.pid;')
    printf 'server %s:8080;\n' "$@" >nginx/upstream.conf
    "${nginx[@]}" -t -q && "${nginx[@]}" -s reload
}

names() { docker inspect --format '{{.Name}}' "$@" | tr -d /; }

# Whether nginx gets an answer of each of these instances.
reaches() {
    local name
    for name; do
        docker compose exec -T nginx wget -q -O /dev/null --header 'Host: localhost' "http://$name:8080/health/ready" || return
    done
}

# A probe may come while an instance is still busy with its first requests: one of five has to be answered.
edge_answers() {
    for _ in 1 2 3 4 5; do
        sleep 2
        docker compose exec -T nginx wget -q -O /dev/null --no-check-certificate --header 'Host: localhost' https://127.0.0.1/health/ready && return
    done
    return 1
}

# The instances that were not there before.
find_fresh() { mapfile -t fresh < <(comm -13 <(printf '%s\n' "${old[@]}" | sort) <(instances | sort)); }

roll_back() {
    find_fresh
    mapfile -t names < <(names "${old[@]}")
    route "${names[@]}" && sleep 1
    ((${#fresh[@]} == 0)) || docker rm --force "${fresh[@]}" >/dev/null
    route api
    say "rolled back"
}

trap roll_back EXIT
replicas=$(setting API_REPLICAS 1)
new up --detach --no-build --no-deps --no-recreate --scale "api=$((${#old[@]} + replicas))" api
find_fresh
if ((${#fresh[@]} == 0)); then
    say "no instance of the new release was started: API_REPLICAS in .env is $replicas"
    exit 1
fi
healthy "${fresh[@]}"

mapfile -t names < <(names "${fresh[@]}")
reaches "${names[@]}"
route "${names[@]}"
edge_answers
trap - EXIT
remember

# The old ones finish what they have accepted.
docker stop --time 35 "${old[@]}" >/dev/null
docker rm "${old[@]}" >/dev/null
route api
