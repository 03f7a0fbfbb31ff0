"""What a page does behind its reader's back: requests to others, and what the browser refuses by our CSP."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Request

# From Debian; the rest of the flags keeps Chromium from calling home.
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]


@dataclass
class Watch:
    """Notes what the pages of a context do that a page of ours must not do."""

    origin: str
    foreign: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> "Watch":
        """Start noting what happens in `context`."""
        context.on("request", self.note_request)
        context.on("console", self.note_console)
        return self

    def note_request(self, request: Request) -> None:
        """Note a request that is not for our own origin."""
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:", "about:")):
            self.foreign.append(request.url)

    def note_console(self, message: ConsoleMessage) -> None:
        """Note what the browser says that it refused."""
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)
