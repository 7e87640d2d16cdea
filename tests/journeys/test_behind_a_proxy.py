"""A real proxy before the real server: HTTPS ends there, and everything inside knows it."""

from __future__ import annotations

import re
import socket
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from demo.accounts import PASSWORD as DEMO_PASSWORD
from demo.starter.places_and_people import actor
from foundation.journal.models import Entry
from organizations.people.models import User
from referrals.matters.models import Matter
from tests import databases
from tests.faults.test_run import started, stop

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("serving")]

NAME, PERSON = "jiuzhu.example.cn", "203.0.113.77"


class Proxy(BaseHTTPRequestHandler):
    """Passes everything on as nginx does; its own client stands for one that came by TLS."""

    protocol_version = "HTTP/1.1"
    inside = ("", 0)

    def log_message(self, *_args):
        pass

    def _pass_on(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        headers = {n: v for n, v in self.headers.items() if n.lower() not in ("connection",)}
        said = self.headers.get("X-Forwarded-For")
        headers["X-Forwarded-For"] = f"{said}, {PERSON}" if said else PERSON
        headers["X-Forwarded-Proto"] = "https"
        line = HTTPConnection(*self.inside, timeout=20)
        try:
            line.request(self.command, self.path, body=body or None, headers=headers)
            answer = line.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        finally:
            line.close()

    do_GET = do_POST = _pass_on


@pytest.fixture(scope="module")
def city(rooms_database):
    # The tests' own hasher is a quick one, which the product does not know.
    real = Argon2PasswordHasher().encode(DEMO_PASSWORD, "of-this-test-only")
    User.objects.filter(username="chuangkou").update(password=real)
    process, address = started(
        databases.url(rooms_database),
        PUBLIC_ADDRESS=f"https://{NAME}",
        TRUSTED_PROXIES="127.0.0.1",
        DEMO="1",
        MESSAGE_SENDER="foundation.messaging.senders.Unsent",
        ALLOWED_HOSTS="",
    )
    inside = urlsplit(address)
    Proxy.inside = (inside.hostname, inside.port)
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield Visitor(proxy.server_address), Visitor(Proxy.inside)
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
        stop(process)


class Visitor:
    """A browser's cookies without the browser."""

    def __init__(self, where: tuple[str, int]) -> None:
        self.where, self.cookies = where, {}

    def ask(self, method: str, path: str, form: dict | None = None, **headers: str):
        line = HTTPConnection(*self.where, timeout=20)
        headers = {
            "Host": NAME,
            "Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items()),
            "Origin": f"https://{NAME}",
            "Referer": f"https://{NAME}{path}",
            **headers,
        }
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            line.request(method, path, body=urlencode(form) if form is not None else None, headers=headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        self.set_cookies = answer.headers.get_all("Set-Cookie") or []
        for set_cooky in self.set_cookies:
            name, _is, value = set_cooky.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, text


def test_one_signs_in_through_a_proxy_and_the_journal_knows_from_where(city):
    person, direct = city
    answer, page = person.ask("GET", "/sign-in/")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    form = {"username": "chuangkou", "password": DEMO_PASSWORD, "csrfmiddlewaretoken": token}
    answer, _page = person.ask("POST", "/sign-in/", form, **{"X-Forwarded-For": "10.9.9.9"})
    assert (answer.status, answer.headers["Location"]) == (302, "/workbench/")
    assert all("Secure" in set_cooky for set_cooky in person.set_cookies)
    answer, page = person.ask("GET", "/workbench/")
    assert answer.status == 200
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    matter = Matter.objects.visible_to(actor("chuangkou")).filter(status="accepted").first()
    answer, _page = person.ask(
        "POST",
        f"/reveal/households.Person/{matter.household.head.person_id}/name/",
        {"reason": "今天上门前联系", "csrfmiddlewaretoken": token},
        **{"X-Forwarded-For": "10.9.9.9"},
    )
    assert answer.status == 200
    assert Entry.objects.filter(move="reveal").order_by("-pk").first().address == PERSON
    answer, _page = direct.ask("GET", "/help/")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/help/")


def test_a_name_that_is_not_ours_is_refused(city):
    person, _direct = city
    assert person.ask("GET", "/help/", Host="evil.example.org")[0].status == 400
    with socket.create_connection(person.where) as line:
        line.sendall(b"GET /api/v1/me HTTP/1.1\r\nHost: evil.example.org\r\nConnection: close\r\n\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 400")
