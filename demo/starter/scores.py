"""A scheme in use, a published round with its consequences, a provisional and a running round, signals, and
exits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Q

from demo.starter.days import at
from demo.starter.files import read_yaml
from demo.starter.places_and_people import actor, coordinator_of
from evaluations.appeals import appealing
from evaluations.assessments import reporting
from evaluations.exits import exiting
from evaluations.exits.models import Exit
from evaluations.indicators import tallies
from evaluations.rounds import running
from evaluations.rounds.models import Round
from evaluations.rounds.states import RoundStatus
from evaluations.schemes import drafting
from evaluations.schemes.models import Scheme
from evaluations.sheets import lots, questions, scoring
from evaluations.sheets.models import ScoreSheet
from evaluations.simulations import simulating
from evaluations.warnings import warning
from foundation import moments
from foundation.lifecycle.phases import ENDED, SERVING, SUSPENDED
from foundation.roles import SYSTEM, Role
from organizations.people.models import Membership, User
from organizations.providers.models import Provider
from organizations.providers.states import Standing

CHAIR = "pinggu6"


#: The levels of the first round, by provider and evaluator in turn: good, fair, poor.
LEVELS = (4, 5, 4, 2, 3)


SAID = "按月对照计划自查，服务记录和确认码逐条核对；个案督导每月一次，记录见附件。"


def scheme() -> int:
    """Make the starter scheme, adopted by a second person; returns how many."""
    data = read_yaml("scheme.yaml")
    if Scheme.objects.filter(name=data["name"]).exists():
        return 0
    with moments.as_of(_days_ago(120)):
        new = drafting.draft(by=actor("minzheng"), name=data["name"], indicators=data["indicators"])
        drafting.adopt(new, by=actor("minzheng2"))
    return 1


def evaluation_rounds() -> int:
    """Make a published round, one with provisional results, and one that is being scored; returns how many."""
    if Round.objects.exists():
        return 0
    in_use = Scheme.objects.in_use().get()
    served: list[Provider] = list(
        Provider.objects.filter(referrals__isnull=False, status__in=Standing.in_phase(SERVING))
        .annotate(ended=Count("referrals", filter=Q(referrals__finished_at__isnull=False)))
        .order_by("-ended", "pk")
    )
    # The last one was suspended for its records, and fails.
    suspended = Provider.objects.get(status__in=Standing.in_phase(SUSPENDED))
    _published(in_use, [*served[:3], suspended])
    _provisional(in_use, served[1:4])
    _scored_now(in_use, served)
    tallies.rebuild()
    warning.watch()
    simulating.run(
        by=actor("minzheng"),
        scheme=_draft(in_use),
        round_=Round.objects.get(status__in=RoundStatus.in_phase(ENDED)),
        resamples=1000,
    )
    return 3


def _days_ago(days: int, hour: int = 10) -> datetime:
    return at(moments.today() - timedelta(days=days)) + timedelta(hours=hour - 9)


def _step(days: int, act: Callable[[], Any]) -> Any:
    """Act as of so many days ago."""
    with moments.as_of(_days_ago(days)):
        return act()


def _planned(in_use: Scheme, title: str, kind: str, served: list[Provider], ago: int, until: int) -> Round:
    today = moments.today()
    return _step(
        ago,
        lambda: running.plan(
            by=actor("minzheng"),
            title=title,
            scheme=in_use,
            kind=kind,
            period_from=today - timedelta(days=until + 180),
            period_to=today - timedelta(days=until),
            providers=served,
            chair=User.objects.get(username=CHAIR),
            sample_size=2,
        ),
    )


def _reported(round_: Round, ago: int) -> Round:
    """Every provider hands in its self-report."""
    by = actor("minzheng")
    round_ = _step(ago, lambda: running.ask_for_reports(round_, by=by))
    for assessment in round_.assessments.select_related("provider__organization"):
        words = {"records": SAID, "goals": "目标由家庭和社工一起定，每月对照。"}
        coordinator = coordinator_of(assessment.provider.organization)
        _step(ago - 1, partial(reporting.report, assessment, by=coordinator, words=words))
    return _step(ago - 2, lambda: running.begin_scoring(round_, by=by))


def _all_scored(round_: Round, ago: int) -> Round:
    """Every evaluator submits; two of them differ on one mark, which the chair decides."""
    sheets = ScoreSheet.objects.filter(assessment__round=round_).order_by("assessment_id", "pk")
    for number, sheet in enumerate(sheets):
        level = LEVELS[number // 2 % len(LEVELS)]
        _step(ago, partial(_handed_in, sheet, level, number))
    chair = _evaluator(User.objects.get(username=CHAIR).pk)
    round_ = _step(ago - 1, lambda: running.begin_moderation(round_, by=chair))
    differ, _suspected = questions.undecided(round_)
    for difference in differ:
        middle = sum(difference.levels.values()) // len(difference.levels)
        _step(
            ago - 2,
            partial(
                running.moderate,
                round_,
                by=chair,
                mark=difference.mark,
                level=middle,
                why="两位评估人员看的是不同月份的记录，合在一起看取中间等级。",
            ),
        )
    return _step(ago - 2, lambda: running.tally(round_, by=chair))


def _handed_in(sheet: ScoreSheet, level: int, number: int) -> None:
    by = _evaluator(sheet.evaluator_id)
    sheet = lots.declare_free(sheet, by=by, confirmed=True)
    given = {}
    for place, (mark, _leaf, _case) in enumerate(scoring.marks_of(sheet)):
        own = max(1, level - 1) if place % 4 == number % 4 else level
        if number == 1 and place == 1:
            own = max(1, level - 2)
        given[mark] = {"level": own, "note": "查看了记录、计划和确认方式。"}
    scoring.submit(sheet, by=by, scores=given)


def _evaluator(user_id: int) -> Any:
    held = Membership.objects.select_related("user", "organization", "place")
    return held.get(user_id=user_id, role=Role.EVALUATOR).actor()


def _published(in_use: Scheme, served: list[Provider]) -> None:
    year = moments.today().year
    round_ = _planned(in_use, f"{year}年中期评估", "mid_term", served, 52, 53)
    round_ = _all_scored(_reported(round_, 50), 44)
    officer, second = actor("minzheng"), actor("minzheng2")
    round_ = _step(26, lambda: running.end_appeals(round_, by=SYSTEM))
    round_ = _step(25, lambda: running.give_notice(round_, by=officer))
    round_ = _step(17, lambda: running.end_notice(round_, by=SYSTEM))
    _step(16, lambda: running.publish(round_, by=second))


def _provisional(in_use: Scheme, served: list[Provider]) -> None:
    year = moments.today().year
    round_ = _planned(in_use, f"{year}年专项评估", "mid_term", served, 12, 13)
    round_ = _all_scored(_reported(round_, 11), 6)
    best = round_.assessments.order_by("rank").select_related("provider__organization")[0]
    _step(
        3,
        lambda: appealing.file(
            by=coordinator_of(best.provider.organization),
            assessment=best,
            indicator="contact",
            text="两户首次联系的日期登记晚了一天，通话记录可以证明当天已经联系。",
        ),
    )


def _scored_now(in_use: Scheme, served: list[Provider]) -> None:
    year = moments.today().year
    round_ = _reported(_planned(in_use, f"{year}年度评估", "yearly", served, 6, 7), 5)
    # One evaluator has declared and begun; the others still have to. It is the one of the demonstration, where the lots
    # have drawn that one.
    drawn = ScoreSheet.objects.filter(assessment__round=round_, assessment__population__gt=0)
    sheets = list(drawn.select_related("evaluator").order_by("pk"))
    mine = next((sheet for sheet in sheets if sheet.evaluator.username == "pinggu"), sheets[0])
    by = _evaluator(mine.evaluator_id)
    mine = _step(2, partial(lots.declare_free, mine, by=by, confirmed=True))
    begun = {"staff": {"level": 4, "note": "看了资质证书和督导记录，九月起每月一次。"}}
    _step(2, lambda: scoring.score(mine, by=by, scores=begun))


def _draft(in_use: Scheme) -> Scheme:
    """Draft next year's scheme: results weigh more, access less."""
    year = moments.today().year + 1
    draft = drafting.draft(by=actor("minzheng"), name=f"评估方案（{year}，征求意见）", copy_of=in_use)
    for key, group, title, weight, figure in (
        ("answer", "响应可及", "按时答复转介", 5, "answered"),
        ("goals", "服务成效", "目标达成", 18, "goals"),
    ):
        draft = drafting.set_indicator(
            draft,
            by=actor("minzheng"),
            code=key,
            group=group,
            title=title,
            weight=weight,
            source="automatic",
            figure=figure,
        )
    return draft


