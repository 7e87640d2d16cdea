"""What a search field of a form lists while one types (``foundation.forms.seeking``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from foundation.ui.views import FormPage


def list_found(page: FormPage, name: str) -> HttpResponse:
    """What the field of that name lists for the text typed so far; raises ``Http404`` for any other field."""
    form = page.form_class()(page.request.GET, **page.form_arguments())
    if not getattr(form.fields.get(name), "seeks", False):
        raise Http404
    return page.render({"field": form[name]}, template="components/sought.html")
