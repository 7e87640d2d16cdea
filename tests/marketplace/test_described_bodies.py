"""What the description says of a body is what the address takes."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from drf_spectacular.generators import SchemaGenerator

from foundation.forms.actions import ActionForm, form_of
from foundation.forms.fields import DayField, MoneyField
from foundation.forms.uploads import UploadField
from foundation.lifecycle.table import LIFECYCLES
from foundation.roles import Role


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def bodies(described: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The properties that each act is told to take, by the act's name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, operations in described["paths"].items():
        for operation in operations.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                schema = content["schema"]
                if "$ref" in schema:
                    schema = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
                found.setdefault(path.rsplit("/", 1)[1], []).append(schema.get("properties", {}))
    return found


def forms_of_acts():
    for lifecycle in LIFECYCLES.values():
        for row in lifecycle.rows:
            form: type[ActionForm] = form_of(lifecycle, row.name)
            if row.roles - {Role.SYSTEM} and form.base_fields:
                yield row.name, form


def test_every_amount_is_a_decimal_and_every_file_is_a_file(described):
    told, amounts, files = bodies(described), 0, 0
    for act, form in forms_of_acts():
        bodies_of_act = [each for each in told.get(act, []) if set(form.base_fields) <= set(each)]
        assert bodies_of_act, act
        for name, field in form.base_fields.items():
            shown = bodies_of_act[0][name] if len(bodies_of_act) == 1 else None
            every = [shown] if shown else [each[name] for each in bodies_of_act]
            if isinstance(field, MoneyField):
                amounts += 1
                assert any((e["type"], e["format"]) == ("string", "decimal") for e in every), (act, name)
            if isinstance(field, UploadField):
                files += 1
                inner = [e.get("items", e) for e in every]
                assert any((e["type"], e.get("format")) == ("string", "binary") for e in inner), (act, name)
            if isinstance(field, DayField):
                assert any(e["format"] == "date" for e in every), (act, name)
    assert amounts > 15
    assert files >= 5


def test_no_amount_is_described_as_a_whole_number(described):
    money = {
        name
        for _act, form in forms_of_acts()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.DecimalField)
    } - {
        name
        for _a, form in forms_of_acts()
        for name, f in form.base_fields.items()
        if type(f).__name__ == "CountField"
    }
    assert {"monthly_income", "amount", "price", "unit_price", "limit_price", "price_low"} - money <= {
        "price_low"
    }
    for act, every in bodies(described).items():
        for properties in every:
            for name in money & set(properties):
                assert properties[name].get("type") != "integer", (act, name)


def test_what_a_change_may_leave_out_is_not_required(described):
    required = described["components"]["schemas"]
    update = next(
        body
        for name, body in required.items()
        if name.lower().endswith("household_updatebody") or name == "Household_update"
    )
    assert not update.get("required")


def test_no_file_is_described_as_an_address(described):
    for name, body in described["components"]["schemas"].items():
        for field, shown in body.get("properties", {}).items():
            if field in ("file", "files", "papers") and name.endswith("Body"):
                assert shown.get("items", shown).get("format") != "uri", (name, field)
