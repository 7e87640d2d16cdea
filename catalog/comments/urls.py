"""Addresses of the actions on comments."""

from catalog.comments.states import COMMENT
from foundation.ui.routing import urls_of

urlpatterns = [*urls_of(COMMENT, "comments", "comment")]
