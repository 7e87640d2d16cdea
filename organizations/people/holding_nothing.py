"""What somebody is told who is signed in and holds no role: which one has ended or is still to begin, and whom to ask."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation import moments
from foundation.roles import GIVES_MEMBERSHIPS, Role
from foundation.wording import day, listed
from organizations.people.models import Membership, User

#: Administrators that are named at most.
NAMED = 4


def in_words(person: User) -> str:
    """Which role of the person has ended last, or begins next, and who may give one."""
    held = person.memberships.select_related("organization", "place")
    coming = held.from_today().order_by("valid_from", "pk").first()
    if coming is not None:
        given = {"seat": coming.in_full, "day": day(coming.valid_from)}
        return _("您的身份“%(seat)s”从 %(day)s 起才能用。") % given + _whom_to_ask(coming)
    last = held.exclude(valid_to=None).order_by("-valid_to", "-pk").first()
    if last is None:
        return _("您的账号还没有任何身份。") + _whom_to_ask(None)
    if last.valid_from > moments.today():
        return _("您的身份“%(seat)s”还没有开始，已经取消。") % {"seat": last.in_full} + _whom_to_ask(last)
    given = {"seat": last.in_full, "day": day(last.valid_to)}
    return _("您的身份“%(seat)s”在 %(day)s 结束了。") % given + _whom_to_ask(last)


def _whom_to_ask(membership: Membership | None) -> str:
    """The administrators who give such a role: those of its organization, else the city's."""
    today = Membership.objects.on(moments.today()).filter(role__in=GIVES_MEMBERSHIPS, user__is_active=True)
    own = today.filter(role=Role.STAFF_MANAGER, organization=membership.organization_id if membership else 0)
    found = own if own.exists() else today.filter(role=Role.ADMINISTRATOR)
    names = [one.user.full_name for one in found.select_related("user").order_by("pk")[:NAMED]]
    if not names:
        return _("有疑问请找管理员。")
    return _("还要在这里办事的\uff0c请找%(role)s%(names)s。") % {
        "role": found[0].get_role_display(),
        "names": listed(names),
    }
