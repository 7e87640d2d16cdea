"""Actions on key holders: appointed, given a passphrase, their shares submitted and later deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation import moments
from foundation.personal_data import keys
from foundation.refusals import Invalid, NotNow, Refused
from foundation.roles import SYSTEM, Actor
from foundation.wording import filled
from organizations.people.models import Membership
from procurement.bids import sealing
from procurement.bids.sealing import Passphrase
from procurement.key_holders.models import KeyHolder
from procurement.key_holders.states import KEY_HOLDER
from procurement.purchases.models import Project

#: The column to which the encryption of a submitted share is bound.
HANDED = "procurement_keyholder.handed"


def appoint(project: Project, people: Sequence[Membership], by: Actor) -> None:
    """Appoint ``people`` as the only key holders; those who stay keep their passphrase."""
    wanted = {person.user_id: person for person in people}
    for seat in project.keyholders.on_duty():
        if seat.person_id in wanted:
            del wanted[seat.person_id]
        else:
            release(seat, by=SYSTEM)
    for membership in wanted.values():
        appoint_one(by=by, project=project, membership=membership)


@KEY_HOLDER.start("name")
def appoint_one(*, by: Actor, project: Project, membership: Membership) -> KeyHolder:
    """Appoint one key holder."""
    return KeyHolder.objects.create(
        project=project, person_id=membership.user_id, organization_id=membership.organization_id
    )


@KEY_HOLDER.transition("take")
def set_passphrase(seat: KeyHolder, *, by: Actor, passphrase: Passphrase) -> None:
    """Set the holder's passphrase; only the public key derived from it is stored.

    Raises ``NotNow`` once the key has been split.
    """
    if seat.project.seal_key:
        raise NotNow(_("公告已发布，份额已经分好。"), rule="87号令第四十条")
    seat.salt = sealing.new_salt()
    seat.public_key = sealing.public_of(passphrase.key(seat.salt))


def split_key(project: Project) -> None:
    """Generate the key of a purchase and give each holder an encrypted share.

    Only the public half is stored.
    """
    seats = list(project.keyholders.ready())
    public, shares = sealing.split(project.keys_needed, [bytes(seat.public_key or b"") for seat in seats])
    project.seal_key = public
    for number, (seat, share) in enumerate(zip(seats, shares, strict=True), 1):
        KeyHolder.objects.filter(pk=seat.pk).update(number=number, share=share)


@KEY_HOLDER.transition("turn")
def submit_share(seat: KeyHolder, *, by: Actor, passphrase: Passphrase) -> None:
    """Submit the holder's share after the deadline.

    Raises ``NotNow`` before, ``Invalid`` for the wrong passphrase.
    """
    project = seat.project
    open_still = project.bids_until is None or moments.now() < project.bids_until
    if not project.bids_closed or open_still:
        raise NotNow(_("投标截止之前不能开启。"), rule="87号令第三十九条")
    key = passphrase.key(bytes(seat.salt or b""))
    try:
        share = sealing.open_share(bytes(seat.share or b""), key)
    except sealing.Unopened:
        message = _("口令不对，请重新输入。")
        raise Invalid(message, fields={"sealed_passphrase": message}) from None
    seat.handed = keys.encrypt(share, HANDED)


@KEY_HOLDER.transition("release")
def release(seat: KeyHolder, *, by: Actor) -> None:
    """End the holder's task and delete the submitted share."""
    seat.handed = None


def missing_shares(projects: Sequence[Project]) -> dict[int, Refused]:
    """Why the keys of purchases cannot be restored yet, by primary key: too few shares were submitted."""
    turned = KeyHolder.objects.turned().filter(project__in=projects)
    now = Counter(turned.values_list("project_id", flat=True))
    words = gettext_lazy("开标需要 %(needed)s 人交出份额，现在 %(now)s 人。")
    return {
        project.pk: NotNow(
            filled(words, needed=project.keys_needed, now=now[project.pk]), rule="87号令第四十条"
        )
        for project in projects
        if now[project.pk] < project.keys_needed
    }


def joined(project: Project) -> sealing.PrivateKey:
    """The key restored from the submitted shares; raises ``Refused`` for too few or wrong ones."""
    for refused in missing_shares([project]).values():
        raise refused
    seats = project.keyholders.turned()
    shares = [keys.decrypt(bytes(seat.handed or b""), HANDED) for seat in seats]
    try:
        return sealing.joined(shares[: project.keys_needed], bytes(project.seal_key or b""))
    except sealing.Unopened:
        raise Refused(_("交出的份额合不成这个项目的密钥。"), rule="87号令第四十条") from None
