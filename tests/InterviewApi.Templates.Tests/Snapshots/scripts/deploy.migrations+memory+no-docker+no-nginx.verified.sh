#!/usr/bin/env bash
# usage: deploy.sh VERSION
# Puts releases/VERSION.tar.gz live. If anything fails, the release before keeps answering.
# Runs on the host, in its folder /srv/acme-shop. To go back, give the version of an earlier release.
# In the environment, DEPLOY_PORTS names other ports, and DEPLOY_GATE_SECONDS how long an instance may take to become healthy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=${1:?usage: deploy.sh VERSION}
gate_seconds=${DEPLOY_GATE_SECONDS:-60}
unit=acme-shop

say() { echo "deploy: $*" >&2; }

# Points an instance to a release and starts it.
start() { # PORT RELEASE
    ln -sfn "$2" "instances/$1"
    sudo systemctl restart "$unit@$1"
}

# Waits until an instance may receive requests.
healthy() { # PORT
    local deadline=$((SECONDS + gate_seconds))
    until curl --silent --fail --max-time 5 --output /dev/null "http://localhost:$1/health/ready"; do
        if ((SECONDS >= deadline)); then
            say "the instance on port $1 is not healthy"
            return 1
        fi
        sleep 1
    done
}

exec 9>.deploy.lock
flock --nonblock 9 || { say "another deployment is running"; exit 1; }

release=$PWD/releases/$version
if [[ ! -d $release ]]; then
    rm -rf "$release.new"
    mkdir -p "$release.new" instances
    tar --extract --gzip --file "$release.tar.gz" --directory "$release.new"
    mv "$release.new" "$release"
fi

# Migrations keep working with the release that still answers: see docs/deployment.md.
if ! sudo systemctl start "$unit-migrate@$version"; then
    say "the migrations failed: nothing was switched"
    exit 1
fi

read -r port rehearsal <<<"${DEPLOY_PORTS:-8080 8081}"

# A rehearsal beside the one that answers: only a healthy release takes its place, within a few seconds.
trap 'sudo systemctl stop "$unit@$rehearsal"' EXIT
start "$rehearsal" "$release"
healthy "$rehearsal"

before=$(readlink "instances/$port" || true)
start "$port" "$release"
if ! healthy "$port"; then
    if [[ -n $before ]]; then
        start "$port" "$before"
        healthy "$port" || true
    else
        sudo systemctl stop "$unit@$port"
        rm "instances/$port"
    fi
    say "rolled back"
    exit 1
fi
sudo systemctl enable "$unit@$port"

say "$version is live"
