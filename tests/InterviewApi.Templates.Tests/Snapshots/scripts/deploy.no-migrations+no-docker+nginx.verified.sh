#!/usr/bin/env bash
# usage: deploy.sh VERSION
# Puts releases/VERSION.tar.gz live. Whatever fails, the release before goes on answering.
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

# Puts an instance back to the release that it had, or stops it if it had none.
restore() { # PORT RELEASE
    if [[ -n $2 ]]; then
        start "$1" "$2"
        healthy "$1" || true
    else
        sudo systemctl stop "$unit@$1"
        rm "instances/$1"
    fi
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

read -ra ports <<<"${DEPLOY_PORTS:-5001 5002}"
nginx_folder=${NGINX_FOLDER:-/etc/nginx}
declare -A before
replaced=()

# Points nginx to the instances on these ports. It finishes the requests that it has begun where they went.
route() {
    printf 'server 127.0.0.1:%s;\n' "$@" >"$nginx_folder/upstream.conf"
    sudo systemctl reload nginx

    # The reload returns before nginx has switched: an instance that is stopped at once would still get requests.
    sleep 2
}

route_around() { # PORT
    local port rest=()
    for port in "${ports[@]}"; do [[ $port == "$1" ]] || rest+=("$port"); done
    route "${rest[@]}"
}

# The last one first: it gets no requests now.
roll_back() {
    local i
    for ((i = ${#replaced[@]} - 1; i >= 0; i--)); do
        route_around "${replaced[i]}"
        restore "${replaced[i]}" "${before[${replaced[i]}]}"
    done
    route "${ports[@]}"
    say "rolled back"
}

# One instance after the other: while it is replaced, the rest answer.
trap roll_back EXIT
for port in "${ports[@]}"; do
    before[$port]=$(readlink "instances/$port" || true)
    replaced+=("$port")
    route_around "$port"
    start "$port" "$release"
    healthy "$port"
    route "${ports[@]}"
done
trap - EXIT

say "$version is live"
