"""The switches at the top of every page: role, language, elder mode."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, Resolver404, resolve
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.permissions import ANYONE, access
from foundation.ui.views import Page
from organizations.signing_in.middleware import SESSION_KEY


def _back(request: HttpRequest) -> HttpResponse:
    """Redirect to the page where the switch was used, or to the catalog if that is no page of ours."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        try:
            resolve(asked.split("?")[0])
        except (Resolver404, NoReverseMatch):
            return redirect("catalog")
        return redirect(asked)
    return redirect("catalog")


class SwitchRole(Page):
    """Act in another of one's memberships, also after the chosen one has ended."""

    access = access(POST=ANYONE)
    without_factor = True

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("membership", "")
        if chosen not in {str(membership.pk) for membership in self.request.memberships}:
            raise Http404
        request.session[SESSION_KEY] = int(chosen)
        return redirect("workbench")


class SwitchLanguage(Page):
    """Switch between Chinese and English."""

    access = access(POST=ANYONE)
    without_factor = True

    def post(self, request: HttpRequest) -> HttpResponse:
        language = "en" if request.POST.get("language") == "en" else "zh-hans"
        translation.activate(language)
        answer = _back(request)
        answer.set_cookie(
            "django_language",
            language,
            max_age=365 * 86400,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return answer


class SwitchElder(Page):
    """Switch large type and fewer choices (适老化) on or off."""

    access = access(POST=ANYONE)
    without_factor = True

    def post(self, request: HttpRequest) -> HttpResponse:
        request.session["elder"] = not request.session.get("elder", False)
        return _back(request)
