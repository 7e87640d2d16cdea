"""Slow, large and idle requests against the real server, over real sockets."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from demo.accounts import PASSWORD as DEMO_PASSWORD
from marketplace.server.room import Patience
from organizations.people.models import User
from tests import databases
from tests.faults.test_database_away import ask
from tests.faults.test_run import started, stop

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("serving")]

#: Seconds that this test's server gives headers and bodies, instead of 15 and 60.
HEADER, BODY = 2, 4
#: Seconds that a busy machine may need for anything; what had earned its time would have minutes.
LONG = 60


@pytest.fixture(scope="module")
def server(rooms_database):
    process, address = started(
        databases.url(rooms_database), HEADER_SECONDS=str(HEADER), REQUEST_SECONDS=str(BODY)
    )
    try:
        yield address
    finally:
        stop(process)


def connected(address: str, *lines: str, body: bytes = b"", end: bool = True) -> socket.socket:
    """A socket that has sent a request's lines, and no more of its body than that."""
    asked = urlsplit(address)
    line = socket.create_connection((asked.hostname, asked.port), timeout=20)
    head = "\r\n".join((*lines, f"Host: {asked.netloc}", ""))
    line.sendall(head.encode() + (b"\r\n" if end else b"") + body)
    return line


def heard(line: socket.socket, within: float = LONG) -> bytes:
    """Everything until the server closes; the test fails where it does not."""
    line.settimeout(within)
    said = b""
    while piece := line.recv(65536):
        said += piece
    return said


def trickle(lines: list[socket.socket], seconds: float) -> None:
    """One byte now and then on every line, for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for line in lines:
            try:
                line.send(b" ")
            except OSError:
                continue
        time.sleep(0.5)


BEGUN = ("POST /api/v1/sign-in HTTP/1.1", "Content-Type: application/json", "Content-Length: 100000")


@pytest.mark.parametrize("many", [12, 200])
def test_sockets_that_dawdle_stop_nobody_and_are_closed(server, many):
    with ExitStack() as open_now:
        idle = [connected(server, *BEGUN, body=b"{") for _ in range(many // 2)]
        slow = [connected(server, *BEGUN, body=b"{") for _ in range(many - many // 2)]
        half = [connected(server, "GET / HTTP/1.1", end=False) for _ in range(many)]
        for each in (*idle, *slow, *half):
            open_now.enter_context(each)
        for path in ("/help/", "/", "/api/v1/me"):
            assert ask(server, path)[3] < 2
        trickle(slow, BODY + 1)
        for each in half:
            assert heard(each, 10).startswith((b"", b"HTTP/1.1 408"))
        for each in (*idle, *slow):
            said = heard(each, 10)
            assert said.startswith(b"HTTP/1.1 408")
            assert b"application/problem+json" in said
        assert ask(server, "/help/")[0] == 200


@pytest.mark.parametrize("path", ["/api/v1/sign-in", "/sign-in/"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_while_it_comes(server, path, chunked):
    kind = "application/json" if path.startswith("/api") else "multipart/form-data; boundary=aaa"
    size = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {60 * 1024 * 1024}"
    with connected(server, f"POST {path} HTTP/1.1", f"Content-Type: {kind}", size) as line:
        for _ in range(48 if chunked else 0):
            line.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        said = heard(line)
    assert said.startswith(b"HTTP/1.1 413")
    assert (b"application/problem+json" in said) is path.startswith("/api")
    assert "没有保存" in said.decode()


def test_a_body_without_a_length_is_read_whole_and_a_slow_honest_one_too(server):
    text = b'{"username": "minzheng2", "password": "wrong"}'
    lines = (BEGUN[0], BEGUN[1])
    with connected(server, *lines, "Transfer-Encoding: chunked", "Connection: close") as line:
        for at in range(0, len(text), 7):
            piece = text[at : at + 7]
            line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        line.sendall(b"0\r\n\r\n")
        assert b"errors" in heard(line)
    padded = text[:-1] + b" " * (6 * 128 * 1024) + b"}"
    with connected(server, *lines, f"Content-Length: {len(padded)}", "Connection: close") as line:
        for at in range(0, len(padded), 128 * 1024):
            line.sendall(padded[at : at + 128 * 1024])
            time.sleep(BODY / 5)  # longer than its seconds in all, and much faster than a trickle
        assert b"errors" in heard(line)


MANY = 12 * 1024 * 1024
FILES = "Content-Type: multipart/form-data; boundary=aaa"
PART = b'--aaa\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'


@pytest.fixture(scope="module")
def account(server, django_db_blocker):
    """Somebody whose password the real server can check: the tests' own hash is a cheaper one."""
    hasher = Argon2PasswordHasher()
    with django_db_blocker.unblock():
        User.objects.filter(username="minzheng").update(password=hasher.encode(DEMO_PASSWORD, hasher.salt()))


