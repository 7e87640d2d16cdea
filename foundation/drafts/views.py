"""Drafts of forms: save, discard, and the session as scripts see it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from foundation.drafts import keeping, owning
from foundation.permissions import ANYONE, SIGNED_IN, access, role_of
from foundation.personal_data.views import LONGEST_PATH
from foundation.refusals import Refused
from foundation.ui.views import FormPage, Page, keep_typed, key_of


def _form_page(request: HttpRequest, path: str) -> FormPage:
    """The page at ``path`` that saves drafts; raises ``Http404`` if there is none for this person."""
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    kind = getattr(match.func, "view_class", None)
    if not (isinstance(kind, type) and issubclass(kind, FormPage) and len(path) <= LONGEST_PATH):
        raise Http404
    page = kind(**getattr(match.func, "view_initkwargs", {}))
    page.setup(request, *match.args, **match.kwargs)
    if not page.keeps_draft or not page.access.allows("POST", role_of(request)):
        raise Http404
    return page


class SaveDraft(Page):
    """Save what is typed into one opened form; answers with the time in words.

    409 with a message in words if it cannot be saved: another person's or role's form, a spent key,
    too long.
    """

    access = access(POST=SIGNED_IN)

    def post(self, request: HttpRequest) -> HttpResponse:
        path, key = request.GET.get("path", ""), key_of(request)
        page = _form_page(request, path)
        page.find_object()
        form = page.form_class()
        if not key or not form.keeps_draft:
            raise Http404
        owner = owning.owner_of(request)
        if owner is not None and not owner.is_(self.actor):
            words = _("这张表单是另一位打开的，没有保存。请由本人登录。")
            if owner.is_person(self.actor):
                words = _("这张表单是您用另一个身份打开的，没有保存。请先换回那个身份。")
            return HttpResponse(words, status=409, content_type="text/plain")
        typed = form.as_kept(dict(request.POST.lists()))
        try:
            blank = form(**page.form_arguments()) if "id_number" in form.base_fields else form()
            saved_at = keep_typed(blank, typed, key, self.actor, path)
        except Refused as refusal:
            return HttpResponse(refusal.message, status=409, content_type="text/plain")
        if saved_at is None:
            return HttpResponse("", content_type="text/plain")
        time = f"{localtime(saved_at):%H:%M}"
        return HttpResponse(_("已保存 %(time)s") % {"time": time}, content_type="text/plain")


class DiscardDraft(Page):
    """Discard a draft; a save that arrives later is refused."""

    access = access(POST=SIGNED_IN)

    def post(self, request: HttpRequest) -> HttpResponse:
        path = request.POST.get("path", "")
        _form_page(request, path)
        keeping.discard(self.actor.person, key_of(request))
        return redirect(path)


class ShowSession(Page):
    """For scripts: who is signed in, a fresh CSRF token, and the key of forms waiting in the browser."""

    access = access(GET=ANYONE)
    unasked = True

    def get(self, request: HttpRequest) -> HttpResponse:
        user_id = self.actor.user_id if self.actor else None
        return JsonResponse(
            {
                "who": user_id,
                "token": get_token(request),
                "key": owning.browser_key(user_id) if user_id else "",
            }
        )
