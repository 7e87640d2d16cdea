"""The API of comments on a draft edition."""

from catalog.comments.serializers import CommentSerializer
from foundation.api.base import resource

urlpatterns = [*resource("comments", CommentSerializer, filters=("edition", "status"), joins=("body",))]