@pytest.fixture(scope="module")
def token(server, account) -> str:
    """A header by which the server knows somebody."""
    said = json.dumps({"username": "minzheng", "password": DEMO_PASSWORD}).encode()
    first = ("POST /api/v1/sign-in HTTP/1.1", "Content-Type: application/json")
    with connected(server, *first, f"Content-Length: {len(said)}", "Connection: close", body=said) as line:
        answer = heard(line)
    return (
        f"Authorization: Token {json.loads(answer.partition(b'{')[1] + answer.partition(b'{')[2])['token']}"
    )


@pytest.fixture(scope="module")
def cookie(server, account) -> str:
    """The session of somebody who has signed in on the page."""
    asked = urlsplit(server)
    line = HTTPConnection(asked.hostname, asked.port, timeout=20)
    line.request("GET", "/sign-in/")
    page = line.getresponse()
    page.read()
    forgery = page.headers["Set-Cookie"].partition(";")[0]
    fields = {
        "username": "minzheng",
        "password": DEMO_PASSWORD,
        "csrfmiddlewaretoken": forgery.partition("=")[2],
    }
    line.request(
        "POST",
        "/sign-in/",
        urlencode(fields),
        {"Content-Type": "application/x-www-form-urlencoded", "Cookie": forgery},
    )
    answer = line.getresponse()
    answer.read()
    line.close()
    set_now = answer.headers.get_all("Set-Cookie")
    return "Cookie: " + next(each for each in set_now if each.startswith("sessionid")).partition(";")[0]


