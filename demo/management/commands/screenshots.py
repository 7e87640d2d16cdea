"""Take screenshots of every role's main pages, at 1440 and 390 px, into var/screenshots/."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.urls import resolve, reverse

from catalog.editions.models import Edition
from catalog.editions.states import OPEN_TO_COMMENTS, EditionStatus
from catalog.offers.models import Offer
from contracts.amendments.models import Amendment
from contracts.budgets.models import BudgetChange, BudgetLine
from contracts.contracts.models import Contract
from contracts.contracts.states import ContractStatus
from contracts.invoices.models import Invoice
from contracts.penalties.models import Penalty
from demo.accounts import PASSWORD as DEMO_PASSWORD
from demo.accounts import accounts
from evaluations.assessments.models import Assessment
from evaluations.assessments.states import AssessmentStatus
from evaluations.exits.models import Exit
from evaluations.rectifications.models import Rectification
from evaluations.rounds.models import Round
from evaluations.rounds.states import RoundStatus
from evaluations.schemes.models import Scheme
from evaluations.schemes.states import SchemeStatus
from evaluations.sheets.models import ScoreSheet
from evaluations.sheets.states import SheetStatus
from evaluations.simulations.models import Simulation
from evaluations.warnings.models import Signal
from foundation.lifecycle.models import LifecycleModel
from foundation.lifecycle.phases import ANSWERING, ASKED, ENDED, PREPARED, SERVING
from foundation.roles import PEOPLE, Actor, Role
from giving.models import Gift, Pool
from households.register.models import Household
from marketplace.chrome.navigation import PUBLIC, RAIL
from marketplace.server import embedded, serving
from organizations.people.models import Membership, User
from organizations.providers.models import Provider
from organizations.responsibilities.models import Responsibility
from procurement.bids.models import Bid
from procurement.bids.states import WON
from procurement.key_holders.models import KeyHolder
from procurement.objections.models import Objection
from procurement.panel.models import PanelSeat
from procurement.panel.states import PanelSeatStatus
from procurement.phases import OPEN_TO_OBJECTION, OUT_FOR_BIDS
from procurement.purchases.models import Project
from procurement.purchases.states import ProjectStatus
from procurement.questions.models import Question
from referrals.complaints.models import Complaint
from referrals.conference.models import Meeting
from referrals.handovers.models import Handover
from referrals.matters.models import Matter
from referrals.matters.states import MatterStatus
from referrals.needs.models import Need
from referrals.needs.states import NeedStatus
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL, UNANSWERED, ReferralStatus
from referrals.requests.models import RequestForOffers

WIDTHS = (1440, 390)


#: The options of Debian's Chromium on a server, without connections to other hosts.
CHROMIUM: dict[str, Any] = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}


class Command(BaseCommand):
    help = "Takes every role's main pages at both widths into var/screenshots/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", choices=[*PEOPLE, "public"], help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        if not User.objects.exists():
            call_command("load_starter", stdout=self.stdout)
        plans = {
            role: list(pages_of(role)) for role in ("public", *PEOPLE) if options["role"] in (None, role)
        }
        connection.close()
        target = settings.VAR / "screenshots"
        if not options["role"]:
            shutil.rmtree(target, ignore_errors=True)
        with browsing() as (browser, address):
            for role, pages in plans.items():
                for width in WIDTHS:
                    count = _take(browser, address, role, pages, width, target / role)
                self.stdout.write(f"  {role:<16}{count:>3} pages")


@contextmanager
def browsing() -> Iterator[tuple[Any, str]]:
    """A browser, and the address of the product, which is served meanwhile."""
    from playwright.sync_api import sync_playwright

    embedded.share_with_children()
    os.environ["WEB_WORKERS"] = "1"
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    call_command("collectstatic", verbosity=0, interactive=False)
    processes = serving.Processes(serving.commands("127.0.0.1", port), settings.BASE_DIR)
    try:
        processes.until_ready(lambda: serving.answers(f"{address}/sign-in/"))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**CHROMIUM)
            yield browser, address
            browser.close()
    finally:
        processes.stop()


def _take(
    browser: Any, address: str, role: str, pages: list[tuple[str, str]], width: int, target: Path
) -> int:
    target.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    if role != "public":
        page.goto(f"{address}{reverse('sign-in')}")
        page.fill("[name=username]", _username(role))
        page.fill("[name=password]", DEMO_PASSWORD)
        page.click("main form button")
        page.wait_for_url("**/workbench/")
    for name, path in pages:
        page.goto(f"{address}{path}")
        # As tall as the page, so that elements fixed to the bottom do not cover the middle.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(900, min(height, 6000))})
        page.screenshot(path=target / f"{name}-{width}.png")
        page.set_viewport_size({"width": width, "height": 900})
    context.close()
    return len(pages)


def _username(role: str) -> str:
    return next(row["username"] for row in accounts() if row["role"] == role)


def free_port() -> int:
    """A free port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pages_of(role: str) -> Iterator[tuple[str, str]]:
    """(name, address) of a role's main pages: those of the navigation, and one object page of each kind."""
    if role == "public":
        yield from _public_pages()
        return
    membership = Membership.objects.select_related("user", "organization", "place").filter(
        user__username=_username(role), role=role
    )[0]
    actor = membership.actor()
    yield "inbox", reverse("inbox")
    for entry in RAIL[role]:
        yield entry.name, reverse(entry.name)
    for kind in KINDS:
        found = _example(kind, actor)
        if found is not None:
            yield from _pages_about(found, actor)
    if role in FURTHER:
        yield from FURTHER[role](actor)


