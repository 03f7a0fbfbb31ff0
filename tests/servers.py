"""Private PostgreSQL, Redis, HylaFAX and Dovecot servers for the tests.

Each server has a keeper: a process of its own session that starts it in a new folder, tells when it is ready, and waits
on its standard input. When that closes, because the tests are over, interrupted or killed, the keeper stops its server
and removes the folder. Nothing that was on the machine before is touched: PostgreSQL listens on a socket in its folder
only, Redis on a loopback port with a password made for the run.

    python tests/servers.py postgres|redis|hylafax|dovecot ADDRESS
"""

import contextlib
import grp
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlsplit

READY = "ready"
START_SECONDS = 60
# Not $TMPDIR: the user postgres must be able to walk to the folder, and a socket's path may have 107 bytes only.
FOLDERS = Path("/tmp")


class Server:
    """A server that lives until `stop` or the end of this process."""

    def __init__(self, kind: str, address: str) -> None:
        """Start the `kind` of server at `address` and wait until it answers.

        Raises:
            RuntimeError: it did not start; the message has its last words.
        """
        self.address = address
        self.keeper = subprocess.Popen(
            [sys.executable, __file__, kind, address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.keeper.stdout
        answer = self.keeper.stdout.read() if self.keeper.stdout.readline().strip() != READY else ""
        if self.keeper.poll() is not None:
            raise RuntimeError(f"The {kind} server did not start. {answer}")

    def stop(self) -> None:
        """Stop the server and wait until its folder is gone."""
        self.keeper.communicate()


def new_postgres_address() -> str:
    """Return the address of a database on a PostgreSQL server that is not started yet."""
    return f"postgres://postgres@/postgres?host={FOLDERS}/postbag-postgres-{secrets.token_hex(8)}"


def new_redis_address() -> str:
    """Return the address of a Redis server that is not started yet."""
    return f"redis://:{secrets.token_hex(16)}@127.0.0.1:{free_port()}/0"


def free_port() -> int:
    """Return a TCP port on loopback that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgres_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs, or None when there is none."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return Path(found).parent if found else debian[-1].parent if debian else None


def as_postgres() -> list[str]:
    """Return the words that make a command of root's run as postgres, since PostgreSQL refuses root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []


@contextlib.contextmanager
def private_folder(path: Path, owner: str | None = None) -> Iterator[Path]:
    """Make the folder `path` for its owner alone and remove it in the end."""
    path.mkdir(mode=0o700)
    try:
        if owner is not None:
            shutil.chown(path, owner)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def postgres(address: str) -> Iterator[None]:
    """Run PostgreSQL in the folder that `address` names as its host, for as long as the context lasts.

    It comes back when it is killed, as under a service manager.
    """
    programs = postgres_programs()
    if not programs:
        raise RuntimeError("PostgreSQL is not installed.")
    folder = Path(parse_qs(urlsplit(address).query)["host"][0])
    with private_folder(folder, "postgres" if as_postgres() else None):
        data = str(folder / "data")
        # A crash of the machine may cost these data, so nothing is synced.
        initdb = ["--no-sync", "--auth=trust", "--username=postgres", "--locale=C.UTF-8", "--encoding=UTF8"]
        command = [*as_postgres(), str(programs / "initdb"), "-D", data, *initdb]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": folder,
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": 200,
            "shared_buffers": "64MB",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = [*as_postgres(), str(programs / "postgres"), "-D", data, *options]
        with respawning(command, folder, lambda: socket_answers(folder / ".s.PGSQL.5432")):
            yield


def crash_postgres(address: str) -> None:
    """Shut the server at `address` down at once, as a crash would, and wait until it has come back by itself.

    Connections break, and what was not committed is gone (https://www.postgresql.org/docs/current/server-shutdown.html).
    """
    folder = Path(parse_qs(urlsplit(address).query)["host"][0])
    before = postmaster(folder)
    os.kill(before, signal.SIGQUIT)
    wait_for(lambda: postmaster(folder) not in {0, before} and socket_answers(folder / ".s.PGSQL.5432"))


def postmaster(folder: Path) -> int:
    """Return the first process of the server in `folder`, 0 while there is none."""
    lines = read(folder / "data" / "postmaster.pid").splitlines()
    return int(lines[0]) if lines else 0


@contextlib.contextmanager
def redis(address: str) -> Iterator[None]:
    """Run Redis at `address` without a disk, for as long as the context lasts."""
    parts = urlsplit(address)
    with private_folder(FOLDERS / f"postbag-redis-{secrets.token_hex(8)}") as folder:
        config = folder / "redis.conf"
        # A file and not arguments, which any user of the machine can read.
        config.write_text(f'bind 127.0.0.1\nport {parts.port}\nrequirepass {parts.password}\nsave ""\ndir {folder}\n')
        command = ["redis-server", str(config)]
        with running(command, folder, lambda: port_answers(parts.port or 0)):
            yield


@contextlib.contextmanager
def hylafax(address: str) -> Iterator[None]:
    """Run a fax server at `address`, `hylafax://127.0.0.1:PORT/FOLDER`, with a spool of its own in that folder.

    With `?modems` two modems, ttyFOLDERa and ttyFOLDERb, can call each other. Scheduler and hfaxd come back when they
    are killed, as under a service manager.
    """
    parts = urlsplit(address)
    with private_folder(fax_folder(address), "uucp") as folder, contextlib.ExitStack() as on:
        spool = folder / "spool"
        subprocess.run(["cp", "-a", "/var/spool/hylafax", spool], check=True)
        subprocess.run(["cp", "-a", "/etc/hylafax/.", spool / "etc"], check=True)
        modems = on.enter_context(two_modems(folder)) if parts.query == "modems" else []
        on.enter_context(respawning(["faxq", "-q", str(spool), "-D"], folder, (spool / "FIFO").exists))
        command = ["hfaxd", "-d", "-q", str(spool), "-l", "127.0.0.1", "-i", str(parts.port)]
        on.enter_context(respawning(command, folder, lambda: port_answers(parts.port or 0)))
        # Getting a modem ready takes ten seconds, so both do at once.
        for modem in modems:
            on.enter_context(running(["faxgetty", "-q", str(spool), modem], folder, lambda: True))
        wait_for(lambda: all(says(spool / "status" / modem, "idle") for modem in modems))
        on.callback(kill_users_of, spool)
        yield


def new_fax_address(query: str = "") -> str:
    """Return the address of a fax server that is not started yet."""
    return f"hylafax://127.0.0.1:{free_port()}/{secrets.token_hex(4)}{query}"


def fax_folder(address: str) -> Path:
    """Return the folder of the fax server at `address`."""
    return FOLDERS / f"postbag-fax-{urlsplit(address).path.strip('/')}"


def fax_modems(folder: Path) -> list[str]:
    """Return the names of the two modems' devices."""
    return [f"tty{folder.name.rpartition('-')[2]}{side}" for side in "ab"]


def users_of(spool: Path, program: str = "") -> list[int]:
    """Return the processes that were started with this spool, of one program or of all."""
    words = [f"\0{spool}\0".encode(), program.encode()]
    found = [path.parent for path in Path("/proc").glob("[0-9]*/cmdline") if all(map(read(path).__contains__, words))]
    return [int(path.name) for path in found]


def read(path: Path) -> bytes:
    """Return what is in a file that may be gone."""
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return b""


def kill_users_of(spool: Path, program: str = "") -> None:
    """Kill them at once."""
    for process in users_of(spool, program):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


@contextlib.contextmanager
def dovecot(address: str) -> Iterator[None]:
    """Run an IMAP server at `address`, `imap://:PASSWORD@127.0.0.1:PORT?tls=PORT&certificate=FILE`.

    As root it runs as the user mail, since mail is never kept as root.
    """
    parts, options = urlsplit(address), parse_qs(urlsplit(address).query)
    user, group = ("mail", "mail") if os.geteuid() == 0 else (own_name(), grp.getgrgid(os.getegid()).gr_name)
    with private_folder(FOLDERS / f"postbag-dovecot-{secrets.token_hex(8)}", user) as folder:
        words = {"folder": folder, "user": user, "group": group, "password": parts.password}
        config = Template((Path(__file__).parent / "dovecot.conf").read_text())
        (folder / "dovecot.conf").write_text(config.substitute(words, port=parts.port, tls_port=options["tls"][0]))
        shutil.copy(options["certificate"][0], folder / "server.pem")
        for file in folder.iterdir():
            shutil.chown(file, user)
        as_user = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"] if os.geteuid() == 0 else []
        command = [*as_user, "/usr/sbin/dovecot", "-F", "-c", str(folder / "dovecot.conf")]
        with running(command, folder, lambda: port_answers(parts.port or 0)):
            yield


def own_name() -> str:
    """Return the name of the user who runs the tests."""
    return pwd.getpwuid(os.geteuid()).pw_name


@contextlib.contextmanager
def two_modems(folder: Path) -> Iterator[list[str]]:
    """Run two software modems, each the other's telephone exchange, and return their devices' names."""
    names = fax_modems(folder)
    example = Path("/usr/share/doc/iaxmodem/examples/config.ttyIAX").read_text()
    with contextlib.ExitStack() as on:
        inside = on.enter_context(network(folder))
        ports = [free_udp_port(), free_udp_port()]
        for name, own, other in zip(names, ports, reversed(ports), strict=True):
            device = Path("/dev") / name
            config = Path("/etc/iaxmodem") / name  # the only place where iaxmodem looks
            on.callback(device.unlink, missing_ok=True)
            on.callback(config.unlink, missing_ok=True)
            config.write_text(MODEM.format(device=device, port=own, peer=other))
            (folder / "spool" / "etc" / f"config.{name}").write_text(example + FAX_CONFIG)
            on.enter_context(running([*inside, *HASTY, "iaxmodem", name], folder, device.exists, signal.SIGKILL))
        yield names


@contextlib.contextmanager
def network(folder: Path) -> Iterator[list[str]]:
    """Make a network with nothing but loopback, and return the words that make a command run in it.

    iaxmodem listens on all addresses of its machine. A container that may not make a network has one of its own.
    """
    if subprocess.run(["unshare", "--net", "true"], check=False, stderr=subprocess.DEVNULL).returncode:
        yield []
        return
    ready = folder / "network"
    command = ["unshare", "--net", sys.executable, "-c", LOOPBACK, str(ready)]
    with running(command, folder, ready.exists, signal.SIGKILL) as process:
        yield ["nsenter", f"--net=/proc/{process.pid}/ns/net", "--"]


# Sets the flag "up" of the interface lo (SIOCSIFFLAGS, netdevice(7)), says so, and waits.
LOOPBACK = """
import fcntl, pathlib, signal, socket, struct, sys
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 1))
pathlib.Path(sys.argv[1]).touch()
signal.pause()
"""

MODEM = """device {device}
owner uucp:uucp
mode 660
port {port}
refresh 0
server 127.0.0.1:{peer}
peername test
secret test
cidname test
cidnumber 5550000
codec slinear
nodaemon
"""

# A file that a test may read.
FAX_CONFIG = """
RecvFileMode: 0644
"""
# A modem's tones are made in real time, however busy the other tests keep the machine.
HASTY = ("nice", "-n", "-10")


def free_udp_port() -> int:
    """Return a UDP port on loopback that nothing uses now."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def says(path: Path, word: str) -> bool:
    """Say whether the file is there and holds the word."""
    return path.exists() and word in path.read_text(errors="replace")


def fax_programs() -> bool:
    """Say whether a fax server can be run here: only root can give its spool to the user uucp."""
    return os.geteuid() == 0 and all(map(shutil.which, ("faxq", "hfaxd", "iaxmodem")))


@contextlib.contextmanager
def running(
    command: list[str], folder: Path, answers: Callable[[], bool], farewell: signal.Signals = signal.SIGINT
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command`, wait until it answers, and end it after the context: politely, then not."""
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace")[-2000:])
            time.sleep(0.02)
        yield process
    finally:
        process.send_signal(farewell)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds.

    Raises:
        RuntimeError: it took too long.
    """
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("It took too long.")
        time.sleep(0.1)


@contextlib.contextmanager
def respawning(command: list[str], folder: Path, answers: Callable[[], bool]) -> Iterator[None]:
    """Run `command` and start it again whenever something kills it."""
    ready, over = threading.Event(), threading.Event()

    def keep_up() -> None:
        while not over.is_set():
            with running(command, folder, answers) as process:
                ready.set()
                while process.poll() is None and not over.wait(0.1):
                    pass

    keeper = threading.Thread(target=keep_up, daemon=True)
    keeper.start()
    try:
        if not ready.wait(START_SECONDS):
            raise RuntimeError(f"{command[0]} did not start.")
        yield
    finally:
        over.set()
        keeper.join()


def socket_answers(path: Path) -> bool:
    """Say whether a PostgreSQL server accepts connections on the socket `path`."""
    return subprocess.run(["pg_isready", "-q", "-h", path.parent], check=False).returncode == 0


def port_answers(port: int) -> bool:
    """Say whether something listens on loopback at `port`."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


SERVERS = {"postgres": postgres, "redis": redis, "hylafax": hylafax, "dovecot": dovecot}


def keep(kind: str, address: str) -> None:
    """Run a server until standard input closes."""
    try:
        with SERVERS[kind](address):
            print(READY, flush=True)  # noqa: T201  # the answer to Server
            sys.stdin.read()
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(print(error))  # noqa: T201  # read by Server


if __name__ == "__main__":
    keep(*sys.argv[1:])
