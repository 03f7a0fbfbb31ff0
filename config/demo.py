"""`make demo`: a whole site on this machine that sends nothing.

Makes an SQLite database with the seed campaigns and an organiser's account in `var/demo` (or the folder given), starts
the web server and the Celery worker with its beat, and runs until Ctrl-C or until one of them ends.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType

import django
from cryptography.fernet import Fernet
from django.core.management import call_command, get_commands

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "var" / "demo"
ORGANISER = "organiser@postbag.test"
START_SECONDS = 60
STOP_SECONDS = 15


def main() -> None:
    """Set the demo up where that is still to be done, and run it."""
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else DEMO
    port = chosen_port()
    known = demo_secrets(folder)
    os.environ.update(demo_environment(folder, port, known))
    django.setup()
    prepare(folder, known["password"])
    sys.exit(run(port, known["password"]))


def chosen_port() -> int:
    """Return $PORT, or 8000; stop with one sentence when it can't be had."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004  # 16 bits
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    try:
        with socket.create_server(("127.0.0.1", int(text))):
            return int(text)
    except OSError as error:
        sys.exit(f"Port {text} can't be had ({error.strerror}); choose another one: make demo PORT=8001")


def demo_secrets(folder: Path) -> dict[str, str]:
    """Return this demo's keys and the organiser's password, made at the first run and kept for the owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "secrets.json"
    if not file.exists():
        made = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "COUNTING_KEY", "TOKEN_KEY")}
        made |= {"PERSONAL_DATA_KEYS": Fernet.generate_key().decode(), "password": secrets.token_urlsafe(9)}
        file.touch(mode=0o600)
        file.write_text(json.dumps(made))
    known: dict[str, str] = json.loads(file.read_text())
    return known


def demo_environment(folder: Path, port: int, known: Mapping[str, str]) -> dict[str, str]:
    """Return all settings that tell this site from a real one, so that none of the developer's own can slip in."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENV_FILE": os.devnull,
        "DEBUG": "off",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "localhost",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/postbag.sqlite3",
        "BROKER_URL": "filesystem://localhost",
        "CACHE_URL": "locmemcache://",
        "DELIVERY_MODE": "capture",
        "EMAIL_URL": "",
        "FAX_URL": "",
        # Celery warns root; a demonstration may be root's.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "DEFAULT_FROM_EMAIL": "Postbag demonstration <letters@postbag.test>",
        **{name: value for name, value in known.items() if name.isupper()},
    }


def prepare(folder: Path, password: str) -> None:
    """Bring the database, the organiser's account, the campaigns, the translations and the static files up to date."""
    call_command("migrate", verbosity=0)
    make_organiser(password)
    load_seeds()
    if shutil.which("msgfmt"):
        call_command("compilemessages", ignore_patterns=[".venv", "var"], verbosity=0)
    else:
        print("gettext is not installed: all pages are in English.")
    if not static_files_are_collected(folder):
        call_command("collectstatic", interactive=False, verbosity=0)


def make_organiser(password: str) -> None:
    """Make the organiser's account, unless it is there; whoever changed its password keeps the new one."""
    from django.contrib.auth.models import User  # noqa: PLC0415  # models can't be imported before django.setup()

    if not User.objects.filter(email=ORGANISER).exists():
        User.objects.create_superuser("organiser", ORGANISER, password)


def load_seeds() -> None:
    """Load the campaigns that come with Postbag into a database that has none."""
    from campaigns.models import Campaign  # noqa: PLC0415  # models can't be imported before django.setup()

    files = sorted(str(path) for path in (ROOT / "campaigns" / "files" / "seeds").glob("*.yaml"))
    if files and "load_campaign" in get_commands() and not Campaign.objects.exists():
        call_command("load_campaign", *files)


def static_files_are_collected(folder: Path) -> bool:
    """Say whether nothing was changed since static files were last collected."""
    manifest = folder / "static" / "staticfiles.json"
    sources = [*(ROOT / "static").rglob("*"), ROOT / "requirements" / "base.txt"]
    return manifest.exists() and all(path.stat().st_mtime < manifest.stat().st_mtime for path in sources)


def run(port: int, password: str) -> int:
    """Run web server and worker until one ends or somebody says stop; return the exit status."""
    web = [
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--blocking-threads",
        "4",
    ]
    worker = ["celery", "--quiet", "-A", "config", "worker", "-B", "-P", "threads", "-c", "2", "--loglevel", "INFO"]
    asked = Asked()
    processes = {
        "web": start("web", [*web, "config.wsgi:application"]),
        "worker": start("worker", worker),
    }
    try:
        if wait_for(port, processes["web"], asked):
            announce(port, password)
        while not asked and all(process.poll() is None for process in processes.values()):
            time.sleep(0.2)
        ended = [name for name, process in processes.items() if process.poll() is not None]
    finally:
        stop(processes.values())
    if asked:
        return 0
    print(f"Stopped, because the {' and the '.join(ended)} process ended by itself.")
    return 1


class Asked:
    """True once somebody asked the demo to stop: Ctrl-C, a closed terminal, `kill`."""

    def __init__(self) -> None:
        self.stop = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.hear)

    def hear(self, _number: int, _frame: FrameType | None) -> None:
        self.stop = True

    def __bool__(self) -> bool:
        return self.stop


def start(name: str, command: list[str]) -> subprocess.Popen[str]:
    """Start a program of the virtual environment and print its lines with `name` before them."""
    # A session of its own: Ctrl-C reaches the supervisor alone, which stops each process once. setpriv: should the
    # supervisor be killed, its processes end too.
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    threading.Thread(target=echo, args=(name, process), daemon=True).start()
    return process


def echo(name: str, process: subprocess.Popen[str]) -> None:
    """Print what a process says, line by line."""
    assert process.stdout  # noqa: S101  # Popen was asked for a pipe
    for line in process.stdout:
        print(f"{name:>6} | {line}", end="", flush=True)


def wait_for(port: int, web: subprocess.Popen[str], asked: Asked) -> bool:
    """Wait until the web server accepts connections; say whether it does."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not asked and web.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def announce(port: int, password: str) -> None:
    """Print where the site is and how to sign in."""
    address = f"http://127.0.0.1:{port}/"
    print(
        f"\n  Postbag is at {address}"
        f"\n  Organisers sign in at {address}admin/ as {ORGANISER} with the password {password}"
        "\n  Nothing leaves this machine: deliveries are captured. Ctrl-C stops everything.\n",
        flush=True,
    )


def stop(processes: Iterable[subprocess.Popen[str]]) -> None:
    """Ask all processes to end what they are doing, and kill those that do not."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    main()
