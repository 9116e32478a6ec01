#!/usr/bin/env bash
# usage: deploy.sh VERSION
# Puts releases/VERSION.tar.gz live. Whatever fails, the release before goes on answering.
# Runs on the host, in its folder /srv/acme-shop. To go back, give the version of an earlier release.
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

ports=(5001 5002)
nginx_folder=${NGINX_FOLDER:-/etc/nginx}
declare -A before

# Points nginx to the instances on these ports. It finishes the requests that it has begun where they went.
route() {
    printf 'server 127.0.0.1:%s;\n' "$@" >"$nginx_folder/upstream.conf"
    sudo systemctl reload nginx
}

roll_back() {
    local port
    for port in "${!before[@]}"; do
        [[ -z ${before[$port]} ]] || { start "$port" "${before[$port]}" && healthy "$port"; }
    done
    route "${ports[@]}"
    say "rolled back"
}

# One instance after the other: while it is replaced, the rest answer.
trap roll_back EXIT
for port in "${ports[@]}"; do
    before[$port]=$(readlink "instances/$port" || true)
    rest=()
    for other in "${ports[@]}"; do [[ $other == "$port" ]] || rest+=("$other"); done
    route "${rest[@]}"
    start "$port" "$release"
    healthy "$port"
    route "${ports[@]}"
done
trap - EXIT

say "$version is live"
