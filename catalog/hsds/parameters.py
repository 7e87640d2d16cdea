"""The parameters of the HSDS addresses: paging and filters as the standard defines them, checked by forms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from foundation.forms.base import AskingForm
from foundation.forms.fields import CountField, NumberField
from foundation.moments import SHANGHAI
from foundation.refusals import Invalid

#: Rows of one page: by default, and at most.
USUAL, MOST = 50, 500


class MomentField(forms.CharField):
    """A moment in ISO 8601 as UTC; without a zone the city's time, a day is its first moment."""

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]  # no text, a moment
        text = super().to_python(value)
        if not text:
            return None
        try:
            found = parse_datetime(text.replace(" ", "+"))
            day = None if found else parse_date(text)
        except ValueError:
            found, day = None, None
        if day:
            found = datetime(day.year, day.month, day.day)
        if found is None:
            raise forms.ValidationError(_("请按 2026-03-05T08:00:00+08:00 填写时间。"))
        aware = found if timezone.is_aware(found) else found.replace(tzinfo=SHANGHAI)
        try:
            return aware.astimezone(UTC)
        except OverflowError:
            raise forms.ValidationError(_("这个时间太早或太晚。")) from None


class Flag(forms.Field):
    """``true`` or ``false``; ``False`` if not given."""

    def to_python(self, value: Any) -> bool:
        known = {"true": True, "1": True, "false": False, "0": False}
        text = str(value or "").strip().lower()
        if text and text not in known:
            raise forms.ValidationError(_("请填 true 或 false。"))
        return known.get(text, False)


class Paging(AskingForm):
    """The parameters of every list."""

    page = CountField(required=False)
    per_page = CountField(most=MOST, required=False)
    format = forms.ChoiceField(choices=[("json", "json"), ("ndjson", "ndjson")], required=False)


class Searching(Paging):
    """The parameters of a list with a search."""

    search = forms.CharField(max_length=100, required=False)


class Services(Searching):
    """The filters of services."""

    taxonomy_term_id = forms.CharField(max_length=40, required=False)
    taxonomy_id = forms.CharField(max_length=40, required=False)
    organization_id = forms.CharField(max_length=40, required=False)
    modified_after = MomentField(required=False)
    minimal = Flag(required=False)
    full = Flag(required=False)


class ServicesAtLocations(Searching):
    """The filters of services at locations."""

    taxonomy_term_id = forms.CharField(max_length=40, required=False)
    taxonomy_id = forms.CharField(max_length=40, required=False)
    organization_id = forms.CharField(max_length=40, required=False)
    modified_after = MomentField(required=False)
    full = Flag(required=False)
    postcode = forms.CharField(max_length=12, required=False)
    proximity = NumberField(min_value=0, max_value=1_000_000, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("proximity") is not None and not found.get("postcode"):
            self.add_error("proximity", _("请同时给出 postcode。"))
        return found


class Organizations(Searching):
    """The filters of organizations."""

    full_service = Flag(required=False)
    full = Flag(required=False)


class OneOrganization(AskingForm):
    """The parameters of one organization."""

    full_service = Flag(required=False)


class Terms(Searching):
    """The filters of taxonomy terms."""

    taxonomy_id = forms.CharField(max_length=40, required=False)
    parent_id = forms.CharField(max_length=40, required=False)
    top_only = Flag(required=False)


class Nothing(AskingForm):
    """No parameters."""


def read(form_class: type[forms.Form], query: QueryDict) -> dict[str, Any]:
    """The parameters of a query by name; raises ``Invalid`` for unknown names and wrong values."""
    form = form_class(query)
    faults = {name: _("没有这个参数。") for name in set(query) - set(form.fields)}
    if not form.is_valid():
        faults |= {name: " ".join(map(str, words)) for name, words in form.errors.items()}
    if faults:
        raise Invalid(_("参数有误。"), fields=faults)
    return form.cleaned_data
