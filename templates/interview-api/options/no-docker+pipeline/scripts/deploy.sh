#!/usr/bin/env bash
# usage: deploy.sh VERSION
# Deploys releases/VERSION.tar.gz. If anything fails, the old release stays live.
# Runs on the host, in its folder /srv/interview-api. To go back, give the version of an earlier release.
# In the environment, DEPLOY_PORTS names other ports, and DEPLOY_GATE_SECONDS how long an instance may take to become healthy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=${1:?usage: deploy.sh VERSION}
gate_seconds=${DEPLOY_GATE_SECONDS:-60}
unit=interview-api

say() { echo "deploy: $*" >&2; }
#if (UseNginx && UseRedis)

refuse() { say "$*: nothing was changed"; exit 1; }

instances=${DEPLOY_INSTANCES:-2}
nginx_folder=${NGINX_FOLDER:-/etc/nginx}

# The percentage of requests that try a new release, and for how long. 0: all requests at once.
canary_percent=${DEPLOY_CANARY_PERCENT:-0}
canary_seconds=${DEPLOY_CANARY_SECONDS:-300}
nginx_log=$(sed -n 's/^ *access_log \([^ ;]*\).*/\1/p' "$nginx_folder/nginx.conf")
[[ $canary_percent =~ ^([0-9]|[1-4][0-9]|50)$ ]] || refuse "DEPLOY_CANARY_PERCENT has to be 1 to 50, or 0, not $canary_percent"
[[ $canary_seconds =~ ^([1-9][0-9]|[1-5][0-9]{2}|600)$ ]] || refuse "DEPLOY_CANARY_SECONDS has to be 10 to 600, not $canary_seconds"
[[ $canary_percent == 0 || -r $nginx_log ]] || refuse "$nginx_log cannot be read"
#elseif (UseNginx)

# Instances do not share what they hold in memory, so only one answers.
instances=1
nginx_folder=${NGINX_FOLDER:-/etc/nginx}
#endif

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
#if (UseNginx)

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
#endif

release=$PWD/releases/$version
if [[ ! -d $release ]]; then
    rm -rf "$release.new"
    mkdir -p "$release.new" instances
    tar --extract --gzip --file "$release.tar.gz" --directory "$release.new"
    mv "$release.new" "$release"
fi
#if (UseMigrations)

# Migrations stay compatible with the release that is still live: see docs/deployment.md.
if ! sudo systemctl start "$unit-migrate@$version"; then
    say "the migrations failed: nothing was switched"
    exit 1
fi
#endif
#if (UseNginx)

# Makes these the servers of nginx. Requests in flight complete where they began.
route() { # PORTS
    local site
    site=$(printf '    server 127.0.0.1:%s max_fails=0;\n' "$@" |
        sed -e '/^ *server [^{]*;$/d' -e '/^upstream api {/r /dev/stdin' "$nginx_folder/site.conf")
    printf '%s\n' "$site" >"$nginx_folder/site.conf"
    sudo nginx -t -q
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
    cp nginx.before/*.conf "$nginx_folder"
    ((${#old[@]} == 0)) || route "${old[@]}"
    stop "${started[@]}"
    say "rolled back"
}

# The files of nginx come with a release, except for the certificate. The current ones are kept for a rollback.
mkdir -p nginx.before
cp "$nginx_folder"/{nginx,problems,site}.conf nginx.before

# The new instances start beside the old ones, and get requests when all of them are healthy.
started=()
trap roll_back EXIT
for port in "${fresh[@]}"; do
    started+=("$port")
    start "$port" "$release"
done
for port in "${fresh[@]}"; do healthy "$port"; done
#endif
#if (UseNginx && UseRedis)

# If the new release fails to answer a request that may be repeated, nginx sends it to the old one.
if ((canary_percent > 0 && ${#old[@]} > 0)); then
    say "$canary_percent % of the requests go to $version for $canary_seconds s"
    retry="proxy_next_upstream error timeout http_500 http_502 http_503 http_504; proxy_next_upstream_tries $((${#fresh[@]} + 1));"
    site=$(sed "s|^ *proxy_pass |        $retry\\n&|" "$nginx_folder/site.conf")
    printf '%s\n' "$site" >"$nginx_folder/site.conf"
    route "${old[@]/%/ weight=$(((100 - canary_percent) * ${#fresh[@]}))}" \
        "${fresh[@]/%/ weight=$((canary_percent * ${#old[@]}))}"
    { timeout "$canary_seconds" tail -n 0 -F "$nginx_log" || true; } |
        bash scripts/canary.sh "${fresh[@]/#/127.0.0.1:}"
fi
#endif
#if (UseNginx)

cp "$release"/nginx/*.conf "$nginx_folder"
route "${fresh[@]}"
for port in "${fresh[@]}"; do sudo systemctl enable "$unit@$port"; done
trap - EXIT

# The old instances complete the requests that they have accepted.
stop "${old[@]}"
#else

read -r port rehearsal <<<"${DEPLOY_PORTS:-8080 8081}"

# A trial run beside the live release: only a healthy release replaces it, within a few seconds.
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
#endif

say "$version is live"
