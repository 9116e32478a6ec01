#!/usr/bin/env bash
# Makes docs/api-docs.png again: the documentation page of a generated project with all defaults.
# It needs Chromium and pngquant (on Debian: apt-get install chromium pngquant), and port 5080.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

url=http://localhost:5080
work=$(mktemp -d)
URL=$url ./try.sh >"$work/log" 2>&1 &
api=$!
trap 'kill "$api" 2>/dev/null || true; wait "$api" 2>/dev/null || true; rm -rf "$work"' EXIT

for _ in $(seq 600); do
  kill -0 "$api" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  curl --silent --fail --output /dev/null "$url/openapi/v2.json" && break
  sleep 0.5
done

chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,1020 --virtual-time-budget=20000 \
  --user-data-dir="$work/browser" --screenshot="$work/page.png" "$url/docs/index.html?urls.primaryName=v2" 2>/dev/null
pngquant --force --speed 1 --strip --output docs/api-docs.png 64 "$work/page.png"
ls -l docs/api-docs.png
