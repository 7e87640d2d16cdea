"""Chinese first: a page is in English only for those who have asked for it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


class LanguageMiddleware:
    """The language chosen in the page; for programs, the one that their request names.

    A browser set to English does not make the window's screens English by itself,
    for the people who read over the shoulder read Chinese.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in dict(settings.LANGUAGES):
            asks = request.path.startswith("/api/") and "Accept-Language" in request.headers
            chosen = translation.get_language_from_request(request) if asks else settings.LANGUAGE_CODE
        with translation.override(chosen):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response
