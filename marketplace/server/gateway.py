"""The gateway of the web process: a request is read completely, within limits, before Django works on it.

The few threads that run Django never wait for a network. Slow senders wait in the event loop, at no
cost to others, and for a limited time; bodies that are too large are refused before they are
stored. Answers are read from the threads completely as well, so that a slow reader blocks none.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import unquote_to_bytes

import structlog
from django.db import close_old_connections
from django.utils.http import parse_header_parameters
from structlog.contextvars import bound_contextvars

from foundation.forms.typed import whole_number
from foundation.networks import network_of
from marketplace.errors import faults
from marketplace.monitoring import request_log
from marketplace.server import proxies
from marketplace.server.room import IN_MEMORY, Body, Full, Patience, Room
from marketplace.server.turns import Turns

log = structlog.stdlib.get_logger(__name__)


Scope = dict[str, Any]


Receive = Callable[[], Awaitable[dict[str, Any]]]


Send = Callable[[dict[str, Any]], Awaitable[None]]


#: A WSGI application (PEP 3333).
Work = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


#: Whether headers (by lower-case name) are of a signed-in person; may query the database.
Known = Callable[[dict[str, str]], bool]


#: Bytes of an answer that are sent at once.
PIECE = 256 * 1024


#: Seconds for which the rest of a refused body is still read at most, and seconds without a byte
#: after which its sender is taken to be waiting for the answer.
LINGER, SILENCE = 3.0, 0.3


@dataclass(frozen=True)
class Limits:
    """How much of a request is read, and how long that may take.

    In every ``seconds`` a body has to bring ``pace`` bytes a second, so that an honest upload over a
    bad line has time and a trickle has not (see ``Patience``). Any body may have ``small`` bytes, files
    (multipart) of a signed-in person ``large``. All such files of this process together may have
    ``kept`` bytes and all other bodies ``kept_small``, so that files never take the space of forms; one
    address may fill a ``share`` of each (``Room``). ``waiting`` requests may wait for one of the
    ``threads``, and ``asking`` for the check whether they are signed in (``Turns``).
    """

    seconds: float = 60
    pace: int = 16 * 1024
    small: int = 2 * 1024 * 1024
    large: int = 64 * 1024 * 1024
    kept: int = 512 * 1024 * 1024
    kept_small: int = 128 * 1024 * 1024
    share: float = 1 / 4
    waiting: int = 256
    asking: int = 64
    threads: int = 4


class Refusal(Exception):
    """The request is refused with the HTTP status ``code``."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Gateway:
    """An ASGI application that runs the WSGI application ``work`` in a few threads.

    ``known`` says, in a thread of its own, whether headers are of a signed-in person.
    """

    def __init__(self, work: Work, limits: Limits, known: Known) -> None:
        self._work, self._limits, self._known = work, limits, known
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="web")
        self._known_thread = ThreadPoolExecutor(1, thread_name_prefix="known")
        one = max(limits.large, int(limits.kept * limits.share))
        self._files = Room(limits.kept, one, limits.pace)
        self._forms = Room(limits.kept_small, int(limits.kept_small * limits.share), limits.pace)
        self._working = Turns(limits.threads, limits.waiting)
        self._asking = Turns(1, limits.asking)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers, number = _headers(scope), request_log.number()
        scope[request_log.NUMBER], scope[request_log.CAME] = number, time.monotonic()
        connected = (scope.get("client") or ("",))[0]
        client = proxies.client_of(connected, headers.get("x-forwarded-for", ""))
        body = Body(network_of(client), self._forms, asyncio.get_running_loop().time())
        try:
            try:
                _only_utf_8(headers.get("content-type", ""))
                await self._read_body(number, headers, receive, body)
                await self._answer(scope, headers, body, send)
            except Full:
                raise Refusal(503) from None
        except Refusal as refusal:
            with contextlib.suppress(ConnectionError):
                await _refuse(refusal.code, scope, receive, send, body)
            seconds = time.monotonic() - scope[request_log.CAME]
            request_log.tell("", scope["method"], refusal.code, seconds, request_id=number)
        except ConnectionError:
            return  # the client has gone
        finally:
            body.close()

    async def _read_body(self, number: str, headers: dict[str, str], receive: Receive, body: Body) -> None:
        """Read the whole body; raises ``Refusal``, and ``Full`` if there is no space for it."""
        length = headers.get("content-length", "")
        if length in ("", "0") and "transfer-encoding" not in headers:
            body.finish()
            return
        announced = whole_number(length)
        if length and announced is None:
            raise Refusal(400)
        limits, now = self._limits, asyncio.get_running_loop().time
        most = limits.small
        if announced and announced > most:
            most = await self._allow_files(number, headers, body)
        if announced and announced > most:
            raise Refusal(413)
        patience, more = Patience(limits.seconds, int(limits.pace * limits.seconds), now()), True
        while more:
            piece, more = await _piece(receive, patience.until(), body)
            patience.came(now(), len(piece))
            if body.size + len(piece) > most == limits.small:
                most = await self._allow_files(number, headers, body)
            if body.size + len(piece) > most:
                raise Refusal(413)
            body.add(piece, now())
        body.finish()

    async def _allow_files(self, number: str, headers: dict[str, str], body: Body) -> int:
        """Move a body that is not small to the space for files; the bytes that it may have.

        Raises ``Refusal`` for anything but files of a signed-in person, before more is stored.
        """
        limits = self._limits
        files = headers.get("content-type", "").lower().startswith("multipart/form-data")
        if not files or not ("cookie" in headers or "authorization" in headers):
            raise Refusal(413)
        loop = asyncio.get_running_loop()
        async with self._asking.turn(body.address):
            known = await loop.run_in_executor(self._known_thread, _under, number, self._known, headers)
        if not known:
            raise Refusal(401)
        body.move_to(self._files, loop.time())
        return limits.large

    async def _answer(self, scope: Scope, headers: dict[str, str], body: Body, send: Send) -> None:
        """Let a thread work on the request, and send the answer."""
        async with self._working.turn(body.address):
            environ = _environ(scope, headers, body)
            status, named, content = await asyncio.get_running_loop().run_in_executor(
                self._threads, _under, environ[request_log.NUMBER], _work_on, self._work, environ
            )
        with content:
            length = content.seek(0, os.SEEK_END)
            content.seek(0)
            try:
                async with asyncio.timeout(self._limits.seconds + length / self._limits.pace):
                    await _send_answer(send, status, named, content, silent=scope["method"] == "HEAD")
            except TimeoutError:
                raise ConnectionError from None  # too slow: treated as gone


