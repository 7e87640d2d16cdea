"""The product's addresses, and a page of Django's that asks the database one question."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def one_query(request: HttpRequest) -> HttpResponse:
    """One row of the database, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, username, full_name FROM organizations_user ORDER BY id LIMIT 1")
        return HttpResponse(f"<!doctype html><title>1</title><p>{cursor.fetchone()}</p>")


urlpatterns = [path("bench/one-query/", one_query), path("", include("marketplace.urls"))]
