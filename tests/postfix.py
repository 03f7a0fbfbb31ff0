"""A real Postfix for tests: Debian's, unpacked beside the system's own mail server, with which it would conflict.

It takes mail on a loopback port, keeps all of it in its queue or throws it away at once, and sends nothing anywhere.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import servers

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "postbag" / "postfix"
# Any two that exist, are not root's and not each other's: everything of theirs is in a private folder.
OWNER, GROUP = "uucp", "games"
MAIN = """compatibility_level = 3.6
command_directory = {programs}/usr/sbin
daemon_directory = {programs}/usr/lib/postfix/sbin
shlib_directory = {programs}/usr/lib/postfix
meta_directory = {programs}/etc/postfix
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
import_environment = MAIL_CONFIG LANG=C LD_LIBRARY_PATH={programs}/usr/lib/postfix
export_environment = MAIL_CONFIG LANG LD_LIBRARY_PATH
mail_owner = {owner}
setgid_group = {group}
default_privs = nobody
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
default_transport = discard
defer_transports = {deferred}
"""
MASTER = """127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """A running relay."""

    programs: Path
    folder: Path
    port: int

    @property
    def log(self) -> Path:
        """Return where it says what it does."""
        return self.folder / "mail.log"

    @property
    def queue(self) -> str:
        """Return the command that prints its queue."""
        libraries = f"LD_LIBRARY_PATH={self.programs}/usr/lib/postfix"
        return f"env {libraries} {self.programs}/usr/sbin/postqueue -c {self.folder}/etc -j"

    def keep(self, *, keeps: bool) -> None:
        """Keep what comes from now on in the queue, or throw it away and log that as sent."""
        main = self.folder / "etc" / "main.cf"
        lines = main.read_text().splitlines(keepends=True)[:-1]
        main.write_text("".join([*lines, f"defer_transports = {'discard' if keeps else ''}\n"]))
        command = [str(self.programs / "usr/sbin/postfix"), "-c", str(self.folder / "etc"), "reload"]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    @property
    def environment(self) -> dict[str, str]:
        """Return what its programs need to find their libraries."""
        return {**os.environ, "LD_LIBRARY_PATH": f"{self.programs}/usr/lib/postfix"}


def programs() -> Path | None:
    """Return the root below which Postfix lies; None where it can't be had or run: it needs root, and Debian once."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    if not CACHE.exists():
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE.parent) as folder:
            got = subprocess.run(["apt-get", "download", "postfix"], cwd=folder, check=False, capture_output=True)
            packages = list(Path(folder).glob("postfix_*.deb"))
            if got.returncode or not packages:
                return None
            subprocess.run(["dpkg", "-x", str(packages[0]), f"{folder}/root"], check=True)
            Path(folder, "root").rename(CACHE)
    return CACHE


@contextmanager
def running(below: Path) -> Iterator[Postfix]:
    """Run a relay whose programs lie `below`, for the length of a block."""
    with servers.private_folder(servers.FOLDERS / f"postbag-postfix-{secrets.token_hex(8)}") as folder:
        folder.chmod(0o755)  # its daemons are not root and have their sockets inside
        relay = Postfix(below, folder, servers.free_port())
        for name in ("etc", "spool", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", OWNER)
        words = {"programs": below, "folder": folder, "owner": OWNER, "group": GROUP, "deferred": ""}
        (folder / "etc" / "main.cf").write_text(MAIN.format(**words))
        (folder / "etc" / "master.cf").write_text(MASTER.format(port=relay.port))
        postfix = [str(below / "usr/sbin/postfix"), "-c", str(folder / "etc"), "check"]
        subprocess.run(postfix, env=relay.environment, check=True, capture_output=True)  # makes the queue's folders
        # Not `postfix start-fg`: its script would die alone and leave the daemon behind.
        command = ["setpriv", "--pdeathsig", "KILL", "env", f"LD_LIBRARY_PATH={below}/usr/lib/postfix"]
        command += [f"MAIL_CONFIG={folder}/etc", f"{below}/usr/lib/postfix/sbin/master", "-s"]
        with servers.running(command, folder, lambda: servers.port_answers(relay.port), signal.SIGTERM):
            yield relay
