"""What the operator of this machine types: with systemd another than in a terminal."""

from __future__ import annotations

import os
import shlex

from django.conf import settings


def by_systemd() -> bool:
    """Whether systemd has started this process, as a unit or with ``deploy/systemd/manage``.

    A terminal of a desktop that systemd has started has its ``INVOCATION_ID`` too, but not its process's number.
    """
    return "INVOCATION_ID" in os.environ and os.environ.get("SYSTEMD_EXEC_PID", str(os.getpid())) == str(
        os.getpid()
    )


def command(words: str) -> str:
    """How a command of the product is given."""
    if by_systemd():
        return f"{shlex.quote(str(settings.BASE_DIR / 'deploy' / 'systemd' / 'manage'))} {words}"
    return f"{os.environ.get('VENV', '.venv')}/bin/python manage.py {words}"


def start() -> str:
    """How a city is started."""
    return "systemctl start liandong.target" if by_systemd() else "make serve"
