"""The migrations make everything that the models say; the tests' database was made by them from nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from pgtrigger.core import INSTALLED
from pgtrigger.registry import registered

MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy
]


def made(model: type[models.Model]) -> tuple[set[str], set[str]]:
    """The columns of a model's table, and the names of its constraints and indexes."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
        return columns, set(connection.introspection.get_constraints(cursor, table))


def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_table_has_the_columns_constraints_and_indexes_of_its_model(model):
    columns, names = made(model)
    assert columns == {field.column for field in model._meta.local_concrete_fields}
    said = {each.name for each in (*model._meta.constraints, *model._meta.indexes)}
    assert said <= names


def test_every_trigger_is_in_its_table():
    wrong = {
        trigger.get_pgid(model): status
        for model, trigger in registered()
        if (status := trigger.get_installation_status(model)) != (INSTALLED, True)
    }
    assert registered()
    assert wrong == {}
