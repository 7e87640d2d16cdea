"""The actions on matters: applications and reports by every channel, acceptance with the slip, missing
documents, the end.

Only the window, with the document at hand, joins an application to a registered household.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.advisory_locks import take_lock
from foundation.deadlines import clocks
from foundation.forms.typed import order_code
from foundation.inbox import notices
from foundation.numbering import numbers
from foundation.numbering.series import Series
from foundation.refusals import Invalid, Refused
from foundation.roles import NO_OFFICIALS, REPORTS_FROM_OUTSIDE, Actor, Role
from foundation.wording import filled
from households.consents import giving
from households.consents.forms import SCOPE
from households.consents.models import ConsentForm
from households.identity import verifying
from households.register import registration
from households.register.models import Category, Household, Language
from organizations.bodies.models import Organization
from organizations.places.models import Place
from referrals.matters import identifying
from referrals.matters.models import Channel, Matter
from referrals.matters.states import HARM, MATTER, PAPERS_LATER
from referrals.needs import papers as telling
from referrals.needs import triage


@MATTER.start("accept_application")
def accept_application(
    *,
    by: Actor,
    id_number: str,
    needs: list[str],
    name: str = "",
    place: Place | None = None,
    category: str = "",
    size: int | None = None,
    monthly_income: Decimal | None = None,
    phone: str = "",
    address: str = "",
    language: str = Language.MANDARIN,
    story: str = "",
    urgent: bool = False,
    papers_later: bool = False,
    channel: str = Channel.WINDOW,
    consent: bool = False,
    worker_sex: str = "",
    differences: str = "",
    difference_name: str = "",
    difference_phone: str = "",
    difference_address: str = "",
    why: str = "",
) -> Matter:
    """Accept an application at the window and register each need.

    A household that the city knows is found by the identity number of the document; then only needs and story
    count, and where name, phone or address differ from the register, ``differences`` decides which are right
    (``difference_name`` and the like for one field). With ``papers_later`` urgent help begins before the
    documents are complete. Raises ``Invalid`` where a new household lacks data or lives in another town (S3:
    the place of residence is in charge).
    """
    household = identifying.at_the_window(
        by,
        name=name,
        id_number=id_number,
        place=place,
        category=category,
        size=size,
        monthly_income=monthly_income,
        phone=phone,
        address=address,
        language=language,
        decided=verifying.Decided(differences, difference_name, difference_phone, difference_address),
        why=why,
    )
    matter = _open(
        household,
        by,
        channel,
        status=MATTER.get_start("accept_application").state,
        story=story,
        urgent=urgent,
        papers_later=urgent and papers_later,
    )
    if consent:
        giving.give_consent(household, by=by, scope=[key for key, _label in SCOPE], form=ConsentForm.WRITTEN)
    return _register(matter, by, needs, worker_sex=worker_sex)


@MATTER.start("find")
def find(*, by: Actor, household: Household, kind: str, story: str) -> Matter:
    """Open a matter for a household that has not asked, because help seems to be missing (S4).

    Raises ``Refused`` for an unverified household, or one where nobody lives.
    """
    if not household.verified:
        raise Refused(_("这户还没有核对证件，请先受理它的求助。"), rule="S22")
    matter = _open(household, by, Channel.FOUND, status=MATTER.get_start("find").state, story=story)
    return _register(matter, by, [kind])


@MATTER.start("report")
def report(
    *,
    by: Actor,
    name: str,
    id_number: str,
    category: str,
    size: int,
    story: str,
    phone: str = "",
    address: str = "",
    urgent: bool = False,
    harm: bool = False,
) -> Matter:
    """Report a household of the own village, as a village assistant or grid worker (S8, S9).

    The answer is the same whoever the number belongs to: the window looks when it accepts. Signs of harm to a
    minor make the matter urgent, and civil affairs is notified at once.
    """
    household = identifying.as_told(
        by,
        name=name,
        id_number=id_number,
        place=Place.objects.get(pk=by.place),
        category=category,
        size=size,
        phone=phone,
        address=address,
    )
    channel = Channel.GRID if by.role == Role.GRID_WORKER else Channel.ASSISTANT
    return _reported(household, by, channel, story=story, urgent=urgent, harm=harm)


@MATTER.start("report_as_provider")
def report_as_provider(
    *,
    by: Actor,
    place: Place,
    name: str,
    id_number: str,
    size: int,
    story: str,
    phone: str = "",
    address: str = "",
    urgent: bool = False,
    harm: bool = False,
) -> Matter:
    """Report a household in need to the window in charge, as a provider that met it (S4)."""
    household = identifying.as_told(
        by,
        name=name,
        id_number=id_number,
        place=place,
        category=Category.NONE,
        size=size,
        phone=phone,
        address=address,
    )
    return _reported(household, by, Channel.PROVIDER, story=story, urgent=urgent, harm=harm)


@MATTER.start("report_by_hotline")
def report_by_hotline(
    *,
    by: Actor,
    order: str,
    place: Place,
    name: str,
    phone: str,
    story: str,
    id_number: str = "",
    address: str = "",
    urgent: bool = False,
    harm: bool = False,
) -> Matter:
    """Report an order of the 12345 hotline, by day or night (S10).

    The hotline may know no identity number. Its order number is stored as written and compared in normal
    form. Raises ``Invalid`` for an order that was sent before.
    """
    code = order_code(order)
    if not code:
        message = _("请填写工单号，至少有一个字母或数字。")
        raise Invalid(message, fields={"order": message}, rule="S10")
    take_lock("matter.order", code)
    earlier = Matter.objects.filter(channel=Channel.HOTLINE, external_code=code).first()
    if earlier is not None:
        message = _("这个工单已经派来，受理号 %(number)s。") % {"number": earlier.number}
        raise Invalid(message, fields={"order": message}, rule="S10")
    household = identifying.as_told(
        by,
        name=name,
        id_number=id_number,
        place=place,
        category=Category.NONE,
        size=1,
        phone=phone,
        address=address,
    )
    return _reported(household, by, Channel.HOTLINE, story=story, urgent=urgent, harm=harm, order=order)


@MATTER.start("apply")
def apply(
    *,
    by: Actor,
    needs: list[str],
    story: str,
    urgent: bool = False,
    household: Household | None = None,
    name: str = "",
    id_number: str = "",
    place: Place | None = None,
    size: int | None = None,
    phone: str = "",
    address: str = "",
) -> Matter:
    """Apply as a household, signed in or with a code sent to its phone (S7).

    The window accepts it as any other report; ``needs`` are the kinds that the household ticked.
    """
    if by.role == Role.HOUSEHOLD:
        household = Household.objects.visible_to(by).get()
        identifying.refuse_second_application(household)
    elif household is None:
        household = identifying.as_told(
            by,
            name=name,
            id_number=id_number,
            place=place,
            category=Category.NONE,
            size=size,
            phone=phone,
            address=address,
        )
    return _reported(household, by, Channel.SELF_SERVICE, story=story, urgent=urgent, wishes=list(needs))


@MATTER.transition("accept")
def accept(
    matter: Matter,
    *,
    by: Actor,
    needs: list[str],
    id_number: str = "",
    name: str = "",
    phone: str = "",
    address: str = "",
    differences: str = "",
    difference_name: str = "",
    difference_phone: str = "",
    difference_address: str = "",
    why: str = "",
    category: str = "",
    papers_later: bool = False,
) -> None:
    """Accept what was reported, with its needs; the slip is issued.

    Whoever accepts is first asked from now on. An unverified household gets the identity number of the
    document here, or is joined to the registered household of that number; name, phone and address are
    compared with the register (``identifying``). Raises ``Invalid``.
    """
    told = verifying.Told(name, phone, address)
    decided = verifying.Decided(differences, difference_name, difference_phone, difference_address)
    identifying.identify(matter, id_number, told, by=by, decided=decided, why=why)
    if category and matter.household.category == Category.NONE:
        household = matter.household
        household.category = category
        household.save(update_fields=["category"])
    matter.first_asked_id, matter.first_asked_name = by.user_id or 0, by.name
    matter.papers_later = matter.urgent and papers_later
    _register(matter, by, needs)
    _tell_reporters(matter, "accept")


@MATTER.transition("ask_papers")
def ask_papers(matter: Matter, *, by: Actor, papers: str, again_because: str = "") -> None:
    """Ask for every missing document at once, one time (S12).

    Raises ``Invalid`` for a second request without a reason.
    """
    telling.ask(matter, by=by, papers=papers, again_because=again_because)


@MATTER.transition("add_papers")
def add_papers(matter: Matter, *, by: Actor) -> None:
    """The documents of urgent help are complete (5 working days after it began)."""
    matter.papers_later = False
    telling.complete(matter)
    clocks.stop(MATTER, matter, PAPERS_LATER)


@MATTER.transition("explain")
def explain(matter: Matter, *, by: Actor, reason: str) -> None:
    """The end of a matter that cannot be accepted (S13)."""
    _tell_reporters(matter, "explain")


def _tell_reporters(matter: Matter, name: str) -> None:
    """Notify whoever reported it from outside what is done with it, and not by whom: who has the household is not
    told outside.
    """
    for role in REPORTS_FROM_OUTSIDE:
        notices.send(matter, role, notices.about(matter, MATTER.get_transition(name).label))


@MATTER.transition("close")
def close(matter: Matter, *, by: Actor) -> None:
    """The end of a matter of which every need is answered."""
    clocks.stop(MATTER, matter, HARM)


@MATTER.transition("end_with_death")
def end_with_death(matter: Matter, *, by: Actor) -> None:
    """The end of a matter whose person has died."""
    clocks.stop(MATTER, matter, HARM)


def _reported(
    household: Household, by: Actor, channel: str, *, urgent: bool, harm: bool = False, **more: Any
) -> Matter:
    matter = _open(household, by, channel, urgent=urgent or harm, harm=harm, **more)
    if harm:
        clocks.begin(MATTER, matter, HARM)
        words = gettext_lazy("%(number)s：发现未成年人受侵害迹象，须立即处理（强制报告）")
        notices.send(matter, Role.CIVIL_AFFAIRS, filled(words, number=matter.number))
    return matter


def _open(household: Household, by: Actor, channel: str, *, order: str = "", **more: Any) -> Matter:
    """A matter that was reported, unless ``more`` says that it is in another state."""
    household = registration.lived_in(household)
    window = Organization.objects.windows().filter(place_id=household.town_id).first()
    if window is None:
        raise Invalid(_("%(town)s还没有设立受理窗口。") % {"town": household.town}, rule="S7")
    return Matter.objects.create(
        number=numbers.next_number(Series.MATTER),
        household=household,
        town_id=household.town_id,
        window=window,
        channel=channel,
        external_number=order,
        external_code=order_code(order),
        reporter_organization_id=by.organization,
        **_asked_first(by, window),
        **more,
    )


def _asked_first(by: Actor, window: Organization) -> dict[str, Any]:
    """Who is first asked until the matter is accepted: the official who reported it; without one the window,
    and never the applicant.
    """
    if by.role in NO_OFFICIALS:
        return {"first_asked_id": 0, "first_asked_name": window.name[:40]}
    return {"first_asked_id": by.user_id or 0, "first_asked_name": by.name or window.name[:40]}


def _register(matter: Matter, by: Actor, needs: list[str], *, worker_sex: str = "") -> Matter:
    """Register the needs of an accepted matter, each kind once; urgent ones start their own deadlines."""
    for kind in dict.fromkeys(needs):
        triage.add(
            by=by,
            matter=matter,
            kind=kind,
            text=matter.story[:300],
            urgent=matter.urgent,
            worker_sex=worker_sex,
        )
    if matter.papers_later:
        clocks.begin(MATTER, matter, PAPERS_LATER)
    return matter
