"""The system checks of the models of tables: each has all that a model with a lifecycle needs."""

from __future__ import annotations

import pytest
from django.db import models

from foundation.lifecycle.checks_of_models import longest
from foundation.lifecycle.table import LIFECYCLES
from tests.foundation.slips import said

POOL, HANDOVER = "giving.Pool", "referrals.Handover"


@pytest.mark.parametrize(
    ("slip", "words"),
    (
        ({"lifecycle": LIFECYCLES[HANDOVER]}, "the model does not name its table (lifecycle)"),
        ({"seen_by": ()}, "nobody sees its objects (seen_by)"),
        ({"get_absolute_url": None}, "its objects have no page (get_absolute_url)"),
        ({"case_key": lambda pool: "m" * 81}, "the key of its case (case_key) may have 81 letters, and WorkItem.case holds 80"),
        ({"case_key": lambda pool: f"giving.Pool:{pool.name}:{pool.pk}"}, "the key of its case (case_key) may have 92 letters, and WorkItem.case holds 80"),
    ),
)  # fmt: skip
def test_a_model_has_what_its_table_needs(slips, slip, words):
    slips.model(POOL, **slip)
    assert said("lifecycle.E018") == [f"{POOL}: {words}"]


@pytest.mark.parametrize(
    ("slip", "words"),
    (
        ({"triggers": []}, "the database does not guard its status (Meta.triggers)"),
        ({"default_manager": models.Manager()}, "its lists are not filtered by who sees its objects (objects = SeenQuerySet.as_manager())"),
    ),
)  # fmt: skip
def test_its_lists_are_filtered_and_its_status_is_guarded(monkeypatch, slip, words):
    options = LIFECYCLES[POOL].model._meta
    for name, value in slip.items():
        monkeypatch.setitem(vars(options), name, value)
    assert said("lifecycle.E018") == [f"{POOL}: {words}"]


@pytest.mark.parametrize(
    ("slip", "words"),
    (
        ({"choices": None}, "the choices of 'status' are not the states of the table"),
        ({"choices": [("open", "open")]}, "the choices of 'status' are not the states of the table"),
        ({"default": "closed"}, "'status' is 'closed' by default, and nothing begins in it"),
    ),
)
def test_its_status_is_what_the_table_says(slips, slip, words):
    slips.status(POOL, **slip)
    assert said("lifecycle.E018") == [f"{POOL}: {words}"]


def test_a_case_is_tried_with_the_largest_key_along_its_relations():
    referral = longest(LIFECYCLES["referrals.Referral"].model, {})
    assert referral.case_key() == f"referrals.Matter:{models.BigIntegerField.MAX_BIGINT}"
