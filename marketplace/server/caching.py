"""What browsers and proxies may keep of the answers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOT_KEPT = "private, no-store"


class NotKeptMiddleware:
    """Whatever says nothing about it is kept by nobody: the next one at the same screen finds no page with personal
    data by going back, nor does whoever reads a disk. A view that is the same for everybody says so itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers.setdefault("Cache-Control", NOT_KEPT)
        return answer
