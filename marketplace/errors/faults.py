"""What is answered when something went wrong outside of any view: in calm words, without a stack.

To people a page that needs neither database nor session; to programs a problem document
(RFC 9457), whatever part of the product it was that gave up.
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

from foundation.refusals import Words
from foundation.transactions import undone

log = structlog.stdlib.get_logger(__name__)


#: Seconds after which it is worth asking again while the database is away.
RETRY_AFTER = 5


#: Kind, title and words of each status that needs no view.
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


#: Addresses that only programs ask.
PROGRAMS = ("/api/", "/hsds/")


def for_program(path: str, accepted: str = "") -> bool:
    """Whether a program asks, by the address or by what it takes."""
    if f"{path}/".startswith(PROGRAMS) or path.endswith((".json", ".jsonl")):
        return True
    return "json" in accepted and "html" not in accepted


def document(status: int, detail: str | None = None) -> bytes:
    """The problem document of a status, in the language of the request."""
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
    """The page of a status, in Chinese and in English below."""
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            _kind, title, words = WORDS[status]
            said[language] = {"title": str(title), "words": str(words)}
    return render_to_string("fault.html", {"chinese": said["zh-hans"], "english": said["en"]})


def words(status: int, path: str) -> tuple[str, bytes]:
    """Content type and content of an answer that no view has given."""
    if for_program(path):
        return "application/problem+json", document(status)
    return "text/html; charset=utf-8", page(status).encode()


class ProblemMiddleware:
    """Under the addresses of programs every fault is a problem document.

    It stands outermost, so whatever answers inside, a view, another layer or the framework
    itself, comes by here.
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
    answer = HttpResponse(page(status), status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def database_away(fault: BaseException | None) -> bool:
    """Whether the database could not be reached, or gave this transaction up for another's.

    A statement that is wrong is our fault and none of these: it has a state of its own.
    """
    if not isinstance(fault, OperationalError | InterfaceError):
        return False
    state = getattr(fault.__cause__, "sqlstate", None) or ""
    # 08 connection, 53 too many, 57P0x shut down or not up yet; without a state: no answer at all.
    return not state or state.startswith(("08", "57P0")) or state == "53300" or undone(fault)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 in general; 503 at once, with the time to come again, while the database is away."""
    fault = sys.exc_info()[1]
    while fault is not None and not isinstance(fault, Error):
        fault = fault.__cause__
    if not database_away(fault):
        return _plain(500)
    log.warning("database.away", path=request.path, why=str(fault).partition("\n")[0])
    answer = _plain(503)
    answer["Retry-After"] = str(RETRY_AFTER)
    setattr(answer, "_has_been_logged", True)  # noqa: B010  one line is enough; the stack says nothing new
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400; 413 for a body that is too large."""
    return _plain(413 if isinstance(exception, RequestDataTooBig) else 400)


def page_too_old(request: HttpRequest) -> HttpResponse:
    """403 for a form whose token is not the session's, in words."""
    return render(request, "marketplace/errors/page_too_old.html", status=403)


def locked_out(request: HttpRequest, retry_after: int) -> HttpResponse:
    """Too many wrong passwords: 429, with the seconds after which to come again."""
    answer = render(request, "marketplace/errors/locked_out.html", status=429)
    answer["Retry-After"] = str(retry_after)
    return answer
