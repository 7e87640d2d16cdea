"""Models named in addresses of the API."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import Http404


def model_named(label: str, needed: str) -> Any:
    """The model of a label such as ``referrals.Matter``.

    Raises ``Http404`` for no such model, or one without the attribute ``needed`` or without
    ``visible_to``.
    """
    try:
        model: Any = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if not hasattr(model, needed) or not hasattr(model._default_manager, "visible_to"):
        raise Http404
    return model
