"""How the site speaks to its database."""

from pathlib import Path
from typing import Any

import environ

SQLITE_OPTIONS = {
    # Writers lock at once, since a later upgrade of a read lock can only fail; what is erased is overwritten.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=1; PRAGMA secure_delete=1",
}


def database(env: environ.Env, url: str, base_dir: Path) -> dict[str, Any]:
    """Return Django's settings for a `postgres://` or `sqlite:///` address; an SQLite path starts at `base_dir`."""
    parsed: dict[str, Any] = env.db_url_config(url) if url else {}
    if parsed.get("ENGINE") == "django.db.backends.sqlite3":
        return {**parsed, "NAME": str(base_dir / str(parsed["NAME"])), "OPTIONS": SQLITE_OPTIONS}
    return {**parsed, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
