"""Bodies, windows, committees and agencies are established, renamed, changed and closed by the administrator."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from foundation import moments, wording
from foundation.inbox.models import Notice
from foundation.journal.models import Entry
from foundation.refusals import Invalid, NotNow, NotYours
from organizations.bodies import closing, keeping
from organizations.bodies.models import Organization, OrganizationKind
from organizations.places import keeping as places
from organizations.places.models import Place
from organizations.responsibilities import assigning
from organizations.staff_lists import sending as staff_lists
from organizations.staff_lists.models import StaffList
from tests import factories
from tests.factories import actor
from tests.marketplace.problems import problem
from tests.organizations.newcomers import invited


@pytest.fixture
def admin():
    return actor("guanli")


def body(admin, name="江阴市退役军人事务局", **given) -> Organization:
    return keeping.establish(by=admin, kind=OrganizationKind.BODY, name=name, **given)


def test_a_body_has_its_name_since_a_day_and_a_code_of_its_own(admin):
    first, second = body(admin, since=date(2019, 1, 1)), body(admin, "江阴市应急管理局")
    assert (first.names.get().valid_from, second.names.get().valid_from) == (date(2019, 1, 1), None)
    assert (first.code, second.code) == ("body-1", "body-2")
    assert first.place.kind == "city"
    entry = Entry.objects.get(lifecycle="organizations.Organization", object_id=first.pk)
    assert (entry.move, entry.actor_id) == ("establish", admin.user_id)


def test_two_bodies_are_not_called_alike_however_their_names_are_written(admin):
    body(admin)
    for kind in (OrganizationKind.BODY, OrganizationKind.EVALUATOR):
        with pytest.raises(Invalid) as refusal:
            keeping.establish(by=admin, kind=kind, name="江阴市 退役军人 事务局")
        assert set(refusal.value.fields) == {"name"}
    other = body(admin, name="江阴市另一局")
    with pytest.raises(Invalid):
        keeping.rename(other, by=admin, name="江阴市 退役军人事务局", valid_from=moments.today())


def test_a_new_name_begins_on_its_day_and_the_old_one_stays_for_its_days(admin):
    made = body(admin, since=date(2019, 1, 1))
    renamed = keeping.rename(made, by=admin, name="江阴市军人事务局", valid_from=date(2024, 3, 1))
    assert renamed.name == "江阴市军人事务局"
    assert renamed.names.on(date(2024, 2, 29)).get().name == "江阴市退役军人事务局"
    assert renamed.names.on(date(2024, 3, 1)).get().name == "江阴市军人事务局"
    with pytest.raises(Invalid) as refused:
        keeping.rename(made, by=admin, name="江阴市老兵局", valid_from=date(2024, 3, 1))
    assert set(refused.value.fields) == {"valid_from"}
    with pytest.raises(Invalid) as refused:
        keeping.rename(made, by=admin, name="江阴市军人事务局", valid_from=date(2025, 3, 1))
    assert set(refused.value.fields) == {"name"}


def test_a_name_of_a_later_day_is_taken_up_in_the_night_before_it_counts(admin):
    made, day = body(admin), moments.today() + timedelta(days=10)
    keeping.rename(made, by=admin, name="江阴市军人事务局", valid_from=day)
    assert Organization.objects.get(pk=made.pk).name == "江阴市退役军人事务局"
    assert keeping.follow_the_day() == 0
    # the night between was missed: what began before is made up
    with moments.as_of(moments.now() + timedelta(days=12)):
        assert keeping.follow_the_day() == 1
        assert keeping.follow_the_day() == 0
    assert Organization.objects.get(pk=made.pk).name == "江阴市军人事务局"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "window", "name": "窗口"}, "place"),
        ({"kind": "window", "name": "窗口", "place": "虹桥社区"}, "place"),
        ({"kind": "window", "name": "又一个窗口", "place": "澄江街道"}, "place"),
        ({"kind": "committee", "name": "居委会", "place": "澄江街道"}, "place"),
        ({"kind": "committee", "name": "居委会", "place": "虹桥社区"}, "place"),
        ({"kind": "body", "name": "某局", "place": "虹桥社区"}, "place"),
        ({"kind": "body", "name": "江阴市民政局"}, "name"),
        ({"kind": "body", "name": "某局", "may_buy": True, "may_supply": True}, "may_supply"),
        ({"kind": "body", "name": "某局", "credit_code": "11320281MJ00000151"}, "credit_code"),
        ({"kind": "provider", "name": "某社工中心"}, "kind"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_made(admin, given, field):
    before = Organization.objects.count()
    place = {"place": Place.objects.get(name=given["place"])} if "place" in given else {}
    with pytest.raises(Invalid) as refused:
        keeping.establish(by=admin, **given | place)
    assert set(refused.value.fields) == {field}
    assert Organization.objects.count() == before


def test_a_town_gets_a_new_window_once_the_old_one_is_closed(admin):
    town = new_town(admin)
    first = keeping.establish(by=admin, kind="window", name="新设镇窗口", place=town)
    closing.close(first, by=admin, reason="搬迁")
    second = keeping.establish(by=admin, kind="window", name="新设镇窗口", place=town)
    assert (first.code, second.code) == ("window-320281199", "window-320281199-2")
    assert list(Organization.objects.windows().filter(place=town)) == [second]


def new_town(admin) -> Place:
    return places.enter(by=admin, kind="town", code="320281199", name="新设镇")


def test_what_is_open_keeps_a_body_in_use(admin):
    made = body(admin)
    duty = assigning.assign(
        by=admin, organization=made, need_kind="", text="退役军人", basis="测试", valid_from=moments.today()
    )
    with pytest.raises(NotNow, match="1 项职责没有停用"):
        closing.close(made, by=admin, reason="合并")
    with moments.as_of(moments.now() + timedelta(days=2)):
        assigning.end(duty, by=actor("minzheng"), last_day=moments.today() - timedelta(days=1), reason="合并")
        assert closing.close(made, by=admin, reason="合并").closed
    matter = factories.AcceptedMatter(consent=False)
    with pytest.raises(NotNow, match="件事项没有办结"):
        closing.close(matter.window, by=admin, reason="搬迁")
    with pytest.raises(NotNow, match="人在这里任职"):
        closing.close(Organization.objects.get(code="minzheng"), by=admin, reason="合并")


def test_a_responsibility_that_ends_later_keeps_its_body_until_then_and_says_so(admin, client_of):
    made, today = body(admin), moments.today()
    duty = assigning.assign(
        by=admin, organization=made, need_kind="", text="退役军人", basis="测试", valid_from=today
    )
    last = today + timedelta(days=60)
    duty = assigning.end(duty, by=actor("minzheng"), last_day=last, reason="合并")
    with pytest.raises(NotNow, match="1 项职责没有停用"):
        closing.close(made, by=admin, reason="合并")
    client = client_of("minzheng")
    assert "到 " + wording.day(last) + " 为止" in client.get(duty.get_absolute_url()).content.decode()
    with moments.as_of(moments.now() + timedelta(days=61)):
        assert "已停用" in client.get(duty.get_absolute_url()).content.decode()
        assert closing.close(made, by=admin, reason="合并").closed


def test_what_a_provider_says_of_itself_is_not_the_administrators(admin):
    provider = factories.AccreditedProvider().organization
    for act in (
        lambda: keeping.change(provider, by=admin, phone="0510-86000001"),
        lambda: keeping.rename(provider, by=admin, name="别名", valid_from=moments.today()),
        lambda: closing.close(provider, by=admin, reason="退出"),
    ):
        with pytest.raises(NotYours):
            act()
    assert provider.transitions_for(admin) == []
    with pytest.raises(NotYours):
        keeping.establish(by=actor("minzheng"), kind="body", name="某局")


def test_pages_show_names_hours_and_duties_and_the_public_sees_when_a_window_is_open(client_of, client):
    admin = client_of("guanli")
    found = Organization.objects.get(code="gongxin")
    page = admin.get(found.get_absolute_url()).content.decode()
    assert "江阴市经济和信息化委员会" in page and "政府信息化服务" in page
    window = Organization.objects.windows().get(place=factories.town())
    sent = {
        "phone": "0510-86200001",
        "hours": "周一至周五 9:00-12:00 14:00-17:30；周六 9:00-11:00",
        "key": "k1",
    }
    wrong = admin.post(f"/bodies/{window.pk}/change/", {**sent, "hours": "天天开门"})
    assert wrong.status_code == 422
    assert "天天开门" in wrong.content.decode()
    assert admin.post(f"/bodies/{window.pk}/change/", sent).status_code == 302
    window.refresh_from_db()
    assert window.hours["6"] == [["09:00", "11:00"]]
    assert "14:00–17:30" in admin.get(window.get_absolute_url()).content.decode()
    assert "周六 09:00-11:00" in client.get("/help/").content.decode()
    listed = admin.get("/bodies/", {"kind": "window", "q": "澄江"}).content.decode()
    assert window.name in listed and "江阴市教育局" not in listed
    assert client_of("bumen").get(window.get_absolute_url()).status_code == 200
    provider = factories.AccreditedProvider()
    answer = client_of("minzheng").get(provider.organization.get_absolute_url())
    assert answer["Location"] == provider.get_absolute_url()


def test_the_api_does_the_same(api_of):
    api = api_of("guanli")
    made = api.post(
        "/api/v1/organizations/establish",
        {"kind": "evaluator", "name": "公信评估", "hours": "周一 9-17点"},
        format="json",
    )
    problem(made, 400, "invalid")
    made = api.post(
        "/api/v1/organizations/establish",
        {"kind": "evaluator", "name": "公信评估", "hours": "周一 9点-17点"},
        format="json",
    ).json()
    assert made["hours"] == {"1": [["09:00", "17:00"]]}
    path = f"/api/v1/organizations/{made['id']}"
    changed = api.post(f"{path}/change", {"phone": "0510-86000099"}, format="json").json()
    assert (changed["phone"], changed["hours"]) == ("0510-86000099", made["hours"])
    renamed = api.post(
        f"{path}/rename", {"name": "公信评估中心", "valid_from": "2026-01-01"}, format="json"
    ).json()
    assert [name["name"] for name in renamed["names"]] == ["公信评估", "公信评估中心"]
    assert api.post(f"{path}/close", {"reason": "注销"}, format="json").json()["status"] == "closed"
    problem(api_of("minzheng").post(f"{path}/change", {}, format="json"), 403, "not-yours")


def test_a_name_that_has_not_begun_is_put_right_and_taken_back(admin, client_of):
    made = body(admin, since=date(2020, 1, 1))
    far = date(2030, 1, 1)
    keeping.rename(made, by=admin, name="错的局", valid_from=far)
    page = client_of("guanli").get(f"{made.get_absolute_url()}rename/").content.decode()
    assert "已登记" in page and "错的局" in page
    keeping.rename(made, by=admin, name="对的局", valid_from=far - timedelta(days=400))
    assert list(made.names.values_list("name", flat=True)) == ["江阴市退役军人事务局", "对的局"]
    assert made.names.get(name="江阴市退役军人事务局").valid_to == far - timedelta(days=401)
    keeping.rename(made, by=admin, name=made.name, valid_from=moments.today())
    assert list(made.names.values_list("name", "valid_to")) == [("江阴市退役军人事务局", None)]
    assert "收回了还没有开始用的名称" in client_of("guanli").get(made.get_absolute_url()).content.decode()
    with pytest.raises(Invalid, match="和现在的名称一样"):
        keeping.rename(made, by=admin, name=made.name, valid_from=moments.today())
    keeping.rename(made, by=admin, name="江阴市军人事务局", valid_from=moments.today())
    assert Organization.objects.get(pk=made.pk).name == "江阴市军人事务局"


def test_what_waits_for_an_organization_that_is_closed_ends(admin):
    made = body(admin)
    sent = invited(organization=made)
    given = {"people": [{"full_name": "钱一"}], "file_name": "a.xlsx"}
    waiting = staff_lists.upload(by=actor("guanli"), **given)
    StaffList.objects.filter(pk=waiting.pk).update(organization=made)
    closing.close(made, by=admin, reason="并入他局")
    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.status, waiting.status) == ("expired", "discarded")
    told = Notice.objects.filter(object_id=sent.pk, lifecycle="organizations.Invitation")
    assert any("已停用" in str(one.text) for one in told)
