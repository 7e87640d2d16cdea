"""Failures of the CSRF check: a post from another site, or from a page opened before a new sign-in.

What was typed into the latter is saved as a draft, and nothing else is done.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.translation import gettext as _

from foundation.permissions import wants_json
from foundation.ui.views import FormPage, keep_for_owner
from marketplace.errors import faults


def failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a failed check: 403, or a redirect to the draft if the form has its owner's mark."""
    words = _("页面打开后重新登录过，没有提交。内容还在，请核对后再交一次。")
    if wants_json(request):
        return JsonResponse({"words": words}, status=403)
    match = resolve(request.path)
    kind = getattr(match.func, "view_class", None)
    if isinstance(kind, type) and issubclass(kind, FormPage):
        page = kind(**getattr(match.func, "view_initkwargs", {}))
        page.setup(request, *match.args, **match.kwargs)
        address = keep_for_owner(page) if page.keeps_draft else ""
        if address:
            messages.warning(request, words)
            return redirect(address)
    return faults.page_too_old(request)
