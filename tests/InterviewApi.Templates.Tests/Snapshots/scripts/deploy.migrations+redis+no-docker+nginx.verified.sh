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
instances=${DEPLOY_INSTANCES:-2}

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

nginx_folder=${NGINX_FOLDER:-/etc/nginx}

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
fi

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

# Makes these the servers of nginx. It finishes the requests that it has begun where they went.
route() { # PORTS
    local site
    site=$(printf '    server 127.0.0.1:%s max_fails=0;\n' "$@" |
        sed -e '/^ *server [^{]*;$/d' -e '/^upstream api {/r /dev/stdin' "$nginx_folder/site.conf")
    printf '%s\n' "$site" >"$nginx_folder/site.conf"
    sudo systemctl reload nginx

    # The reload returns before nginx has switched: an instance that is stopped at once would still get requests.
    sleep 2
}

stop() { # PORTS
    local port
    for port; do
        sudo systemctl disable "$unit@$port"
        sudo systemctl stop "$unit@$port"
        rm "instances/$port"
    done
}

roll_back() {
    ((${#old[@]} == 0)) || route "${old[@]}"
    stop "${started[@]}"
    say "rolled back"
}

# The new instances start beside the old ones, and get requests when all of them are healthy.
started=()
trap roll_back EXIT
for port in "${fresh[@]}"; do
    started+=("$port")
    start "$port" "$release"
done
for port in "${fresh[@]}"; do healthy "$port"; done
route "${fresh[@]}"
for port in "${fresh[@]}"; do sudo systemctl enable "$unit@$port"; done
trap - EXIT

# The old ones finish what they have accepted.
stop "${old[@]}"

say "$version is live"
