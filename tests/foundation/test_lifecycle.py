"""The one way to change state."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from foundation.deadlines.models import Clock
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.lifecycle.states import STAYS
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Start
from foundation.lifecycle.trigger import MOVE_VARIABLE, running
from foundation.refusals import Invalid, KeyReused, NotNow, NotYours
from foundation.roles import SYSTEM, Role
from foundation.rules import changing
from foundation.rules.states import RULE, RuleStatus
from organizations.places.models import Place
from organizations.providers.models import Provider
from referrals.answers import answering
from referrals.needs import triage
from referrals.needs.models import Need
from referrals.offers import offering
from referrals.offers.models import Referral
from referrals.offers.states import REFERRAL, ReferralStatus
from tests import factories
from tests.journal import moves_of
from tests.racing import at_once, refused


def test_every_table_has_a_verb_for_every_row():
    for lifecycle in LIFECYCLES.values():
        rows = {row.name for row in lifecycle.rows}
        assert rows == set(lifecycle.actions), lifecycle.label


def test_every_state_of_every_table_can_be_reached():
    for lifecycle in LIFECYCLES.values():
        reached = {start.state for start in lifecycle.starts}
        while True:
            more = {
                move.arrow.target
                for move in lifecycle.transitions
                if reached & set(move.arrow.sources) and move.arrow.target != STAYS
            } - reached
            if not more:
                break
            reached |= more
        assert reached == set(lifecycle.states.values), lifecycle.label


def test_a_table_refuses_two_rows_of_one_name():
    party = RULE.starts[0].by
    row = Start("propose", RuleStatus.PROPOSED, party, "a", "b")
    with pytest.raises(ValueError, match="named twice"):
        Lifecycle(
            label="x.Y", title="", states=RuleStatus, phases=RULE.phases, starts=(row, row), transitions=()
        )
    assert "x.Y" not in LIFECYCLES


def test_a_second_table_for_the_same_model_is_refused():
    with pytest.raises(ValueError, match="second lifecycle"):
        Lifecycle(
            label=RULE.label, title="", states=RuleStatus, phases=RULE.phases, starts=(), transitions=()
        )


def test_a_move_sets_the_status_writes_the_journal_and_changes_the_clocks():
    referral = factories.OfferedReferral()
    coordinator = factories.member_of(referral.provider)
    before = Clock.objects.get(lifecycle="referrals.Referral", object_id=referral.pk)
    assert before.rule_key == "referral.answer"

    accepted = offering.accept(referral, by=coordinator)

    assert accepted.status == ReferralStatus.ACCEPTED
    entry = Entry.objects.filter(lifecycle="referrals.Referral", object_id=referral.pk).first()
    assert (entry.move, entry.actor_id, entry.basis) == ("accept", coordinator.user_id, "S28")
    assert entry.organization_name == referral.provider.organization.name
    assert (entry.before["status"], entry.after["status"]) == ("offered", "accepted")
    before.refresh_from_db()
    assert before.stopped_at is not None
    running = Clock.objects.get(lifecycle="referrals.Referral", object_id=referral.pk, stopped_at=None)
    assert running.rule_key == "referral.first_contact"


def test_a_move_tells_those_who_are_awaited_next():
    referral = factories.OfferedReferral()
    notice = Notice.objects.filter(object_id=referral.pk, lifecycle="referrals.Referral").first()
    assert notice.role == Role.COORDINATOR
    assert notice.organization_id == referral.provider.organization_id
    assert "王小明" not in notice.text


def test_a_wrong_role_is_refused_and_leaves_no_trace():
    referral = factories.OfferedReferral()
    told = Notice.objects.count()
    with pytest.raises(NotYours) as refusal:
        offering.accept(referral, by=factories.window_of(referral.town))
    assert refusal.value.rule == "S28"
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.OFFERED
    assert moves_of(referral) == ["prepare", "offer"]
    assert Notice.objects.count() == told


def test_the_right_role_of_another_organization_is_refused():
    referral = factories.OfferedReferral()
    stranger = factories.member_of(factories.AccreditedProvider())
    with pytest.raises(NotYours):
        offering.accept(referral, by=stranger)


def test_a_move_from_the_wrong_state_says_why_and_what_is_possible():
    referral = factories.AcceptedReferral()
    coordinator = factories.member_of(referral.provider)
    with pytest.raises(NotNow) as refusal:
        offering.accept(referral, by=coordinator)
    assert "已接受" in str(refusal.value.message)
    assert "制定计划" in str(refusal.value.message)
    assert "plan" in refusal.value.allowed


def test_the_proposer_may_not_approve():
    from demo.starter.places_and_people import actor

    first, second = actor("minzheng"), actor("minzheng2")
    version = changing.propose(by=first, rule="contract.longest", value={"years": 2}, note="试行")
    with pytest.raises(NotYours, match="另一人"):
        changing.approve(version, by=first)
    assert changing.approve(version, by=second).status == RuleStatus.IN_FORCE


def test_a_reason_is_asked_for_where_the_table_wants_one():
    referral = factories.OfferedReferral()
    with pytest.raises(Invalid) as refusal:
        offering.withdraw(referral, by=factories.window_of(referral.town), reason="  ")
    assert "reason" in refusal.value.fields


def test_a_coded_reason_must_be_one_of_the_list():
    referral = factories.OfferedReferral()
    coordinator = factories.member_of(referral.provider)
    with pytest.raises(Invalid):
        offering.decline(referral, by=coordinator, reason="没空")
    assert offering.decline(referral, by=coordinator, reason="no_staff").status == "declined"


def test_a_refusal_inside_the_body_rolls_everything_back():
    referral = factories.OfferedReferral(quota=4)
    coordinator = factories.member_of(referral.provider)
    line = referral.line
    line.contract.lines.update(reserved=1)  # another referral was faster
    with pytest.raises(Exception, match="余量不足"):
        offering.accept(referral, by=coordinator)
    referral.offer.refresh_from_db()
    assert referral.offer.taken == 0
    assert moves_of(referral) == ["prepare", "offer"]


def test_asking_twice_with_the_same_key_answers_the_same():
    referral = factories.OfferedReferral()
    coordinator = factories.member_of(referral.provider)
    once = offering.accept(referral, by=coordinator, key="k1")
    twice = offering.accept(referral, by=coordinator, key="k1")
    assert once.pk == twice.pk
    assert moves_of(referral).count("accept") == 1
    line = referral.line
    line.refresh_from_db()
    assert line.reserved == referral.units


def test_a_start_repeated_with_the_same_key_makes_one_object():
    need = factories.OpenNeed()
    window = factories.window_of(need.matter.town)
    first = triage.add(by=window, matter=need.matter, kind="legal", key="k2")
    again = triage.add(by=window, matter=need.matter, kind="legal", key="k2")
    assert first.pk == again.pk
    assert need.matter.needs.count() == 2


def test_a_key_with_other_content_is_refused():
    need = factories.OpenNeed()
    window = factories.window_of(need.matter.town)
    triage.add(by=window, matter=need.matter, kind="legal", key="k3")
    with pytest.raises(KeyReused):
        triage.add(by=window, matter=need.matter, kind="care", key="k3")


def test_two_people_may_use_the_same_key():
    need, other = (factories.OpenNeed(), factories.OpenNeed(place=Place.objects.get(name="华士社区")))
    made = [
        triage.add(by=factories.window_of(each.matter.town), matter=each.matter, kind="legal", key="k")
        for each in (need, other)
    ]
    assert made[0].pk != made[1].pk


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE referrals_referral SET status = 'completed' WHERE id = %s",
        "UPDATE referrals_referral SET status = 'accepted' WHERE id = %s",
        "UPDATE referrals_referral SET status = 'nonsense' WHERE id = %s",
    ],
)
def test_the_database_refuses_a_status_set_by_raw_sql(statement):
    referral = factories.OfferedReferral()
    with pytest.raises(DatabaseError, match="no transition goes from"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement, [referral.pk])
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.OFFERED


def test_the_database_refuses_a_status_set_by_update_and_by_save():
    referral = factories.OfferedReferral()
    with pytest.raises(DatabaseError, match="no transition goes from"), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(status="accepted")
    referral.status = "accepted"
    with pytest.raises(DatabaseError, match="no transition goes from"), transaction.atomic():
        referral.save()


def test_the_database_refuses_another_move_than_the_one_that_runs():
    referral = factories.OfferedReferral()
    with pytest.raises(DatabaseError, match="no transition goes from"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [MOVE_VARIABLE, _running("decline", referral)])
            cursor.execute("UPDATE referrals_referral SET status = 'accepted' WHERE id = %s", [referral.pk])


def test_the_database_refuses_another_row_of_the_table_under_the_key_of_the_one_that_moves():
    first, other = factories.OfferedReferral(), factories.OfferedReferral()
    with pytest.raises(DatabaseError, match="no transition goes from"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [MOVE_VARIABLE, _running("withdraw", first)])
            cursor.execute("UPDATE referrals_referral SET status = 'withdrawn' WHERE id = %s", [other.pk])


@pytest.mark.parametrize("mark", ["referrals.Referral.withdraw", "referrals.Referral.withdraw/"])
def test_the_database_refuses_a_move_that_does_not_say_which_row(mark):
    referral = factories.OfferedReferral()
    with pytest.raises(DatabaseError, match="no transition goes from"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [MOVE_VARIABLE, mark])
            cursor.execute("UPDATE referrals_referral SET status = 'withdrawn' WHERE id = %s", [referral.pk])


@pytest.mark.tampers
def test_the_mark_of_a_running_move_is_good_for_one_change_of_its_row():
    referral = factories.OfferedReferral()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [MOVE_VARIABLE, _running("withdraw", referral)])
        cursor.execute("UPDATE referrals_referral SET used = used WHERE id = %s", [referral.pk])
        cursor.execute("UPDATE referrals_referral SET status = 'withdrawn' WHERE id = %s", [referral.pk])
        cursor.execute("SELECT current_setting(%s, true)", [MOVE_VARIABLE])
        assert cursor.fetchone() == ("",)


def _running(transition: str, referral: Referral) -> str:
    return running(REFERRAL, transition, referral.pk)


def test_the_database_refuses_an_object_that_begins_in_the_middle():
    provider = Provider.objects.filter(status="registered").first()
    with pytest.raises(DatabaseError, match="nothing begins as"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO foundation_ruleversion (created_at, key, version, value, note, status) "
                "VALUES (now(), 'x', 1, '{}', '', 'in_force')"
            )
    assert provider.status == "registered"


@pytest.mark.parametrize("label", sorted(LIFECYCLES))
def test_every_lived_table_is_guarded_by_its_trigger(label):
    table = LIFECYCLES[label].model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass "
            "AND tgname LIKE '%%status_by_the_table%%' AND tgenabled = 'O'",
            [table],
        )
        assert cursor.fetchone() == (1,)


def test_the_mark_of_a_running_move_does_not_outlive_it():
    referral = factories.OfferedReferral()
    offering.accept(referral, by=factories.member_of(referral.provider))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [MOVE_VARIABLE])
        assert cursor.fetchone()[0] in ("", None)


def test_a_move_of_a_clock_is_made_by_nobody_else():
    referral = factories.OfferedReferral()
    with pytest.raises(NotYours):
        offering.time_out(referral, by=factories.member_of(referral.provider))
    assert offering.time_out(referral, by=SYSTEM).status == "timed_out"


def test_a_move_that_stays_in_its_state_leaves_the_clock_alone():
    referral = factories.ReferralInService()
    clocks = Clock.objects.filter(lifecycle="referrals.Referral", object_id=referral.pk)
    before = list(clocks.values_list("pk", "stopped_at"))
    need = Need.objects.get(pk=referral.need_id)
    with pytest.raises(NotNow):
        answering.rate(need, by=factories.window_of(referral.town), score=5)
    assert list(clocks.values_list("pk", "stopped_at")) == before


def test_two_connections_that_make_the_same_move_make_it_once(own_database):
    referral = factories.OfferedReferral()
    coordinator = factories.member_of(referral.provider)

    def accept():
        return offering.accept(Referral.objects.get(pk=referral.pk), by=coordinator)

    assert refused(at_once([accept] * 4), NotNow) == 3
    assert moves_of(referral).count("accept") == 1
    referral.line.refresh_from_db()
    assert referral.line.reserved == referral.units


def test_two_connections_with_the_same_key_make_one_object(own_database):
    need = factories.OpenNeed()
    window = factories.window_of(need.matter.town)

    def add():
        return triage.add(by=window, matter=need.matter, kind="legal", key="same").pk

    assert len(set(at_once([add] * 3))) == 1


def test_the_buttons_of_a_page_are_the_moves_of_the_table(who):
    referral = factories.OfferedReferral()
    coordinator = factories.member_of(referral.provider)
    assert [each.name for each in referral.transitions_for(coordinator)] == ["accept", "decline"]
    assert [each.name for each in referral.transitions_for(factories.window_of(referral.town))] == [
        "withdraw"
    ]
    assert referral.transitions_for(who("caizheng")) == []
    assert set(REFERRAL.final_states()) == {
        "declined",
        "timed_out",
        "withdrawn",
        "not_chosen",
        "transferred",
        "closed",
    }
