"""Providers of mail on loopback: what we use of Postmark's, Resend's and Mailgun's API, as they document it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pytest_django import Settings

from config.mail import anymail_settings

KEY = "key-0123456789"
SECRET = base64.b64encode(b"what their news is signed with").decode()


@dataclass
class Fault:
    """What happens instead of a good answer: a status with a body, or silence, else a broken connection.

    `taken`: after the work was done.
    """

    status: int = 0
    body: Any = None
    taken: bool = False
    silent: float = 0


@dataclass
class Mail:
    """A mail that a provider took: what the recipient will see, and the name of our attempt."""

    number: str
    sender: str
    to: str
    reply_to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    mark: str
    asked: dict[str, Any]


@dataclass
class ProviderServer(ABC):
    """A provider: what it took, and what goes wrong next."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    requests: int = 0
    name = ""
    base = ""

    @property
    def url(self) -> str:
        """Return what EMAIL_URL is for a site that uses it."""
        return f"{self.name}+http://{KEY}@127.0.0.1:{self.port}"

    def use(self, settings: Settings) -> None:
        """Let the site of the tests send through it."""
        settings.EMAIL_URL, settings.DELIVERY_MODE = self.url, "live"
        settings.EMAIL_WEBHOOK_SECRET = self.secret
        settings.ANYMAIL = anymail_settings(self.url, self.secret) | {"REQUESTS_TIMEOUT": (5, 5)}

    @property
    def secret(self) -> str:
        """Return EMAIL_WEBHOOK_SECRET."""
        return SECRET

    @abstractmethod
    def is_known(self, headers: Any) -> bool:
        """Say whether a request bears the key."""

    @abstractmethod
    def take(self, path: str, asked: dict[str, Any], headers: Any) -> tuple[int, dict[str, Any]]:
        """Take a mail."""

    @abstractmethod
    def search(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Tell of mails."""

    @abstractmethod
    def news(self, what: str, mail: Mail, **more: Any) -> tuple[bytes, dict[str, str]]:
        """Return body and headers of a webhook about a mail."""


class PostmarkServer(ProviderServer):
    """postmarkapp.com/developer."""

    name = "postmark"

    @property
    def secret(self) -> str:
        return "postmark:a long password of ours"

    def is_known(self, headers: Any) -> bool:
        return bool(headers["X-Postmark-Server-Token"] == KEY)

    def take(self, path: str, asked: dict[str, Any], headers: Any) -> tuple[int, dict[str, Any]]:
        if path != "/email":
            return 404, {}
        if "gone" in asked["To"]:
            inactive = "Found inactive addresses: gone@ministry.test. Inactive recipients are ones that have bounced."
            return 422, {"ErrorCode": 406, "Message": f"You tried to send to a recipient that is inactive. {inactive}"}
        given = {header["Name"]: header["Value"] for header in asked["Headers"]}
        number = f"pm-{len(self.mails) + 1}"
        texts = (asked["TextBody"], asked.get("HtmlBody", ""))
        mark = asked["Metadata"]["delivery"]
        mail = Mail(
            number, asked["From"], asked["To"], asked.get("ReplyTo", ""), asked["Subject"], *texts, given, mark, asked
        )
        self.mails.append(mail)
        return 200, {"To": asked["To"], "MessageID": number, "ErrorCode": 0, "Message": "OK"}

    def search(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path != "/messages/outbound" or not {"count", "offset"} <= query.keys():
            return 422, {"ErrorCode": 0, "Message": "count and offset are required"}
        found = [{"MessageID": mail.number} for mail in self.mails if mail.mark == query["metadata_delivery"]]
        return 200, {"TotalCount": len(found), "Messages": found}

    def news(self, what: str, mail: Mail, **more: Any) -> tuple[bytes, dict[str, str]]:
        body = {"RecordType": what, "MessageID": mail.number, "Metadata": {"delivery": mail.mark}, **more}
        auth = base64.b64encode(more.pop("auth", self.secret).encode()).decode()
        return json.dumps(body).encode(), {"Authorization": f"Basic {auth}"}


@dataclass
class ResendServer(ProviderServer):
    """resend.com/docs. A key that was used is answered as the first time for a day."""

    keys: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    name = "resend"

    def is_known(self, headers: Any) -> bool:
        return bool(headers["Authorization"] == f"Bearer {KEY}")

    def take(self, path: str, asked: dict[str, Any], headers: Any) -> tuple[int, dict[str, Any]]:
        if path != "/emails":
            return 404, {"name": "not_found", "message": "The requested endpoint does not exist"}
        key = headers["Idempotency-Key"]
        if key in self.keys:
            before, answer = self.keys[key]
            if before != asked:
                return 409, {"name": "invalid_idempotent_request", "message": "Another payload"}
            return 200, answer
        number = f"re-{len(self.mails) + 1}"
        mark = json.loads(asked["headers"]["X-Metadata"])["delivery"]
        texts = (asked["text"], asked.get("html", ""))
        reply = "".join(asked.get("reply_to", []))
        mail = Mail(
            number, asked["from"], asked["to"][0], reply, asked["subject"], *texts, asked["headers"], mark, asked
        )
        self.mails.append(mail)
        self.keys[key] = asked, {"id": number}
        return 200, {"id": number}

    def search(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        return 404, {"name": "not_found"}

    def news(self, what: str, mail: Mail, **more: Any) -> tuple[bytes, dict[str, str]]:
        headers = [{"name": "X-Metadata", "value": json.dumps({"delivery": mail.mark})}]
        data = {"email_id": mail.number, "to": [mail.to], "headers": headers, **more.get("data", {})}
        body = json.dumps({"type": what, "created_at": "2026-11-22T00:00:00.000Z", "data": data}).encode()
        stamp = str(int(more.get("at", time.time())))
        key = base64.b64decode(more.get("secret", SECRET))
        signed = hmac.new(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()
        signature = f"v1,{base64.b64encode(signed).decode()}"
        return body, {"svix-id": "msg_1", "svix-timestamp": stamp, "svix-signature": f"v1,old {signature}"}


class MailgunServer(ProviderServer):
    """documentation.mailgun.com."""

    name = "mailgun"

    def is_known(self, headers: Any) -> bool:
        return bool(headers["Authorization"] == "Basic " + base64.b64encode(f"api:{KEY}".encode()).decode())

    def take(self, path: str, asked: dict[str, Any], headers: Any) -> tuple[int, dict[str, Any]]:
        if path != "/v3/postbag.test/messages":
            return 404, {"message": "Domain not found: example.org"}
        given = {name[2:]: value for name, value in asked.items() if name.startswith("h:")}
        number = given["Message-Id"]
        texts = (asked["text"], asked.get("html", ""))
        mark, reply = asked["v:delivery"], given.get("Reply-To", "")
        mail = Mail(number, asked["from"], asked["to"], reply, asked["subject"], *texts, given, mark, asked)
        self.mails.append(mail)
        return 200, {"id": number, "message": "Queued. Thank you."}

    def search(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path != "/v3/postbag.test/events" or not {"begin", "ascending"} <= query.keys():
            return 400, {"message": "a range is required"}
        found = [mail for mail in self.mails if mail.number.strip("<>") == query["message-id"]]
        return 200, {"items": [{"event": "accepted", "user-variables": {"delivery": mail.mark}} for mail in found]}

    def news(self, what: str, mail: Mail, **more: Any) -> tuple[bytes, dict[str, str]]:
        stamp, token = str(int(more.pop("at", time.time()))), "t" * 50
        key = more.pop("secret", SECRET).encode()
        signature = hmac.new(key, f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
        about = {"event": what, "timestamp": 1529006854.32, "user-variables": {"delivery": mail.mark}, **more}
        about["message"] = {"headers": {"message-id": mail.number.strip("<>")}}
        signed = {"timestamp": stamp, "token": token, "signature": signature}
        return json.dumps({"signature": signed, "event-data": about}).encode(), {}


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    service: ProviderServer

    def do_POST(self) -> None:
        """Take a mail, or fail as planned."""
        self.service.requests += 1
        octets = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.service.is_known(self.headers):
            self.reply(401, {"ErrorCode": 10, "message": "Invalid key"})
            return
        fault = self.service.faults.pop(0) if self.service.faults else None
        answer = (
            (0, {}) if fault and not fault.taken else self.service.take(self.path, self.asked(octets), self.headers)
        )
        time.sleep(fault.silent if fault else 0)
        if fault and fault.status:
            self.reply(fault.status, fault.body if fault.body is not None else {"message": "Refused"})
        elif fault:
            self.close_connection = True
        else:
            self.reply(*answer)

    def do_GET(self) -> None:
        """Tell of mails."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        known = self.service.is_known(self.headers)
        self.reply(*(self.service.search(parts.path, query) if known else (401, {"message": "Invalid key"})))

    def asked(self, octets: bytes) -> dict[str, Any]:
        """Return a request's body, JSON or a form."""
        if "json" in self.headers["Content-Type"]:
            asked: dict[str, Any] = json.loads(octets)
            return asked
        return {name: values[0] for name, values in parse_qs(octets.decode(), keep_blank_values=True).items()}

    def reply(self, status: int, body: Any) -> None:
        """Answer with JSON, or with octets as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Stay silent."""


@contextmanager
def running(service: ProviderServer) -> Iterator[ProviderServer]:
    """Run a provider for the length of a block."""
    handler = type("OwnHandler", (Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        service.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield service
        server.shutdown()
