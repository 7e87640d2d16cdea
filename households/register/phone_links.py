"""The link in the text to an old number: whoever holds that telephone says that the change was not the household's."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.city import reading
from foundation.inbox import notices
from foundation.journal import sentences, writing
from foundation.personal_data.keys import keyed_hash
from foundation.refusals import NotNow
from foundation.roles import IN_CHARGE, SYSTEM
from foundation.transactions import whole
from foundation.wording import filled
from households.register import sessions
from households.register.models import Household

SALT = "households.register.phone_links"

#: Days for which the link is good.
DAYS = 30

#: What is written into the journal here.
DISPUTE = sentences.act(
    "dispute_phone", gettext_lazy("以前登记的电话说：联系电话不是本户要改的，已停用待核对")
)


def address_of(household: Household, old: str) -> str:
    """The address by which whoever has the ``old`` number refuses that it was changed."""
    token = signing.dumps([household.pk, _mark(old)], salt=SALT)
    return f"{settings.PUBLIC_ADDRESS}{reverse('phone-not-ours', args=[token])}"


def read(token: str, *, locked: bool = False) -> Household:
    """The household of a link, ``locked`` in a transaction; raises ``NotNow`` for none, an old one, or where the number
    is back.

    It outlives further changes, so that nobody who changes the number twice gets rid of the first one's word.
    """
    try:
        pk, mark = signing.loads(token, salt=SALT, max_age=timedelta(days=DAYS))
    except signing.BadSignature:
        raise NotNow(
            _("这个链接不对或已过期。请打窗口的电话或%(hotline)s。")
            % {"hotline": reading.current().hotline_called}
        ) from None
    households = Household.objects.select_for_update(no_key=True) if locked else Household.objects.all()
    household = households.filter(pk=pk).first()
    now = household.phone.plain() if household is not None and household.phone else ""
    if household is None or _mark(now) == mark:
        raise NotNow(_("登记的就是这个电话，不用再办。"))
    return household


@whole
def dispute(token: str) -> Household:
    """Doubt the new telephone: it opens nothing and gets no messages until a window has checked; raises ``NotNow``."""
    household = read(token, locked=True)
    if not household.phone_doubted:
        before = writing.picture(household)
        household.phone_doubted = True
        sessions.end(household)
        household.save(update_fields=["phone_doubted"])
        after = writing.picture(household)
        writing.write(
            household._meta.label, household, DISPUTE, SYSTEM, before=before, after=after, basis="S6"
        )
        words = gettext_lazy(
            "%(home)s：以前登记的电话说，联系电话不是本户要改的。新电话已停用，请核对是谁、为什么改的。"
        )
        for role in IN_CHARGE:
            notices.send(household, role, filled(words, home=household))
    return household


def _mark(number: str) -> str:
    """By which a link knows the number that it was sent to."""
    return keyed_hash(number)[:16]