def exits() -> int:
    """The exited provider of the file leaves step by step; another asks to leave. Returns how many."""
    if Exit.objects.exists():
        return 0
    row = next(row for row in read_yaml("providers.yaml") if row.get("standing") in Standing.in_phase(ENDED))
    leaving = Provider.objects.get(organization__credit_code=row["credit_code"])
    first, second = actor("minzheng"), actor("minzheng2")
    panel = [User.objects.get(username=name).pk for name in ("minzheng2", "pinggu4", "pinggu5")]
    found = _step(
        40, lambda: exiting.propose(by=first, provider=leaving, cause="breach", reasons=row["reason"])
    )
    found = _step(39, lambda: exiting.give_notice(found, by=first, reasons=row["reason"], panel=panel))
    # It has nobody left to make a statement, so the time for one runs out.
    found = _step(30, lambda: exiting.hearing_over(found, by=SYSTEM))
    voices = (second, _evaluator(panel[1]))
    for voice in voices:
        _step(28, partial(exiting.vote, found, by=voice, leaves=True, why="抽查 12 条记录，5 条查无此事。"))
    found = Exit.objects.get(pk=found.pk)
    found = _step(20, lambda: exiting.finish_handover(found, by=first))
    _step(12, lambda: exiting.settle(found, by=first))
    _asks_to_leave()
    return 2


def _asks_to_leave() -> None:
    """A provider with a coordinator asks to leave by itself."""
    going = Membership.objects.filter(
        role=Role.COORDINATOR, organization__name="江阴邻里守望志愿服务中心"
    ).first()
    if going is not None:
        _step(
            1,
            lambda: exiting.ask_to_leave(
                by=going.actor(),
                leaves_on=moments.today() + timedelta(days=40),
                reasons="负责人年事已高，服务的家庭愿意逐户交接。",
            ),
        )
