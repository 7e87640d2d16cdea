"""What the API shows of the catalog."""

from __future__ import annotations

from catalog.comments.models import Comment
from foundation.api.base import LivedSerializer


class CommentSerializer(LivedSerializer):
    class Meta:
        model = Comment
        fields = ("edition", "body", "item_code", "text", "answer")
