"""Rounds brought as far as a test needs them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from demo.starter.places_and_people import actor
from demo.starter.provider_documents import PAGE
from evaluations.assessments import reporting
from evaluations.assessments.models import Assessment
from evaluations.rounds import running
from evaluations.rounds.models import Round
from evaluations.sheets import lots, scoring
from evaluations.sheets.models import ScoreSheet
from foundation import moments
from foundation.roles import SYSTEM, Actor, Role
from foundation.rules import reading
from organizations.people.models import Membership, User
from organizations.providers.models import Provider
from tests import factories

CHAIR = "pinggu6"
Levels = int | Callable[[ScoreSheet, str, int], int | None]


def officer() -> Actor:
    return actor("minzheng")


def second() -> Actor:
    return actor("minzheng2")


def chair() -> Actor:
    return evaluator(User.objects.get(username=CHAIR).pk)


def evaluator(user_id: int) -> Actor:
    held = Membership.objects.select_related("user", "organization", "place")
    return held.get(user_id=user_id, role=Role.EVALUATOR).actor()


def in_days(days: float) -> Any:
    """As of so many days from now; several may be nested one after another, not within."""
    return moments.as_of(moments.now() + timedelta(days=days))


def planned(providers: Sequence[Provider], **changed: Any) -> Round:
    """A round that grades on any data at all, but for another ``least`` (None: as the city's rule says)."""
    today = moments.today()
    least = changed.pop("least", 1)
    if least is not None and reading.current("evaluation.data").value["least_percent"] != least:
        factories.rule("evaluation.data", least_percent=least)
    given = {
        "title": "测试轮次",
        "scheme": factories.scheme_in_use(),
        "period_from": today - timedelta(days=30),
        "period_to": today,
        "chair": User.objects.get(username=CHAIR),
    } | changed
    return running.plan(by=officer(), providers=list(providers), **given)


def reporting_(providers: Sequence[Provider], **changed: Any) -> Round:
    return running.ask_for_reports(planned(providers, **changed), by=officer())


def reported(providers: Sequence[Provider], **changed: Any) -> Round:
    round_ = reporting_(providers, **changed)
    for assessment in round_.assessments.select_related("provider"):
        by = factories.member_of(assessment.provider)
        reporting.report(assessment, by=by, words={"records": "每月自查，记录齐全。"})
    return round_


def scoring_(providers: Sequence[Provider], **changed: Any) -> Round:
    return running.begin_scoring(reported(providers, **changed), by=officer())


def seated(round_: Round) -> list[ScoreSheet]:
    """Every evaluator declares to be free."""
    sheets = ScoreSheet.objects.filter(assessment__round=round_, status="drawn").order_by("pk")
    return [lots.declare_free(sheet, by=evaluator(sheet.evaluator_id), confirmed=True) for sheet in sheets]


def handed_in(round_: Round, levels: Levels = 4) -> Round:
    """Every sheet with a level for all, or what a function of (sheet, mark, number of the rater) says."""
    seated(round_)
    sheets = ScoreSheet.objects.filter(assessment__round=round_, status="seated").order_by("pk")
    for number, sheet in enumerate(sheets):
        scores = {}
        for mark, _leaf, _case in scoring.marks_of(sheet):
            level = levels(sheet, mark, number) if callable(levels) else levels
            scores[mark] = {"level": level, "note": "看了记录" if level else "看不清"}
        scoring.submit(sheet, by=evaluator(sheet.evaluator_id), scores=scores)
    return Round.objects.get(pk=round_.pk)


def moderating(providers: Sequence[Provider], levels: Levels = 4, **changed: Any) -> Round:
    round_ = handed_in(scoring_(providers, **changed), levels)
    return running.begin_moderation(round_, by=chair())


def told(providers: Sequence[Provider], levels: Levels = 4, **changed: Any) -> Round:
    return running.tally(moderating(providers, levels, **changed), by=chair())


def announced(round_: Round) -> Round:
    """The time for appeals is over; the result is put on public notice."""
    return running.give_notice(running.end_appeals(round_, by=SYSTEM), by=officer())


def concluded(round_: Round) -> Round:
    """The notice is over; the result is published by the second officer."""
    return running.publish(running.end_notice(round_, by=SYSTEM), by=second())


def noticed(providers: Sequence[Provider], levels: Levels = 4, **changed: Any) -> Round:
    """On public notice: the time for appeals is over (20 days from now)."""
    round_ = told(providers, levels, **changed)
    with in_days(20):
        return announced(round_)


def published(providers: Sequence[Provider], levels: Levels = 4, **changed: Any) -> Round:
    """Published 30 days from now; what follows has been carried out then."""
    round_ = noticed(providers, levels, **changed)
    with in_days(30):
        return concluded(round_)


def only(round_: Round) -> Assessment:
    return round_.assessments.select_related("provider__organization", "round__scheme").get()


def served(provider: Provider | None = None, *, level: int = 1) -> Provider:
    """A provider that has finished one case with its goal reached."""
    from referrals.service import delivery

    given = {} if provider is None else {"offer__provider": provider}
    referral = factories.ReferralInService(**given)
    by = factories.member_of(referral.provider, Role.SOCIAL_WORKER)
    delivery.complete(referral, by=by, outcome="好", goal_level=3 + level)
    return referral.provider


def a_file(name: str = "证据.pdf") -> SimpleUploadedFile:
    file = SimpleUploadedFile(name, PAGE, content_type="application/pdf")
    file.kind = "pdf"
    return file


class Api:
    """The API in somebody's session."""

    def __init__(self, client) -> None:
        self.client, self.get = client, client.get

    def post(self, path: str, body: dict):
        return self.client.post(path, json.dumps(body), content_type="application/json")


#: What evaluators score of a provider as a whole.
KEYS = ("staff", "books", "safety")
