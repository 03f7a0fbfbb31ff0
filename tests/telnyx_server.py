"""A fax service on loopback that speaks the part of Telnyx's API that we use, as its documentation describes it."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY = "KEY0123456789"


@dataclass
class Fault:
    """What happens at a path: a status instead of an answer, or a broken connection before or after the work."""

    path: str
    status: int = 0
    after: bool = False


@dataclass
class Telnyx:
    """The service: what was uploaded and asked to be sent, how calls end at once, and the key that signs its news."""

    media: list[bytes] = field(default_factory=list)
    faxes: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ending: dict[str, object] = field(default_factory=dict)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    port: int = 0

    @property
    def url(self) -> str:
        """Return what FAX_URL is for a site that uses it."""
        public = b64encode(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
        given = f"connection=1232154810234&from=+12025550100&public_key={quote(public)}"
        return f"telnyx+http://{KEY}@127.0.0.1:{self.port}?{given}"

    def end(self, number: int, status: str, **more: object) -> dict[str, Any]:
        """End a fax's call and return the webhook's event about it."""
        self.faxes[number] |= {"status": status, **more}
        fax = self.faxes[number]
        payload = {"fax_id": fax["id"], **{name: value for name, value in fax.items() if name != "id"}}
        event = {"record_type": "event", "id": f"event-{number}-{status}", "event_type": f"fax.{status}"}
        return {"data": {**event, "occurred_at": "2026-11-21T12:00:00.000Z", "payload": payload}}

    def signed(self, body: bytes, timestamp: int) -> dict[str, str]:
        """Return the headers with which the service sends a webhook."""
        signature = b64encode(self.key.sign(f"{timestamp}|".encode() + body)).decode()
        return {"telnyx-timestamp": str(timestamp), "telnyx-signature-ed25519": signature}


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    service: Telnyx

    def do_POST(self) -> None:
        """Take an upload or a fax."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.fault()
        if fault and not fault.after:
            self.fail(fault)
            return
        answer = self.upload(body) if self.path == "/v2/media" else self.fax(json.loads(body))
        if fault:
            self.fail(fault)
        else:
            self.reply(*answer)

    def do_GET(self) -> None:
        """Tell of one fax or of the latest, the newest first."""
        if fault := self.fault():
            self.fail(fault)
            return
        parts = urlsplit(self.path)
        if parts.path == "/v2/faxes":
            given = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
            first = (given["page[number]"] - 1) * given["page[size]"]
            self.reply(200, {"data": self.service.faxes[::-1][first : first + given["page[size]"]]})
            return
        wanted = parts.path.rpartition("/")[2]
        found = next((fax for fax in self.service.faxes if fax["id"] == wanted), None)
        self.reply(*((200, {"data": found}) if found else (404, {"errors": [{"title": "Resource not found"}]})))

    def upload(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Keep a file."""
        self.service.media.append(body[body.index(b"%PDF") : body.rindex(b"%%EOF")])
        return 201, {"data": {"media_name": f"media-{len(self.service.media)}"}}

    def fax(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Take a fax, where nothing that is required misses."""
        if not {"connection_id", "from", "to", "media_name"} <= asked.keys():
            return 422, {"errors": [{"title": "Missing required parameter"}]}
        fax = {"id": f"fax-{len(self.service.faxes) + 1}", "record_type": "fax", "status": "queued", **asked}
        self.service.faxes.append(fax | self.service.ending)
        return 202, {"data": fax}

    def fault(self) -> Fault | None:
        """Return and forget the fault that was planned for this path; a wrong key is always refused."""
        if self.headers["Authorization"] != f"Bearer {KEY}":
            return Fault(self.path, 401)
        planned = [fault for fault in self.service.faults if self.path.startswith(fault.path)]
        for fault in planned[:1]:
            self.service.faults.remove(fault)
        return next(iter(planned), None)

    def fail(self, fault: Fault) -> None:
        """Refuse, or break the connection."""
        self.close_connection = True
        if fault.status:
            self.reply(fault.status, {"errors": [{"title": "Refused"}]})

    def reply(self, status: int, body: dict[str, Any]) -> None:
        """Answer with JSON."""
        content = json.dumps(body).encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Stay silent."""


@contextmanager
def telnyx_server() -> Iterator[Telnyx]:
    """Run the service for the length of a block."""
    service = Telnyx()
    handler = type("OwnHandler", (Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        service.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield service
        server.shutdown()