@pytest.mark.parametrize("by", ["token", "cookie"])
def test_who_is_signed_in_may_send_files_and_not_without_end(server, by, request):
    lines = ("POST /sign-in/ HTTP/1.1", FILES, request.getfixturevalue(by), "Connection: close")
    whole = PART + b"x" * MANY + b"\r\n--aaa--\r\n"
    with connected(server, *lines, f"Content-Length: {len(whole)}") as line:
        line.sendall(whole)
        assert heard(line).startswith(b"HTTP/1.1 403")  # no token of the form: it was read
    with connected(server, *lines, f"Content-Length: {65 * 1024 * 1024}") as line:
        assert heard(line).startswith(b"HTTP/1.1 413")
    with connected(server, *lines, "Transfer-Encoding: chunked") as line:
        for at in range(0, len(whole), 65536):
            piece = whole[at : at + 65536]
            line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        line.sendall(b"0\r\n\r\n")
        assert heard(line).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize(
    "claim",
    [
        "Cookie: sessionid=x",
        "Cookie: sessionid=abcdefghijklmnopqrstuvwxyz012345",
        "Cookie: sessionid=",
        "Cookie: csrftoken=a",
        "Authorization: Token " + "a" * 64,
        "Authorization: Token",
        "Authorization: x",
        "Cookie: sessionid=\u00e9",
        "Authorization: Token \u00e9",
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_whoever_only_says_to_be_signed_in_may_send_no_files(server, claim, chunked):
    size = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {60 * 1024 * 1024}"
    with connected(server, "POST /api/v1/sign-in HTTP/1.1", FILES, claim, size) as line:
        for _ in range(48 if chunked else 0):
            line.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        said = heard(line)
    assert said.startswith(b"HTTP/1.1 401")
    assert "请先登录" in said.decode()


def test_files_of_one_address_leave_room_for_forms_and_silence_ends_them(server, token):
    """Sixty MiB at once, and then nothing: they earn no time."""
    lines = ("POST /sign-in/ HTTP/1.1", FILES, token, f"Content-Length: {60 * 1024 * 1024}")
    with ExitStack() as open_now:
        held = [open_now.enter_context(connected(server, *lines)) for _ in range(4)]
        for each in held:
            with suppress(OSError):
                each.sendall(PART + b"x" * (59 * 1024 * 1024))
        began = time.monotonic()
        form = b'{"username": "nobody", "password": "wrong"}'
        with connected(
            server, *BEGUN[:2], f"Content-Length: {len(form)}", "Connection: close", body=form
        ) as line:
            assert not heard(line).startswith((b"HTTP/1.1 503", b"HTTP/1.1 408"))
        said = []
        for each in held:
            with suppress(ConnectionResetError):
                said.append(heard(each)[:12])
        assert time.monotonic() - began < LONG
        assert b"HTTP/1.1 408" in said


def test_the_forms_of_one_address_leave_room_for_those_of_others(server):
    """From another address, since this one has its share."""
    big = 2 * 1024 * 1024
    with ExitStack() as open_now:
        for _ in range(24):
            line = connected(server, *BEGUN[:2], f"Content-Length: {big}")
            open_now.enter_context(line)
            with suppress(OSError):
                line.sendall(b" " * (big - 1))
        asked = urlsplit(server)
        with socket.create_connection(
            (asked.hostname, asked.port), timeout=20, source_address=("127.0.0.2", 0)
        ) as other:
            form = b'{"username": "nobody", "password": "wrong"}'
            head = "\r\n".join(
                (
                    *BEGUN[:2],
                    f"Content-Length: {len(form)}",
                    f"Host: {asked.netloc}",
                    "Connection: close",
                    "",
                    "",
                )
            )
            other.sendall(head.encode() + form)
            assert b"errors" in heard(other)


def test_a_trickle_after_a_good_beginning_is_ended(server, token):
    lines = ("POST /sign-in/ HTTP/1.1", FILES, token, f"Content-Length: {60 * 1024 * 1024}")
    with connected(server, *lines, body=PART + b"x" * MANY) as line:
        began = time.monotonic()
        trickle([line], 2 * BODY + 1)
        assert heard(line).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - began < LONG


def test_patience_is_lost_with_silence_with_a_trickle_and_in_the_end():
    waits = Patience(60, 600, 0)
    assert waits.until() == 30
    waits.came(29, 10**9)
    assert waits.until() == 59
    waits.came(58, 1)
    waits.came(61, 0)
    assert waits.until() == 88
    trickling = Patience(60, 600, 0)
    for second in range(59):
        trickling.came(second, 1)
    assert trickling.until() == 60
    steady = Patience(60, 600, 0)
    for second in range(890):
        steady.came(second, 20)
    assert steady.until() == 900


def test_a_header_spelt_with_an_underscore_passes_for_none(server):
    lines = ("GET /api/v1/me HTTP/1.1", "X_Membership: 1", "Connection: close")
    with connected(server, *lines) as line:
        assert heard(line).startswith(b"HTTP/1.1 401")


CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    "body",
    [
        b'5\r\n{"username": 1}\r\n0\r\n\r\n',
        b"zz\r\n{}\r\n0\r\n\r\n",
        b"-2\r\n{}\r\n0\r\n\r\n",
        b"ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}XX0\r\n\r\n",
        b"2\r\n{}\r\nzz\r\n",
        b"2;" + b"a" * 100_000 + b"\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nnonsense\r\n\r\n",
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/sign-in", "/sign-in/"])
def test_chunks_that_are_none_are_the_senders_fault(server, path, body):
    with connected(server, f"POST {path} HTTP/1.1", BEGUN[1], CHUNKED, body=body) as line:
        said = heard(line)
    assert said.startswith(b"HTTP/1.1 400")
    assert (b"application/problem+json" in said) is path.startswith("/api")
    assert ask(server, "/help/")[0] == 200
