"""Objects in states in which the story holds none, so that what is offered on them is tried as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from catalog.editions import publishing
from catalog.items.models import Item
from catalog.offers import applying
from catalog.sheets import importing, writing
from catalog.sheets.models import Import
from contracts.templates import adopting, text
from demo.starter.checks import all_right
from demo.starter.places_and_people import actor
from evaluations.rectifications import rectifying
from evaluations.rectifications.models import Rectification
from evaluations.rounds import running
from evaluations.sheets import lots
from evaluations.sheets.models import ScoreSheet
from foundation import moments
from foundation.lifecycle.phases import SERVING
from foundation.personal_data import revealing
from foundation.roles import SYSTEM, Role
from foundation.rules import changing, reading
from foundation.work_items import settling
from households.corrections import correcting
from households.relocations import moving
from organizations.bodies.models import Organization
from organizations.fact_changes import changing as changing_facts
from organizations.invitations.models import Channel
from organizations.people import conflicts, ending
from organizations.people.models import ConflictOfInterest, Membership
from organizations.places.models import Place
from organizations.providers import accreditation, standing
from organizations.providers.models import Provider
from organizations.staff_lists import sending
from procurement.panel import scoring
from referrals.conference import meetings
from referrals.conference.models import Meeting
from referrals.matters import intake
from referrals.offers.models import Referral
from referrals.offers.states import ReferralStatus
from referrals.rematching import rematching
from tests import factories
from tests.accounts import USERS
from tests.catalog.sheets import File
from tests.evaluations import judging, leaving
from tests.procurement import purchases


def uploaded() -> Import:
    """A file for a draft of one of two officers: the other alone is left to approve the edition."""
    draft = factories.DraftEdition(change={"B01.01": {"name": "居家照护"}})
    return importing.upload(by=actor("minzheng"), edition=draft, file=File(writing.as_csv(draft), "csv"))


def imports() -> None:
    """One for a draft, and one for an edition that is consulted on meanwhile."""
    uploaded()
    publishing.open_consultation(uploaded().edition, by=actor("minzheng"))


def editions() -> None:
    """A draft, and an edition that waits for its second person."""
    factories.DraftEdition()
    factories.SubmittedEdition()


def _convened() -> Meeting:
    return meetings.convene(
        by=actor("mishu"),
        level="conference",
        held_on=moments.today(),
        venue="三楼",
        bodies=[Organization.objects.get(code="minzheng")],
    )


def conferences() -> None:
    """One with an item to be decided, and one without any."""
    need = factories.OpenNeed(kind="other")
    meetings.bring_to_conference(need, by=factories.window_of(need.town), reason="职责不清")
    meetings.open_meeting(_convened(), by=actor("mishu"))
    _convened()


def templates() -> None:
    adopting.draft(by=actor("minzheng"), title="另一份范本", body=text.shipped())


def corrections() -> None:
    household = factories.household_of()
    correcting.propose(
        by=factories.window_of(household.town),
        household=household,
        person=household.head.person,
        id_number=factories.new_id_number(),
        why="核对原件",
    )


def relocations() -> None:
    household = factories.household_of()
    place = Place.objects.exclude(parent=None).exclude(parent=household.town).latest("pk")
    moving.propose(by=factories.window_of(household.town), household=household, place=place, address="1 号")


def rounds() -> None:
    """A round in each state between two steps of officers."""
    served = [judging.served()]
    judging.planned(served)
    judging.reporting_(served)
    judging.handed_in(judging.scoring_(served))
    judging.moderating(served)
    told = judging.told(served)
    with judging.in_days(20):
        running.end_appeals(told, by=SYSTEM)


@contextmanager
def _none_but(organization: Organization, free: int, chair: str = "") -> Iterator[None]:
    """Meanwhile all evaluators but the first so many, and the chair, have a tie with an organization."""
    held = Membership.objects.on(moments.today()).filter(role=Role.EVALUATOR, user__in=lots.pool())
    others = list(held.exclude(user__username=chair).order_by("pk").values_list("user_id", flat=True))[free:]
    for person in others:
        conflicts.declare(person, organization, "kin")
    yield
    ConflictOfInterest.objects.filter(organization=organization, person__in=others).delete()


def sheets() -> None:
    """Those of the rounds, and drawn ones of evaluators whose ties with the provider are known by now."""
    rounds()
    provider = judging.served()
    with _none_but(provider.organization, free=2, chair=judging.CHAIR):
        scored = judging.scoring_([provider])
    for drawn in ScoreSheet.objects.filter(assessment__round=scored):
        conflicts.declare(drawn.evaluator_id, provider.organization, "kin")


def seats() -> None:
    """Those of experts whose ties with a bidder are known by now."""
    project = purchases.qualified()
    bidder = project.bids.order_by("pk")[0].provider.organization
    with _none_but(bidder, free=3):
        project = scoring.draw_panel(project, by=purchases.officer())
    for seat in project.panelseats.all():
        conflicts.declare(seat.person_id, bidder, "shareholding")


def matters() -> None:
    """A report of signs of harm that nobody has looked into."""
    who = {"name": "孙七", "id_number": factories.new_id_number(), "category": "none", "size": 1}
    intake.report(by=actor("xieguan"), story="孩子身上有伤", harm=True, **who)


def exits() -> None:
    """One that the panel votes on, and one of a provider that still has somebody to help."""
    leaving.heard(judging.served())
    leaving.decided(Provider.objects.get(pk=factories.ReferralInService().provider_id))


def offers() -> None:
    """One of a provider that was suspended before it was reviewed."""
    provider = factories.AccreditedProvider()
    applying.apply(
        by=factories.member_of(provider),
        item=Item.objects.in_force().get(code="B01.01"),
        places=5,
        weekly=10,
        price=Decimal(40),
        staff="持证 3 人",
    )
    standing.suspend(provider, by=actor("minzheng"), reason="整改")


def bids() -> None:
    """One of a provider that was suspended before its bid was checked."""
    standing.suspend(purchases.opened().bids.all()[0].provider, by=actor("minzheng"), reason="整改")


def referrals() -> None:
    """One of a worker of the story of which all that was agreed is served."""
    of_the_worker = Referral.objects.visible_to(actor(USERS[Role.SOCIAL_WORKER]))
    served = of_the_worker.filter(status__in=ReferralStatus.in_phase(SERVING), used__gt=0).first()
    assert served is not None
    served.units = served.used
    served.save(update_fields=["units"])
    settling.touch(served)


def rectifications() -> None:
    """One that is ordered, and one that waits for its re-check."""
    for report in (False, True):
        provider = factories.AcceptedReferral().provider
        judging.published([provider], 1)
        if report:
            ordered = Rectification.objects.get(provider=provider)
            rectifying.report(ordered, by=factories.member_of(provider), report="逐条改了")


def rules() -> None:
    """Two changes of one rule that were proposed together, and of which one was put in force."""
    value = reading.current("people.emergency").value
    first, _second = (
        changing.propose(
            by=actor("minzheng"), rule="people.emergency", value={**value, "lasts": lasts}, note="试行"
        )
        for lasts in (45, 50)
    )
    changing.approve(first, by=actor("minzheng2"))


def papers_checked() -> None:
    """The papers of a provider that were checked for a renewal which nobody has decided on."""
    provider = Provider.objects.get(organization=actor("jigou").organization)
    revealing.reveal(provider, "bank_account", by=actor("minzheng"), reason="与开户许可核对")
    accreditation.check_again(provider, by=actor("minzheng"), findings=all_right())


def fact_changes() -> None:
    """One of a provider whose papers were checked since it was asked for."""
    by = actor("jigou")
    changing_facts.propose(by=by, why="换届", legal_representative="新代表")
    papers_checked()


def staff_lists() -> None:
    """Two that were read and are not sent; whoever has uploaded the second has left meanwhile."""
    empty = dict.fromkeys(("email", "phone", "organization", "place", "valid_from", "valid_to"), "")
    person = empty | {"full_name": "赵新", "role": Role.HOTLINE.value, "channel": Channel.LETTER.value}
    for username in ("guanli", "guanli2"):
        sending.upload(by=actor(username), people=[person], file_name="renyuan.xlsx")
    ending.end(Membership.objects.get(user__username="guanli2"), by=actor("guanli"), reason="调离")


def rematches() -> None:
    referral = factories.ReferralInService()
    rematching.preview(by=actor("minzheng"), provider=Provider.objects.get(pk=referral.provider_id))


CASES: dict[str, Callable[[], object]] = {
    "catalog.Edition": editions,
    "catalog.Import": imports,
    "catalog.Offer": offers,
    "contracts.Template": templates,
    "evaluations.Assessment": rounds,
    "evaluations.Exit": exits,
    "evaluations.Rectification": rectifications,
    "evaluations.Round": rounds,
    "evaluations.ScoreSheet": sheets,
    "foundation.RuleVersion": rules,
    "households.Correction": corrections,
    "households.Relocation": relocations,
    "organizations.FactChange": fact_changes,  # before the papers are checked
    "organizations.Certificate": papers_checked,
    "organizations.StaffList": staff_lists,
    "organizations.YearlyCheck": papers_checked,
    "procurement.Bid": bids,
    "procurement.PanelSeat": seats,
    "referrals.Matter": matters,
    "referrals.Meeting": conferences,
    "referrals.Referral": referrals,
    "referrals.Rematch": rematches,
}


def add(label: str) -> None:
    """Make those of one table."""
    if label in CASES:
        CASES[label]()
