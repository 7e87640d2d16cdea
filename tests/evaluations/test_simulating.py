"""A draft tried over past data: grades, exits, payments — and how sure they are."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from evaluations.appeals import appealing
from evaluations.rounds import results, running
from evaluations.schemes import drafting
from evaluations.schemes.models import Scheme
from evaluations.simulations import simulating
from evaluations.simulations.models import Simulation
from foundation.api.defaults import Paging
from foundation.refusals import Invalid
from tests import factories
from tests.evaluations import judging
from tests.evaluations.judging import officer, only


def run(scheme, round_, **changed):
    given = {"resamples": 200} | changed
    return simulating.run(by=officer(), scheme=scheme, round_=round_, **given)


@pytest.fixture
def past():
    """A published round of a provider with a contract and a case."""
    provider = factories.ReferralInService().provider
    return judging.published([provider], 4)


def in_use() -> Scheme:
    return factories.scheme_in_use()


def row_of(simulation: Simulation) -> dict:
    return simulation.result["providers"][0]


def test_the_same_scheme_gives_the_published_result(past):
    row, assessment = row_of(run(past.scheme, past)), only(past)
    assert (row["total"], row["grade"]) == (str(assessment.total), assessment.grade)
    assert row["low"] <= float(assessment.total) <= row["high"]
    assert sum(row["chances"].values()) == pytest.approx(1, abs=0.01)


def test_other_thresholds_say_who_would_have_which_grade_and_what_payments_change(past):
    before = row_of(run(past.scheme, past))
    after = run(past.scheme, past, grades={"excellent": 99, "good": 98, "pass": 97})
    row = row_of(after)
    assert (before["grade"] in ("pass", "good"), row["grade"]) == (True, "fail")
    due = Decimal(row["due"])
    assert due > 0
    assert Decimal(row["payment_before"]) == due
    assert Decimal(row["payment"]) == due * Decimal("0.8")
    assert after.result["grades"]["fail"] == [0, 1]
    assert after.result["payments"] == [str(due), str((due * Decimal("0.8")).quantize(Decimal("0.01")))]


def test_who_failed_before_and_would_fail_again_would_exit(past):
    factories.rule("evaluation.panel", rotation=0)
    provider = only(past).provider
    hard = {"excellent": 99, "good": 98, "pass": 97}
    assert row_of(run(past.scheme, past, grades=hard))["exits"] == ""
    judging.published([provider], 1)
    again = judging.published([provider], 4)
    assert row_of(run(again.scheme, again, grades=hard))["exits"] == "failed_twice"


def test_a_draft_scheme_is_tried_without_being_adopted(past):
    draft = drafting.draft(by=officer(), name="只看质量")
    draft = drafting.load(
        draft,
        by=officer(),
        indicators=[{"key": "staff", "title": "人员", "weight": 100, "source": "scored", "by": "provider"}],
    )
    row = row_of(run(draft, past))
    assert (row["total"], row["grade"]) == ("75.00", "pass")
    assert Scheme.objects.get(pk=draft.pk).status == "draft"


def test_a_round_without_evidence_is_refused():
    waiting = judging.scoring_([factories.AccreditedProvider()])
    with pytest.raises(Invalid, match="没有可以试算的证据"):
        run(in_use(), waiting)


def test_thresholds_in_the_wrong_order_are_refused(past):
    with pytest.raises(Invalid) as refusal:
        run(past.scheme, past, grades={"excellent": 50})
    assert "good" in refusal.value.fields


def test_a_veto_fails_in_every_resample_and_what_an_appeal_has_set_is_not_drawn_anew():
    provider = factories.AccreditedProvider()
    round_ = judging.told([provider], 3)
    appeal = appealing.file(
        by=factories.member_of(provider), assessment=only(round_), indicator="staff", text="全部持证"
    )
    one, two = (judging.evaluator(pk) for pk in appeal.reviewers)
    appeal = appealing.propose(appeal, by=one, reason="属实", percent=Decimal("100"))
    appealing.grant(appeal, by=two)
    row = row_of(run(round_.scheme, round_))
    # All evaluators gave the same level, and the appeal is fixed: nothing varies.
    assert row["low"] == row["high"] == float(row["total"])
    running.rule(only(round_), "veto", "harm", Decimal("1"), "伤人", judging.chair())
    row = row_of(run(round_.scheme, round_))
    assert (row["grade"], row["exits"], row["chances"]["fail"]) == ("fail", "veto", 1.0)


def test_the_same_seed_gives_the_same_answer(past):
    one = simulating.simulated(past.scheme, past, past.scheme.grades, 100, seed=7)
    assert one == simulating.simulated(past.scheme, past, past.scheme.grades, 100, seed=7)


def test_a_simulation_moves_nothing(past):
    provider = only(past).provider
    before = (provider.status, provider.last_score, provider.contracts.get().payment_share)
    run(past.scheme, past, grades={"excellent": 99, "good": 98, "pass": 97})
    provider.refresh_from_db()
    assert (provider.status, provider.last_score, provider.contracts.get().payment_share) == before


# --- the resampling itself ----------------------------------------------------------------


def of(value: float, n: int, **changed) -> simulating.Indicator:
    array = np.array([value])
    given = {
        "weight": 1.0,
        "value": array,
        "n": np.array([float(n)]),
        "spread": np.zeros(1),
        "factor": np.ones(1),
    } | changed
    return simulating.Indicator(**given)


def test_a_share_drawn_anew_spreads_as_a_binomial_number_does():
    totals = simulating.resampled([of(0.8, 50)], 4000, 1)
    assert totals.mean() == pytest.approx(80, abs=0.5)
    assert totals.std() == pytest.approx(100 * (0.8 * 0.2 / 50) ** 0.5, rel=0.06)


def test_more_cases_make_a_result_surer():
    few, many = (simulating.resampled([of(0.8, n)], 2000, 1).std() for n in (10, 1000))
    assert many < few / 5


def test_levels_are_drawn_anew_by_case_and_by_rater():
    levels = np.array([[[5.0, 3.0], [1.0, np.nan], [np.nan, np.nan]]])
    nothing = np.zeros(1)
    drawn = simulating.Indicator(1.0, nothing, nothing, nothing, nothing, 1.0, 5.0, levels)
    totals = simulating.resampled([drawn], 4000, 1)
    # The cases' means are 4 and 1: 2.5 on the whole, 37.5 of 100; the empty case is never drawn.
    assert totals.mean() == pytest.approx(37.5, abs=1.5)
    assert totals.min() == 0
    assert totals.max() == 100


def test_the_weight_of_what_has_no_data_is_spread_in_every_resample():
    totals = simulating.resampled([of(0.5, 10_000), of(0.0, 0)], 50, 1)
    assert totals.mean() == pytest.approx(50, abs=1)
    assert np.isnan(simulating.resampled([of(0.0, 0)], 5, 1)).all()


def test_the_arrays_hold_what_the_exact_result_is_made_of(past):
    kept = [results.stored(assessment) for assessment in past.assessments.all()]
    indicators = simulating.indicators_of(past.scheme, kept)
    assert len(indicators) == len(past.scheme.leaves)
    assert sum(indicator.weight for indicator in indicators) == 100


def test_the_page_says_what_would_change_and_how_sure_it_is(past, client_of):
    found = run(past.scheme, past, grades={"excellent": 99, "good": 98, "pass": 97})
    page = client_of("minzheng").get(found.get_absolute_url()).content.decode()
    assert "1 家等级会变" in page
    assert "重抽 200 次" in page
    assert client_of("jigou").get(found.get_absolute_url()).status_code == 403


def test_a_simulation_is_run_from_the_page(past, client_of):
    answer = client_of("minzheng").post(
        "/simulations/new/run/",
        {
            "scheme": past.scheme_id,
            "round_": past.pk,
            "passing": "97",
            "good": "98",
            "excellent": "99",
            "resamples": "100",
        },
    )
    made = Simulation.objects.latest("pk")
    assert answer.status_code == 302
    assert made.grades == {"excellent": 99.0, "good": 98.0, "pass": 97.0}


def test_the_api_tells_the_providers_of_a_simulation_page_by_page(past, api_of):
    found, api = run(past.scheme, past), api_of("minzheng")
    row = row_of(found)
    found.result["providers"] = [{**row, "name": f"{n}"} for n in range(Paging.page_size + 1)]
    found.save(update_fields=["result"])
    address = f"/api/v1/simulations/{found.pk}"
    told = api.get(address).json()["result"]
    assert told == {name: value for name, value in found.result.items() if name != "providers"}
    assert api.get("/api/v1/simulations").json()["results"][0]["result"] == {}
    first = api.get(f"{address}/providers").json()
    assert [one["name"] for one in first["results"]] == [f"{n}" for n in range(Paging.page_size)]
    second = api.get(first["next"]).json()
    assert ([one["name"] for one in second["results"]], second["next"]) == ([f"{Paging.page_size}"], None)
    assert api_of("jigou").get(f"{address}/providers").status_code == 403
