"""System checks of Django: senders, and sensitive texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register

from foundation.messaging.senders import shown_to_strangers
from foundation.personal_data import keys
from foundation.personal_data.disclosing import Disclosing, delicate


@register
def no_code_is_shown_to_strangers(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``messages.E001`` for a sender that shows codes on pages that others can reach."""
    if not shown_to_strangers():
        return []
    hint = "Name the city's text gateway in MESSAGE_SENDER, or foundation.messaging.senders.Unsent."
    return [Error("codes would be shown on pages that others reach", hint=hint, id="messages.E001")]


@register
def the_data_keys_are_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Error ``personal_data.E001`` for ``LIANDONG_DATA_KEYS`` with which nothing could be encrypted or read."""
    why = keys.refusal()
    return [Error(why, id="personal_data.E001")] if why else []


@register
def every_delicate_text_has_its_readers(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``disclosing.E001`` for a model with sensitive texts that does not declare ``discloses``."""
    return [
        Error(f"{model._meta.label} does not say who reads {delicate(model)}", id="disclosing.E001")
        for model in apps.get_models()
        if delicate(model) and getattr(model, "discloses", None) in (None, Disclosing.discloses)
    ]


@register
def what_the_journal_leaves_out_is_there(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``disclosing.E002`` for a model that keeps from its readers, or from the journal, what it does not have.

    A name misspelt there would show the text to everybody, or write the secret down.
    """
    faults: list[CheckMessage] = []
    for model in apps.get_models():
        columns = {field.name for field in model._meta.concrete_fields}
        confided, unjournaled = getattr(model, "confided", ()), getattr(model, "unjournaled", ())
        wrong = [name for name in confided if not hasattr(model, name)]
        wrong += [name for name in unjournaled if name not in columns]
        faults += [Error(f"{model._meta.label} has no '{name}'", id="disclosing.E002") for name in wrong]
    return faults