def _public_pages() -> Iterator[tuple[str, str]]:
    """The pages for everybody, and one of each kind of thing that is published."""
    for entry in PUBLIC:
        yield entry.name, reverse(entry.name)
    item = Edition.objects.in_force().get().items.get(code="B01.01")
    provider = Provider.objects.published()[0]
    yield "item", item.get_absolute_url()
    yield "narrowed", f"{reverse('catalog')}?people=elderly&price_to=60"
    yield "edition", item.edition.public_address()
    yield "editions", f"{reverse('public-editions')}?on={item.edition.in_force_from}"
    older = Edition.objects.published().exclude(pk=item.edition_id)[0]
    yield "difference", reverse("edition-difference", args=[older.pk, item.edition_id])
    yield "provider", reverse("public-provider", args=[provider.organization.code])
    tender = Project.objects.published().open_to_objection()[0]
    yield "tender", tender.public_address
    yield "open-data", reverse("open-data")
    yield "opinion", reverse("clauses")
    yield "clause", reverse("clause", args=["3.2.2"])
    announced = Round.objects.public()[0]
    yield "round", reverse("public-round", args=[announced.pk])
    left = Exit.objects.published()[0]
    yield "exit", reverse("public-exit", args=[left.pk])
    yield "donations", reverse("public-pool", args=[Pool.objects.all()[0].pk])
    yield "sign-in", reverse("sign-in")
    yield "apply", reverse("apply")
    yield "household-sign-in", reverse("household-sign-in")


def _pages_about(found: Any, actor: Actor) -> Iterator[tuple[str, str]]:
    """The page of an object, and of the first thing that the actor can do with it."""
    name = type(found).__name__.lower()
    yield name, found.get_absolute_url()
    if getattr(found, "lifecycle", None):
        for move in found.transitions_for(actor)[:1]:
            yield f"{name}-{move.name}", found.transition_address(move)


def _of_civil_affairs(actor: Actor) -> Iterator[tuple[str, str]]:
    coming = Edition.objects.open_to_comments()[0]
    yield "effect", reverse("edition-effect", args=[coming.pk])
    yield "upload", reverse("import-new-upload")
    for name in (
        "rematches",
        "rematch-new-preview",
        "overdue",
        "holidays",
        "holiday-new-propose",
        "complaints",
        "meetings",
    ):
        yield name, reverse(name)
    for name in ("red-flags", "pools", "templates", "template-new-draft", "project-new-plan"):
        yield name, reverse(name)
    for name in ("schemes", "indicators", "signals", "exits", "rectifications", "simulations"):
        yield name, reverse(name)
    for name in ("exit-new-stop_at_once", "simulation-new-run", "round-new-plan"):
        yield name, reverse(name)
    draft = Scheme.objects.filter(status__in=SchemeStatus.in_phase(PREPARED))[0]
    yield "set-indicator", f"{draft.get_absolute_url()}set-indicator/?code=goals"
    served = Assessment.objects.settled()[0]
    yield "figures", reverse("provider-figures", args=[served.provider_id])
    yield "records", reverse("assessment-records", args=[served.pk, "answered"])
    planned = Project.objects.filter(status=ProjectStatus.PLANNED)[0]
    yield "set-terms", f"{planned.get_absolute_url()}set-terms/"


