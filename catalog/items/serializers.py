"""Serializers of editions, items and headings."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.editions.models import Edition, Term
from catalog.items.fields import FIELDS
from catalog.items.forms import NameHeading
from catalog.items.item_form import ItemForm
from catalog.items.models import Heading, Item
from foundation.api.base import LifecycleSerializer
from foundation.api.described import serializer_for


class TermSerializer(serializers.ModelSerializer):
    class Meta:
        model = Term
        fields = ("starts", "until")


class EditionSerializer(LifecycleSerializer):
    terms = TermSerializer(many=True, read_only=True)
    validity = serializers.CharField(read_only=True)

    class Meta:
        model = Edition
        fields = (
            "title",
            "title_en",
            "note",
            "corrects",
            "correction_reason",
            "revision",
            "issuer",
            "document_number",
            "index_number",
            "dated_on",
            "published_on",
            "in_force_from",
            "valid_until",
            "disclosure_form",
            "disclosure_manner",
            "disclosure_scope",
            "disclosure_period",
            "procedure",
            "genre",
            "topic",
            "keywords",
            "withdrawal",
            "validity",
            "terms",
        )


class HeadingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Heading
        fields = ("code", "name", "name_en")


class ItemSerializer(serializers.ModelSerializer):
    body: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Item
        fields = ("id", "edition", *(field.name for field in FIELDS))


class DayItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = ("id", "edition", "code", "name", "price_low", "price_high", "price_ceiling")


ItemBody = serializer_for(ItemForm, None, "Item")


HeadingBody = serializer_for(NameHeading, None, "Heading")
