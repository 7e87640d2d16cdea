"""Slow, large and idle requests against the real server, over real sockets."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from tests.faults.test_database_away import ask
from tests.faults.test_run import started, stop, url_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serving")]

#: Seconds that this test's server gives headers and bodies, instead of 15 and 60.
HEADER, BODY = 2, 4


@pytest.fixture(scope="module")
def server(rooms_database):
    process, address = started(
        url_of(rooms_database), HEADER_SECONDS=str(HEADER), REQUEST_SECONDS=str(BODY)
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


def heard(line: socket.socket, within: float = 20) -> bytes:
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
        for each in lines:
            try:
                each.send(b" ")
            except OSError:
                continue
        time.sleep(0.5)


BEGUN = (
    "POST /api/v1/sign-in HTTP/1.1", "Content-Type: application/json", "Content-Length: 100000",
)  # fmt: skip


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
    padded = text[:-1] + b" " * (160 * 1024) + b"}"
    with connected(server, *lines, f"Content-Length: {len(padded)}", "Connection: close") as line:
        for at in range(0, len(padded), 24 * 1024):
            line.sendall(padded[at : at + 24 * 1024])
            time.sleep(BODY / 5)  # longer than its seconds in all, and faster than a trickle
        assert b"errors" in heard(line)


def test_who_is_signed_in_may_send_files_and_not_without_end(server):
    lines = ("Content-Type: multipart/form-data; boundary=aaa", "Cookie: sessionid=x")
    part = b'--aaa\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    whole = part + b"x" * (12 * 1024 * 1024) + b"\r\n--aaa--\r\n"
    first = ("POST /sign-in/ HTTP/1.1", *lines, "Connection: close")
    with connected(server, *first, f"Content-Length: {len(whole)}") as line:
        line.sendall(whole)
        assert heard(line).startswith(b"HTTP/1.1 403")  # no token of the form: it was read
    with connected(server, *first, f"Content-Length: {65 * 1024 * 1024}") as line:
        assert heard(line).startswith(b"HTTP/1.1 413")


def test_a_header_spelt_with_an_underscore_passes_for_none(server):
    lines = ("GET /api/v1/me HTTP/1.1", "X_Membership: 1", "Connection: close")
    with connected(server, *lines) as line:
        assert heard(line).startswith(b"HTTP/1.1 401")
