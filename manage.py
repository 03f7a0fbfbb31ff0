#!/usr/bin/env python3
"""Run a management command of Postbag."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named on the command line; say in one sentence why the settings refuse to."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(f"Postbag does not start: {refusal}")


if __name__ == "__main__":
    main()
