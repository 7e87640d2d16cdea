"""System checks of the models of tables: each has all that a model with a lifecycle needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, register
from django.db import models

from foundation.lifecycle.checks_of_rows import errors
from foundation.lifecycle.checks_of_words import most_letters
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.table import Lifecycle
from foundation.parties import SeenQuerySet


@register
def models_have_what_their_tables_need(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``lifecycle.E018`` for the model of a table that is no ``LifecycleModel``, does not name its table, its
    parties, its address or its trigger, whose lists are not filtered by its parties, whose status has other
    choices or begins elsewhere than the table says, or whose case has a key that is too long for work items.
    """
    return errors("E018", _lacks_a_part, _wrong_status, _long_case)


def _lacks_a_part(lifecycle: Lifecycle) -> Iterator[str]:
    """The parts that the model lacks."""
    model = lifecycle.model
    if not issubclass(model, LifecycleModel):
        yield "the model is no LifecycleModel"
    if getattr(model, "lifecycle", None) is not lifecycle:
        yield "the model does not name its table (lifecycle)"
    if not getattr(model, "seen_by", ()):
        yield "nobody sees its objects (seen_by)"
    if not isinstance(model._default_manager.all(), SeenQuerySet):
        yield "its lists are not filtered by who sees its objects (objects = SeenQuerySet.as_manager())"
    if not callable(getattr(model, "get_absolute_url", None)):
        yield "its objects have no page (get_absolute_url)"
    named = {trigger.name for trigger in getattr(model._meta, "triggers", ())}
    if lifecycle.trigger().name not in named:
        yield "the database does not guard its status (Meta.triggers)"


def _wrong_status(lifecycle: Lifecycle) -> Iterator[str]:
    """What the field of the states says otherwise than the table."""
    fields = {field.name: field for field in lifecycle.model._meta.concrete_fields}
    field = fields.get(lifecycle.field_name)
    if field is None:
        return
    if list(field.choices or ()) != lifecycle.states.choices:
        yield f"the choices of '{field.name}' are not the states of the table"
    if field.has_default() and field.get_default() not in [start.state for start in lifecycle.starts]:
        yield f"'{field.name}' is '{field.get_default()}' by default, and nothing begins in it"


def _long_case(lifecycle: Lifecycle) -> Iterator[str]:
    """Whether the longest key of a case does not fit into work items."""
    if not hasattr(lifecycle.model, "case_key"):
        return
    most = most_letters("WorkItem.case")
    key = longest(lifecycle.model, {}).case_key()
    if len(key) > most:
        yield f"the key of its case (case_key) may have {len(key)} letters, and WorkItem.case holds {most}"


def longest(model: type[models.Model], made: dict[type[models.Model], Any]) -> Any:
    """An object that is nowhere kept, with the largest key, the longest texts, and relations to such objects.

    ``made`` are those that are there already, by their model.
    """
    if model in made:
        return made[model]
    obj = made[model] = model()
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            setattr(obj, field.name, longest(field.related_model, made))
        elif isinstance(field, models.IntegerField):
            setattr(obj, field.attname, models.BigIntegerField.MAX_BIGINT)
        elif isinstance(field, models.CharField) and field.max_length and not field.choices:
            setattr(obj, field.attname, "m" * field.max_length)
    return obj
