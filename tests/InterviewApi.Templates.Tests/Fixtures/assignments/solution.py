# The junior assignment in another language, as small as possible, and not without mistakes. A reader takes points for three:
# creating answers 200 without Location, errors are no problem details, and what is LastState can be deleted.
import json
import re
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

OFFICE = timezone(timedelta(hours=-5))
STATES = ["FirstState", "SecondState", "LastState"]
keepers, gadgets, lock = {}, {}, threading.Lock()


class Refused(Exception):
    def __init__(self, status):
        self.status = status


def check(holds):
    if not holds:
        raise Refused(400)


def fields_of(body, states):
    check(isinstance(body, dict))
    fields = {name: body.get(name) for name in ("reference", "quantity", "note")}
    reference, quantity, note = fields.values()
    check(isinstance(reference, str) and re.fullmatch("%prefix%-[0-9]{%digits%}", reference))
    check(type(quantity) is int and 1 <= quantity <= %max quantity%)
    check(note is None or isinstance(note, str) and len(note) <= %max note%)
    if states:
        check(body.get("status") in states)
        fields["status"] = body["status"]
    return fields


def number_of(query, name, default, highest):
    text = query.get(name, [str(default)])[0]
    check(re.fullmatch("[0-9]{1,10}", text) and 1 <= int(text) <= highest)
    return int(text)


def list_gadgets(mine, query):
    status = query.get("status", [None])[0]
    check(status is None or status in STATES)
    page = number_of(query, "page", 1, 2**31 - 1)
    size = number_of(query, "pageSize", %default page size%, %max page size%)
    found = sorted((one for one in mine if status in (None, one["status"])), key=lambda one: one["reference"])
    return {"items": found[(page - 1) * size:page * size], "total": len(found)}


def answer(method, path, query, body):
    words = path.strip("/").split("/")
    if words[:3] != ["api", "v2", "keepers"]:
        raise Refused(404)
    if len(words) == 3 and method == "POST":
        name = body.get("name") if isinstance(body, dict) else None
        check(isinstance(name, str) and name.strip() and len(name) <= %max name%)
        keepers[len(keepers) + 1] = {"id": len(keepers) + 1, "name": name}
        return 200, keepers[len(keepers)]
    ids = [int(word) if word.isdigit() else 0 for word in words[3::2]]
    if not ids or ids[0] not in keepers:
        raise Refused(404)
    mine = [one for one in gadgets.values() if one and one["keeperId"] == ids[0]]
    if len(words) == 4 and method == "GET":
        return 200, keepers[ids[0]]
    if len(words) == 5 and method == "GET":
        return 200, list_gadgets(mine, query)
    gadget = next((one for one in mine if len(ids) == 2 and one["id"] == ids[1]), None)
    if len(words) == 6 and gadget is None:
        raise Refused(404)
    if len(words) == 6 and method == "GET":
        return 200, gadget
    if len(words) == 6 and method == "DELETE":
        gadgets[gadget["id"]] = None
        return 204, None
    if method not in ("POST", "PUT"):
        raise Refused(405)
    fields = fields_of(body, STATES if gadget else None)
    if gadget and gadget["status"] == "LastState":
        raise Refused(409)
    if any(one is not gadget and one["reference"] == fields["reference"] for one in mine):
        raise Refused(409)
    if not gadget:
        gadget = {"id": len(gadgets) + 1, "keeperId": ids[0], "status": "FirstState", "createdAt": datetime.now(OFFICE).isoformat()}
        gadgets[gadget["id"]] = gadget
    gadget.update(fields)
    return 200, gadget


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        text, url = self.rfile.read(int(self.headers.get("Content-Length") or 0)), urlsplit(self.path)
        try:
            body = json.loads(text) if self.command in ("POST", "PUT") else None
            with lock:
                status, result = answer(self.command, url.path, parse_qs(url.query, keep_blank_values=True), body)
        except Refused as refused:
            status, result = refused.status, {"status": refused.status}
        except ValueError:
            status, result = 400, {"status": 400}
        content = b"" if result is None else json.dumps(result).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
