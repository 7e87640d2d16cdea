"""Errors of the API as problem details (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from foundation.refusals import Refused, TooOften


class _Problem(Response):
    """A response that is JSON whatever the endpoint renders otherwise."""

    @property
    def rendered_content(self) -> Any:
        self.accepted_renderer, self.accepted_media_type = JSONRenderer(), "application/json"
        return super().rendered_content


#: What is said above the words of a fault that the framework finds, by its status.
TITLES = {
    405: gettext_lazy("这个地址不接受这种请求"),
    413: gettext_lazy("内容太大"),
    429: gettext_lazy("试的次数太多"),
}


def problem(code: int, kind: str, title: str, detail: str = "", **more: Any) -> Response:
    """A problem document of this status code; ``more`` are members of its own."""
    body = {"type": f"/problems/{kind}", "title": title, "status": code, "detail": detail, **more}
    return _Problem(body, status=code, content_type="application/problem+json")


def handle(fault: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error as a problem document; None for a fault of ours."""
    set_rollback()
    match fault:
        case Refused():
            more: dict[str, Any] = {}
            if fault.fields:
                more["errors"] = {name: [str(words)] for name, words in fault.fields.items()}
            if fault.rule:
                more["rule"] = str(fault.rule)
            if fault.allowed:
                more["allowed"] = list(fault.allowed)
            answer = problem(fault.status, fault.kind, _("不能这样办理"), str(fault.message), **more)
            if isinstance(fault, TooOften):
                fault.tell(answer)
            return answer
        case Http404():
            return problem(404, "not-found", _("没有找到"))
        case PermissionDenied() | exceptions.PermissionDenied():
            detail = str(getattr(fault, "detail", ""))
            return problem(403, "not-yours", _("您的身份不能使用这个地址"), detail)
        case exceptions.ValidationError():
            errors = fault.detail if isinstance(fault.detail, dict) else {"": fault.detail}
            return problem(400, "invalid", _("内容有误"), errors=errors)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            answer = problem(401, "sign-in", _("请先登录"), str(fault.detail))
            answer["WWW-Authenticate"] = "Token, Bearer"
            return answer
        case exceptions.APIException():
            kind = str(getattr(fault, "default_code", "error")).replace("_", "-")
            title = TITLES.get(fault.status_code, _("请求有误"))
            answer = problem(fault.status_code, kind, str(title), str(fault.detail))
            if wait := getattr(fault, "wait", None):
                answer["Retry-After"] = str(int(wait) + 1)
            return answer
    return None
