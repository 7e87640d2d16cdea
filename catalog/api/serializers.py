"""What the API shows of the catalog."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from catalog.inputs import NameHeading
from catalog.item_fields import FIELDS
from catalog.item_form import ItemForm
from catalog.models import Comment, Edition, Heading, Import, Item, Offer, OfferPaper, Term
from foundation.api.base import LivedSerializer, serializer_for


class TermSerializer(serializers.ModelSerializer):
    class Meta:
        model = Term
        fields = ("starts", "until")


class EditionSerializer(LivedSerializer):
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
        fields = ("id", "edition", *(each.name for each in FIELDS))


class CommentSerializer(LivedSerializer):
    class Meta:
        model = Comment
        fields = ("edition", "body", "item_code", "text", "answer")


class ImportSerializer(LivedSerializer):
    class Meta:
        model = Import
        fields = ("edition", "file_name", "replace")


class PaperSerializer(serializers.ModelSerializer):
    class Meta:
        model = OfferPaper
        fields = ("id", "name", "kind", "size", "added_at")


class OfferSerializer(LivedSerializer):
    papers = PaperSerializer(many=True, read_only=True)

    class Meta:
        model = Offer
        fields = (
            "item",
            "provider",
            "places",
            "taken",
            "places_at",
            "weekly",
            "price",
            "staff",
            "weekdays",
            "opens_at",
            "closes_at",
            "changed_at",
            "papers",
        )


class FieldChangeSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a declared field leaves the class
    before = serializers.CharField()
    after = serializers.CharField()
    percent = serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True, required=False)


class ItemChangeSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    fields_changed = FieldChangeSerializer(many=True, source="fields")


class DifferenceSerializer(serializers.Serializer):
    older = serializers.IntegerField(source="older.pk")
    newer = serializers.IntegerField(source="newer.pk")
    added = ItemChangeSerializer(many=True)
    removed = ItemChangeSerializer(many=True)
    changed = ItemChangeSerializer(many=True)
    headings = FieldChangeSerializer(many=True)
    unchanged = serializers.IntegerField()


class TouchedSerializer(serializers.Serializer):
    code = serializers.CharField()
    words = serializers.CharField()
    address = serializers.CharField()
    consequence = serializers.CharField()


class KindSerializer(serializers.Serializer):
    title = serializers.CharField()
    count = serializers.IntegerField()
    rows = TouchedSerializer(many=True)


class CostSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    units = serializers.IntegerField()
    low = serializers.DecimalField(max_digits=16, decimal_places=2)
    high = serializers.DecimalField(max_digits=16, decimal_places=2)


class EffectSerializer(serializers.Serializer):
    kinds = KindSerializer(many=True)
    costs = CostSerializer(many=True)
    low = serializers.DecimalField(max_digits=16, decimal_places=2)
    high = serializers.DecimalField(max_digits=16, decimal_places=2)


class ImportLineSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["added", "changed", "same", "removed", "refused"])
    changes = FieldChangeSerializer(many=True)
    faults = serializers.ListField(child=serializers.CharField())
    says = serializers.ListField(child=serializers.CharField())


class PreviewSerializer(serializers.Serializer):
    lines = ImportLineSerializer(many=True)
    unknown = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    digest = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField())


class RenewalSerializer(serializers.Serializer):
    needed = serializers.BooleanField()
    over_ceiling = serializers.BooleanField()
    item = ItemSerializer(allow_null=True)
    changes = FieldChangeSerializer(many=True)


class DayItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = ("id", "edition", "code", "name", "price_low", "price_high", "price_ceiling")


ItemBody = serializer_for(ItemForm, None, "Item")
HeadingBody = serializer_for(NameHeading, None, "Heading")
