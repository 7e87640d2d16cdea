"""The addresses of the product, and some whose views fail with everything that was typed in their hands."""

from __future__ import annotations

import json

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from marketplace.urls import handler400, handler500, urlpatterns

__all__ = ["handler400", "handler500", "urlpatterns"]


def _typed(request: HttpRequest) -> dict[str, str]:
    sent = request.POST.dict() or request.GET.dict()
    return sent or json.loads(request.body)


@csrf_exempt
def fail(request: HttpRequest, said: str = "") -> HttpResponse:
    """Fails as careless code does: the message quotes what was typed, and so does the one behind it."""
    typed = _typed(request)
    try:
        return HttpResponse(int(typed["id_number"] + "x"))
    except ValueError as fault:
        raise LookupError(f"{said} {typed}") from fault


@csrf_exempt
def fail_in_database(request: HttpRequest) -> HttpResponse:
    """Fails in the database, which quotes the value that it cannot read."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::date", [_typed(request)["name"]])
    return HttpResponse()


urlpatterns = [path("failing/database/", fail_in_database), path("failing/<str:said>/", fail), *urlpatterns]
