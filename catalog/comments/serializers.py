"""Serializers of comments."""

from __future__ import annotations

from catalog.comments.models import Comment
from foundation.api.base import LifecycleSerializer


class CommentSerializer(LifecycleSerializer):
    class Meta:
        model = Comment
        fields = ("edition", "body", "item_code", "text", "answer")
