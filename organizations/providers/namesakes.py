"""Organizations of the same name: whoever checks a provider is told, since one may pass itself off as the other."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.lifecycle.phases import DROPPED
from foundation.wording import listed
from organizations.bodies.models import Organization
from organizations.providers.models import Provider
from organizations.providers.states import Standing

#: How many are named at most.
MOST = 5


def told_of(provider: Provider, name: str = "") -> str:
    """Which others have the name of a provider, or the new ``name`` that it asks for, in words; "" for none.

    A registration that ended before it was admitted counts no more: whoever registers anew has its name.
    """
    same = (
        Organization.objects.filter(name=name or provider.organization.name)
        .exclude(pk=provider.organization_id)
        .exclude(provider__status__in=Standing.in_phase(DROPPED))
        .order_by("code")[:MOST]
    )
    codes = [one.credit_code or _("没有信用代码") for one in same]
    if not codes:
        return ""
    return _("本平台另有同名的机构（信用代码：%(codes)s），请核对是不是同一家、有没有冒名。") % {
        "codes": listed(codes)
    }
