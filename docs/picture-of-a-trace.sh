#!/usr/bin/env bash
# Makes docs/trace.png again: a PATCH of a generated project, as the Aspire dashboard shows it.
# It needs Chromium, Node 20 and pngquant, the Aspire dashboard at $DASHBOARD, and a project that exports to it.
#
#   DASHBOARD=http://localhost:18888 TRACE=0af7651916cd43dd8448eb211c80319c docs/picture-of-a-trace.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

work=$(mktemp -d)
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,430 --remote-debugging-port=9222 \
  --user-data-dir="$work/browser" about:blank 2>"$work/log" &
browser=$!
trap 'kill "$browser" 2>/dev/null || true; wait "$browser" 2>/dev/null || true; rm -rf "$work"' EXIT

# The page is drawn over a WebSocket of its own, so it takes a browser that stays.
node --experimental-websocket --input-type=module - "$DASHBOARD/traces/detail/$TRACE" "$work/page.png" <<'END'
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [url, file] = process.argv.slice(2);
let pages;
while (!pages) {
  await sleep(200);
  pages = await fetch('http://127.0.0.1:9222/json').then(response => response.json()).catch(() => undefined);
}
const socket = new WebSocket(pages.find(page => page.type === 'page').webSocketDebuggerUrl);
await new Promise(resolve => (socket.onopen = resolve));
const call = (method, params) => new Promise(resolve => {
  const id = Math.floor(Math.random() * 1e9);
  socket.addEventListener('message', ({ data }) => JSON.parse(data).id === id && resolve(JSON.parse(data).result));
  socket.send(JSON.stringify({ id, method, params }));
});
await call('Page.navigate', { url });
await sleep(8000);
await call('Runtime.evaluate', { expression: `document.querySelectorAll('[class*="message" i]').forEach(element => element.remove())` });
await sleep(500);
writeFileSync(file, Buffer.from((await call('Page.captureScreenshot', { format: 'png' })).data, 'base64'));
process.exit();
END
pngquant --force --speed 1 --strip --output trace.png 64 "$work/page.png"
ls -l trace.png