def _of_a_coordinator(actor: Actor) -> Iterator[tuple[str, str]]:
    open_now = Project.objects.visible_to(actor).out_for_bids()[0]
    yield "bid-for", reverse("bid-for", args=[open_now.number])
    yield "paper-new", reverse("paper-new")


def _of_a_window(actor: Actor) -> Iterator[tuple[str, str]]:
    need = Need.objects.visible_to(actor).filter(status=NeedStatus.OPEN, kind="ability").first()
    if need:
        yield "match", reverse("need-match", args=[need.pk])
    taken = Referral.objects.visible_to(actor).filter(status=ReferralStatus.IN_SERVICE)[0]
    yield "replace", reverse("referral-replace", args=[taken.number])


def _of_finance(actor: Actor) -> Iterator[tuple[str, str]]:
    for name in ("ledger", "budget-change-new-grant", "budget-change-new-close"):
        yield name, reverse(name)


def _of_a_social_worker(actor: Actor) -> Iterator[tuple[str, str]]:
    case = Referral.objects.visible_to(actor).filter(status=ReferralStatus.IN_SERVICE)[0]
    yield "visit", reverse("referral-record_visit", args=[case.number])


#: The pages of a role besides.
FURTHER: dict[str, Callable[[Actor], Iterator[tuple[str, str]]]] = {
    Role.CIVIL_AFFAIRS: _of_civil_affairs,
    Role.COORDINATOR: _of_a_coordinator,
    Role.WINDOW: _of_a_window,
    Role.FINANCE: _of_finance,
    Role.SOCIAL_WORKER: _of_a_social_worker,
}


#: The kinds of objects of which every role is shown one, if it sees any.
KINDS = (
    Matter,
    Need,
    Referral,
    Household,
    Edition,
    Provider,
    Offer,
    Contract,
    Invoice,
    Round,
    ScoreSheet,
    RequestForOffers,
    Complaint,
    Responsibility,
    Handover,
    Meeting,
    BudgetLine,
    BudgetChange,
    Amendment,
    Penalty,
    Project,
    Bid,
    Question,
    Objection,
    KeyHolder,
    PanelSeat,
    Pool,
    Gift,
    Scheme,
    Assessment,
    Signal,
    Rectification,
    Exit,
    Simulation,
)


#: The states in which the page of a kind shows the most.
_TELLING: dict[type[LifecycleModel], Sequence[str]] = {
    Matter: MatterStatus.in_phase(SERVING),
    Referral: REFERRAL.get_transition("complete").arrow.sources,
    Contract: ContractStatus.in_phase(SERVING),
    Edition: EditionStatus.in_phase(SERVING),
    Project: ProjectStatus.in_phase(OPEN_TO_OBJECTION),
    Bid: WON,
    PanelSeat: PanelSeatStatus.in_phase(ASKED),
    Round: RoundStatus.in_phase(ENDED),
    Assessment: AssessmentStatus.in_phase(ENDED),
    Scheme: SchemeStatus.in_phase(PREPARED),
}


#: The same for one role, where that is another.
_OWN: dict[tuple[type[LifecycleModel], Role], Sequence[str]] = {
    (Referral, Role.COORDINATOR): UNANSWERED,
    (Edition, Role.CIVIL_AFFAIRS): EditionStatus.with_trait(OPEN_TO_COMMENTS),
    (Project, Role.COORDINATOR): ProjectStatus.in_phase(OUT_FOR_BIDS),
    (PanelSeat, Role.EVALUATOR): PanelSeatStatus.in_phase(SERVING),
    (ScoreSheet, Role.EVALUATOR): SheetStatus.in_phase(SERVING),
    (Round, Role.EVALUATOR): RoundStatus.in_phase(SERVING),
    (Assessment, Role.COORDINATOR): AssessmentStatus.in_phase(ANSWERING),
    (Edition, Role.HANDLER): EditionStatus.with_trait(OPEN_TO_COMMENTS),
}


def _example(kind: Any, actor: Actor) -> Any:
    """An object of a kind whose page this person may open; None if there is none."""
    found = kind.objects.visible_to(actor)
    wanted = _OWN.get((kind, actor.role), _TELLING.get(kind))
    chosen = (found.filter(status__in=wanted).first() if wanted else None) or found.first()
    if chosen is None:
        return None
    page: Any = getattr(resolve(chosen.get_absolute_url()).func, "view_class")  # noqa: B009  all pages are classes
    return chosen if page.access.allows("GET", actor.role) else None
