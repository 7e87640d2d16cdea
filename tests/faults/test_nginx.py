"""The example for nginx, tried with a real one in front of the product; only addresses, ports and files are this test's."""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from pathlib import Path

import pytest
from django.conf import settings

from marketplace.server import serving
from tests import databases
from tests.faults.test_run import free_port, started, stop, until
from tests.faults.test_tls import signed

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("serving")]

EXAMPLE = Path(settings.BASE_DIR) / "deploy" / "nginx" / "liandong.conf"
NAME = "jiuzhu.example.cn"

AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
{user}
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    {site}
}}
"""


def configured(folder: Path, product: str, secure: int, plain: int) -> Path:
    """The example as a whole configuration, on this machine's loopback."""
    certificate, key = signed(folder)
    site = re.sub(r"^ *listen \[::\].*\n", "", EXAMPLE.read_text(), flags=re.M)
    for old, new in {
        "listen 443 ": f"listen 127.0.0.1:{secure} ",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "http://127.0.0.1:8000": product,
        "/etc/ssl/certs/liandong.pem": certificate,
        "/etc/ssl/private/liandong.key": key,
        "/var/log/nginx": str(folder),
    }.items():
        assert old in site
        site = site.replace(old, new)
    user = "user root;" if os.geteuid() == 0 else ""
    whole = folder / "nginx.conf"
    whole.write_text(AROUND.format(folder=folder, user=user, site=site))
    return whole


class Proxy:
    """nginx and the product behind it."""

    def __init__(self, folder: Path, database: str) -> None:
        self.process, address = started(
            database,
            PUBLIC_ADDRESS=f"https://{NAME}",
            TRUSTED_PROXIES="127.0.0.1",
            MESSAGE_SENDER=UNSENT,
            DEMO="1",
        )
        self.secure, self.plain, self.folder = free_port(), free_port(), folder
        whole = configured(folder, address, self.secure, self.plain)
        line = [program(), "-e", "stderr", "-p", str(folder), "-c", str(whole)]
        checked = subprocess.run([*line, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        self.nginx = subprocess.Popen(line)
        until(lambda: not serving.free("127.0.0.1", self.secure))

    def ask(
        self, method: str, path: str, body: bytes = b"", source: str = "127.0.0.5", **headers: str
    ) -> tuple[int, HTTPMessage, str]:
        """An answer over TLS, with a certificate that is checked, to somebody at another address."""
        context = ssl.create_default_context(cafile=str(self.folder / "one.pem"))
        line = HTTPSConnection(
            "localhost", self.secure, timeout=30, context=context, source_address=(source, 0)
        )
        try:
            line.request(method, path, body, {"Host": NAME, **headers})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            line.close()

    def close(self) -> None:
        self.nginx.terminate()
        self.nginx.wait(10)
        stop(self.process)


UNSENT = "foundation.messaging.senders.Unsent"


def program() -> str:
    """Where nginx is; "" where there is none."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


@pytest.fixture(scope="module")
def proxy(rooms_database, tmp_path_factory) -> Iterator[Proxy]:
    if not program():
        pytest.skip("there is no nginx on this machine (apt-get install nginx)")
    made = Proxy(tmp_path_factory.mktemp("nginx"), databases.url(rooms_database))
    try:
        yield made
    finally:
        made.close()


def test_a_page_comes_over_https_with_what_binds_browsers_to_it(proxy):
    status, headers, text = proxy.ask("GET", "/sign-in/")
    assert status == 200
    assert "<form" in text
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in headers["Set-Cookie"]
    assert headers["X-Request-Id"]
    assert "nginx/" not in headers["Server"]


def test_who_comes_over_http_is_sent_to_https(proxy):
    line = HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    line.request("GET", "/help/?q=1", headers={"Host": NAME})
    answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/help/?q=1")
    line.close()


def test_nobody_gets_round_a_lock_by_a_header_and_nobody_else_is_locked(proxy):
    wrong = json.dumps({"username": "wangge", "password": "not-this-one"}).encode()
    kind = {"Content-Type": "application/json"}

    def tries(number: int, source: str) -> int:
        spoofed = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        return proxy.ask("POST", "/api/v1/sign-in", wrong, source, **kind, **spoofed)[0]

    answers = [tries(number, "127.0.0.6") for number in range(10)]
    assert answers[-1] == 429
    assert 429 not in answers[:7]
    assert tries(11, "127.0.0.7") != 429


def test_a_body_beyond_the_limit_is_refused_before_it_is_sent(proxy):
    headers = {"Content-Type": "multipart/form-data; boundary=a", "Content-Length": str(65 * 1024 * 1024)}
    assert proxy.ask("POST", "/sign-in/", **headers)[0] == 413


def test_the_log_names_no_page_and_nobody(proxy):
    proxy.ask("GET", "/directory/?q=seventeen")
    log = proxy.folder / "liandong.log"
    until(lambda: log.exists() and log.read_text())
    assert re.match(r"\[20\d\d-\S+\] GET \d{3} \d+ [\d.]+ \w+", log.read_text())
    assert "seventeen" not in log.read_text()
    assert "127.0.0.5" not in log.read_text()


def test_while_the_product_is_away_the_answer_is_503_with_when_to_come_again(proxy):
    stop(proxy.process)
    status, headers, text = proxy.ask("GET", "/")
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "5", "no-store")
    assert "系统暂时不能使用" in text
