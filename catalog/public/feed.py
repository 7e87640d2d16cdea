"""Published editions as an Atom feed."""

from __future__ import annotations

from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.editions.models import Edition
from foundation.moments import SHANGHAI
from foundation.wording import aside, day

#: The number of entries in the feed.
NEWEST = 30


class Publications(Feed):
    """Published editions, newest first; the address of an entry never changes."""

    feed_type = Atom1Feed
    title = gettext_lazy("社会救助政府购买服务目录")
    subtitle = gettext_lazy("新发布的目录版本")

    def link(self) -> str:
        """The page that lists all editions."""
        return reverse("public-editions")

    def items(self) -> list[Edition]:
        """The newest editions."""
        published = Edition.objects.published().select_related("issuer")
        return list(published.order_by("-published_on", "-id")[:NEWEST])

    def item_title(self, item: Edition) -> str:
        """Title and document number."""
        return aside(item.title, item.document_number)

    def item_description(self, item: Edition) -> str:
        """Whether it is in force, from when, and why it was corrected or withdrawn."""
        parts = [
            _("%(validity)s，%(day)s起施行") % {"validity": item.validity, "day": day(item.in_force_from)},
            item.note,
            item.correction_reason,
            item.withdrawal,
        ]
        return " ".join(filter(None, parts))

    def item_link(self, item: Edition) -> str:
        """The stable address of the edition."""
        return item.public_address()

    def item_author_name(self, item: Edition) -> str:
        """The body that published it."""
        return item.issuer.name

    def item_pubdate(self, item: Edition) -> datetime:
        """The day of publication in the city's time; raises ``TypeError`` for a draft."""
        if item.published_on is None:
            raise TypeError(f"{item} is not published")
        return datetime.combine(item.published_on, time(), SHANGHAI)

    def item_updateddate(self, item: Edition) -> datetime:
        """The day of publication: a published edition does not change."""
        return self.item_pubdate(item)