async def _send_answer(
    send: Send, status: int, named: list[tuple[bytes, bytes]], content: IO[bytes], *, silent: bool
) -> None:
    """Send an answer piece by piece; with ``silent`` (HEAD) only its headers."""
    await send({"type": "http.response.start", "status": status, "headers": named})
    piece = b"" if silent else content.read(PIECE)
    while len(piece) == PIECE:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        piece = content.read(PIECE)
    await send({"type": "http.response.body", "body": piece, "more_body": False})


async def _piece(receive: Receive, until: float, body: Body) -> tuple[bytes, bool]:
    """The next bytes of a body, and whether more follow.

    Raises ``Refusal`` when its time is over, when it had to give way to others, and when the client
    has gone or sent something malformed; the last two cannot be told apart.
    """
    try:
        async with asyncio.timeout_at(until) as body.waits:
            message = await receive()
    except TimeoutError:
        raise Refusal(503 if body.ended else 408) from None
    finally:
        body.waits = None
    if message["type"] == "http.disconnect":
        body.coming = False
        raise Refusal(400)
    return message.get("body", b""), message.get("more_body", False)


def _headers(scope: Scope) -> dict[str, str]:
    """The headers by lower-case name, repeated ones joined.

    Names with an underscore are left out, since CGI would take them for names with a dash.
    """
    found: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
        if "_" in name:
            continue
        between = "; " if name == "cookie" else ","
        found[name] = f"{found[name]}{between}{text}" if name in found else text
    return found


