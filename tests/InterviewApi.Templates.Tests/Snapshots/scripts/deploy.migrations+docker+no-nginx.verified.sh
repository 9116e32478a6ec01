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

# A rehearsal beside the one that answers: only a healthy release takes its place, within a few seconds.
candidate=$(new run --detach --no-deps api)
trap 'docker rm --force "$candidate" >/dev/null' EXIT
healthy "$candidate"

if ! new up --detach --no-build --no-deps --wait --wait-timeout "$gate_seconds" api; then
    say "rolled back"
    docker compose up --detach --no-build --no-deps --wait --wait-timeout "$gate_seconds" api
    exit 1
fi
remember
