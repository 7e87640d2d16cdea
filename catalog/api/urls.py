from rest_framework import serializers

from catalog.models import Comment, Edition, Item, Offer
from foundation.api.base import LivedSerializer, resource


class ItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = (
            "id",
            "edition",
            "code",
            "name",
            "name_en",
            "kind",
            "funding",
            "need_kind",
            "audience_text",
            "unit",
            "price_low",
            "price_high",
            "price_ceiling",
            "standard",
            "body",
        )


class EditionSerializer(LivedSerializer):
    class Meta:
        model = Edition
        fields = (
            "id",
            "title",
            "document_number",
            "index_number",
            "published_on",
            "in_force_from",
            "in_force_to",
            "status",
            "status_label",
            "moves",
        )


class CommentSerializer(LivedSerializer):
    class Meta:
        model = Comment
        fields = ("id", "edition", "body", "text", "answer", "status", "status_label", "moves")


class OfferSerializer(LivedSerializer):
    class Meta:
        model = Offer
        fields = (
            "id",
            "item",
            "provider",
            "places",
            "taken",
            "places_at",
            "price",
            "staff",
            "status",
            "status_label",
            "moves",
        )


urlpatterns = [
    *resource("editions", EditionSerializer, filters=("status",)),
    *resource("comments", CommentSerializer, filters=("edition", "status"), joins=("body",)),
    *resource(
        "offers",
        OfferSerializer,
        filters=("item", "provider", "status"),
        joins=("item", "provider__organization"),
    ),
]