def _only_utf_8(content_type: str) -> None:
    """Raise ``Refusal`` for a content type with another encoding.

    Of the encodings that Python knows some decompress a kilobyte to a thousand, some are no text, and
    some make Django fail before any view could answer.
    """
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
        other = codecs.lookup(charset).name != "utf-8"
    except LookupError:
        return  # unknown to Python, so Django ignores it
    except (ValueError, UnicodeError):
        raise Refusal(400) from None
    if other:
        raise Refusal(400)


def _environ(scope: Scope, headers: dict[str, str], body: Body) -> dict[str, Any]:
    """The WSGI environment of the request (PEP 3333)."""
    raw = scope.get("raw_path") or scope["path"].encode()
    server = scope.get("server") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0] or "localhost",
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body.file,
        "wsgi.errors": _Log(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        request_log.NUMBER: scope[request_log.NUMBER],
        request_log.CAME: scope[request_log.CAME],
    }
    for name, text in headers.items():
        if name not in ("content-type", "content-length", "transfer-encoding"):
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = text
    if "content-type" in headers:
        environ["CONTENT_TYPE"] = headers["content-type"]
    if body.size or "content-length" in headers:
        environ["CONTENT_LENGTH"] = str(body.size)
    return environ


class _Log:
    """``wsgi.errors``: notes in the log that something was written, and not what."""

    def write(self, words: str) -> None:
        log.warning("web.said", length=len(words))

    def flush(self) -> None:
        """Do nothing; nothing is buffered."""


def _under(number: str, work: Callable[..., Any], *given: Any) -> Any:
    """Call ``work`` so that all it logs bears the number of the request; runs in a thread."""
    with bound_contextvars(request_id=number):
        return work(*given)


def _work_on(work: Work, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], IO[bytes]]:
    """Status, headers and complete content of the answer; runs in a thread."""
    started: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        started["status"], started["headers"] = int(status.split(" ", 1)[0]), headers

    content = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed by the caller
    pieces: Iterable[bytes] = ()
    try:
        pieces = work(environ, start_response)
        content.writelines(pieces)
    except Exception as fault:
        log.exception("web.answer_broken")
        content.close()
        raise Refusal(503 if faults.database_away(fault) else 500) from fault
    finally:
        getattr(pieces, "close", lambda: None)()
    content.seek(0)
    named = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in started["headers"]]
    return started["status"], named, content


async def _refuse(status: int, scope: Scope, receive: Receive, send: Send, body: Body) -> None:
    """Answer with an error and close the connection.

    The rest of a refused body is read first, since a client that is still sending would be cut off and
    never read the answer.
    """
    if body.coming and status in (401, 413, 503):
        loop = asyncio.get_running_loop()
        end, more = loop.time() + LINGER, True
        with contextlib.suppress(Refusal):
            while more and loop.time() < end:
                _unread, more = await _piece(receive, loop.time() + SILENCE, body)
    kind, content = faults.words(status, scope["path"])
    headers = {"content-type": kind, "content-length": str(len(content)), "connection": "close"}
    headers |= {"cache-control": "no-store", "x-request-id": scope[request_log.NUMBER]}
    if status == 401:
        headers["www-authenticate"] = "Token"
    if status == 503:
        headers["retry-after"] = str(faults.RETRY_AFTER)
    named = [(name.encode(), text.encode()) for name, text in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": content, "more_body": False})


def signed_in(headers: dict[str, str]) -> bool:
    """Whether these headers are of a signed-in person; raises ``Refusal`` if the database is away."""
    from organizations.signing_in import known  # imported late: its models need Django to be set up

    close_old_connections()
    try:
        return known.signed_in(headers.get("cookie", ""), headers.get("authorization", ""))
    except Exception as fault:
        log.exception("web.nobody_known")
        raise Refusal(503 if faults.database_away(fault) else 500) from fault
    finally:
        close_old_connections()


def limits() -> Limits:
    """The limits of this process, from its environment."""
    return Limits(
        seconds=float(os.environ.get("REQUEST_SECONDS", "60")),
        large=int(os.environ.get("LARGEST_UPLOAD", "64")) * 1024 * 1024,
        threads=int(os.environ.get("WEB_THREADS", "4")),
    )
