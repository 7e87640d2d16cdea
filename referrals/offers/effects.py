"""The effect of a new edition of the catalog on open referrals."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.comparisons.comparing import Difference
from catalog.editions.effects import SHOWN, Kind, Touched, touched
from foundation.lifecycle.phases import ASKED, PREPARED, SERVING
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus


@touched.register
def under_way(difference: Difference) -> Kind:
    """Open referrals on items that change; they go on under their conditions."""
    under_way = ReferralStatus.in_phase(PREPARED, ASKED, SERVING)
    open_ones = (
        Referral.objects.filter(status__in=under_way, offer__item__code__in=difference.touched)
        .select_related("offer__item", "provider__organization", "town")
        .only("number", "status", "offer__item__code", "provider__organization__name", "town__name")
        .order_by("offer__item__code", "pk")
    )
    rows = tuple(
        Touched(
            open_one.offer.item.code,
            f"{open_one.number} {open_one.town} → {open_one.provider.organization.name}",
            open_one.get_absolute_url(),
            _("%(state)s，按原条件继续") % {"state": open_one.status_label},
        )
        for open_one in open_ones[:SHOWN]
    )
    return Kind(_("办理中的转介"), open_ones.count(), rows)
