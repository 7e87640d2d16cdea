"""Answers to errors outside of any view: a page in calm words, or a problem document (RFC 9457).

The page needs neither database nor session.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from foundation.messaging.senders import mails_leave
from foundation.refusals import TooOften, Words
from foundation.transactions import undone

log = structlog.stdlib.get_logger(__name__)


#: Seconds for ``Retry-After`` while the database cannot be reached.
RETRY_AFTER = 5


#: Kind, title and words of each status.
WORDS: dict[int, tuple[str, Words, Words]] = {
    400: ("bad-request", _("请求有误"), _("请求的内容读不懂，没有保存。")),
    401: ("sign-in", _("请先登录"), _("请先登录。")),
    403: ("not-yours", _("您的身份不能使用这个地址"), _("请换一个身份，或者重新登录后再试。")),
    404: ("not-found", _("没有找到"), _("地址不对，或者内容不在您的查看范围内。")),
    405: ("method-not-allowed", _("这个地址不接受这种请求"), _("请换一种方法。")),
    408: ("too-slow", _("等得太久"), _("内容没有在时限内传完，没有保存。请检查网络后重试。")),
    413: ("too-large", _("内容太大"), _("内容超过了上限，没有保存。请把文件压缩或分几次上传。")),
    429: ("throttled", _("试的次数太多"), _("为保护账号，请过一会儿再试。")),
    500: (
        "fault",
        _("系统出了故障"),
        _("您刚才的操作没有保存。请稍后重试；如果一再出现，请把时间告诉管理员。"),
    ),
    503: ("unavailable", _("系统暂时不能使用"), _("您刚才的操作没有保存。请过几秒钟再试一次。")),
}


#: Prefixes of addresses for programs.
PROGRAMS = ("/api/", "/hsds/")


def for_program(path: str, accepted: str = "") -> bool:
    """Whether a program asks, judged by the address or the header ``Accept``."""
    if f"{path}/".startswith(PROGRAMS) or path.endswith((".json", ".jsonl")):
        return True
    return "json" in accepted and "html" not in accepted


def document(status: int, detail: str | None = None) -> bytes:
    """The problem document of a status, in the active language."""
    kind, title, words = WORDS.get(status) or ("error", HTTPStatus(status).phrase, "")
    body = {
        "type": f"/problems/{kind}",
        "title": str(title),
        "status": status,
        "detail": str(words) if detail is None else detail,
    }
    return json.dumps(body, ensure_ascii=False).encode()


@lru_cache
def page(status: int) -> str:
    """The page of a status, in Chinese with English below."""
    texts = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            _kind, title, words = WORDS[status]
            texts[language] = {"title": str(title), "words": str(words)}
    return render_to_string("fault.html", {"chinese": texts["zh-hans"], "english": texts["en"]})


def words(status: int, path: str) -> tuple[str, bytes]:
    """Content type and content of an answer without a view."""
    if for_program(path):
        return "application/problem+json", document(status)
    return "text/html; charset=utf-8", page(status).encode()


class ProblemMiddleware:
    """Makes every error at an address for programs a problem document.

    It is the outermost middleware, so that answers of views, of other middleware and of Django itself
    pass through it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code < 400 or "json" in answer.headers.get("Content-Type", ""):
            return answer
        if not isinstance(answer, HttpResponse) or not for_program(
            request.path, request.headers.get("Accept", "")
        ):
            return answer
        with translation.override(answer.headers.get("Content-Language", settings.LANGUAGE_CODE)):
            answer.content = document(answer.status_code)
        answer.headers["Content-Type"] = "application/problem+json"
        answer.headers["Content-Length"] = str(len(answer.content))
        return answer


def _plain(status: int) -> HttpResponse:
    """The page of a status as a response, not to be cached."""
    answer = HttpResponse(page(status), status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def database_away(fault: BaseException | None) -> bool:
    """Whether the database could not be reached, or rolled this transaction back for another.

    An error in a statement is our fault: it has an SQLSTATE of another class.
    """
    if not isinstance(fault, OperationalError | InterfaceError):
        return False
    state = getattr(fault.__cause__, "sqlstate", None) or ""
    # 08 connection, 53300 too many connections, 57P0x shut down or starting; "" means no answer.
    return not state or state.startswith(("08", "57P0")) or state == "53300" or undone(fault)


def server_error(request: HttpRequest) -> HttpResponse:
    """The handler of 500; it answers 503 with ``Retry-After`` while the database is away."""
    fault = sys.exc_info()[1]
    while fault is not None and not isinstance(fault, Error):
        fault = fault.__cause__
    if not database_away(fault):
        return _plain(500)
    log.warning("database.away", why=str(fault).partition("\n")[0])
    answer = _plain(503)
    answer["Retry-After"] = str(RETRY_AFTER)
    setattr(answer, "_has_been_logged", True)  # noqa: B010  logged above, without a traceback
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """The handler of 400; it answers 413 for a body that is too large."""
    return _plain(413 if isinstance(exception, RequestDataTooBig) else 400)


def page_too_old(request: HttpRequest) -> HttpResponse:
    """403 in words for a form whose CSRF token is not the session's."""
    return render(request, "marketplace/errors/page_too_old.html", status=403)


def locked_out(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    """429 after too many wrong passwords."""
    told = {"minutes": refusal.minutes, "sends_mail": mails_leave()}
    answer = render(request, "marketplace/errors/locked_out.html", told, status=429)
    refusal.tell(answer)
    return answer
