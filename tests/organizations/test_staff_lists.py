"""A list of staff: what is wrong is told at its row, and what is refused while it is sent stops nobody else."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from foundation import moments
from foundation.refusals import NotNow
from foundation.roles import SYSTEM, Role
from organizations import tasks
from organizations.bodies.models import Organization
from organizations.invitations import inviting
from organizations.invitations.forms import Invite
from organizations.invitations.models import Invitation
from organizations.people import giving
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.staff_lists import sending
from organizations.staff_lists.forms import UploadStaffList
from organizations.staff_lists.heads import HEADS
from organizations.staff_lists.models import StaffList
from tests.factories import actor
from tests.organizations.newcomers import joined

RENSHE = "人力资源和社会保障局"


def row(name: str, **more: Any) -> dict[str, Any]:
    """A handler of one body, with the cells that are given."""
    body = Organization.objects.get(code="renshe")
    return {"name": name, "role": "责任部门经办人", "organization": body.name, **more}


def sheet(*rows: dict[str, Any]) -> SimpleUploadedFile:
    """An XLSX file of these rows."""
    book, kept = Workbook(), io.BytesIO()
    book.active.append([words[0] for words in HEADS.called.values()])
    for cells in rows:
        book.active.append([cells.get(name, "") for name in HEADS.called])
    book.save(kept)
    return SimpleUploadedFile("renyuan.xlsx", kept.getvalue())


def filled(*rows: dict[str, Any], by: str = "guanli") -> UploadStaffList:
    """The form with a file of these rows."""
    return UploadStaffList({}, {"file": sheet(*rows)}, actor=actor(by))


def faults(*rows: dict[str, Any], by: str = "guanli") -> list[str]:
    """What is told of these rows."""
    form = filled(*rows, by=by)
    return [] if form.is_valid() else [str(words) for words in form.errors["file"]]


def being_sent(*rows: dict[str, Any], by: str = "guanli") -> StaffList:
    """A list that was read and found right, and waits for the worker."""
    form = filled(*rows, by=by)
    assert form.is_valid(), form.errors
    return sending.invite(sending.upload(by=actor(by), **form.given()), by=actor(by))


def sent(staff_list: StaffList) -> StaffList:
    """The same after the worker has taken it up."""
    tasks.send_staff_list.func(staff_list.pk)
    staff_list.refresh_from_db()
    return staff_list


def names() -> list[str]:
    """Who was invited."""
    return sorted(Invitation.objects.values_list("full_name", flat=True))


def test_what_of_a_file_was_not_read_is_told_and_a_doubled_column_refused(client_of):
    client, book = client_of("guanli"), load_workbook(sheet(row("钱一")))
    book.active.cell(1, 9, "电话")
    assert "手机（E）、电话（I）" in sheet_of(client, book).content.decode()
    book.active.cell(1, 9, "工号")
    book.copy_worksheet(book.active).title = "去年的"
    page = client.get(sheet_of(client, book)["Location"]).content.decode()
    assert "没有读取：去年的。" in page and "没有读取：工号。" in page


def sheet_of(client, book):
    """The answer to the upload of a workbook."""
    kept = io.BytesIO()
    book.save(kept)
    file = SimpleUploadedFile("renyuan.xlsx", kept.getvalue())
    return client.post("/staff-lists/new/upload/", {"file": file, "key": str(len(kept.getvalue()))})


def own_row(name: str, **more: Any) -> dict[str, Any]:
    """Somebody of the organization of ``jiguan``, with the cells that are given."""
    return {"name": name, "role": str(next(iter(giving.roles_given_by(actor("jiguan")))).label), **more}


def test_an_administrator_of_an_organization_lists_its_own_people_alone():
    own = Organization.objects.get(pk=actor("jiguan").organization)
    right = [own_row("钱一"), own_row("孙二", organization=own.name), own_row("李三", organization=own.code)]
    right += [own_row("周四", place=str(own.place))] if own.place else []
    assert faults(*right, by="jiguan") == []
    elsewhere = own_row("吴五", organization=Organization.objects.get(code="renshe").name, place="华士镇")
    told = faults(own_row("钱一"), elsewhere, by="jiguan")
    assert [words[:6] for words in told] == ["第 3 行\uff1a", "第 3 行\uff1a"]
    assert "不是本机构\uff0c" in told[0] and own.name in told[0]
    assert "华士镇" in told[1]


def test_a_cell_that_cannot_be_read_is_told_once(client_of):
    book = load_workbook(sheet(row("钱一"), row("孙二")))
    book.active["A2"] = "=UPPER(1)"
    book.active["B3"] = "=UPPER(2)"
    form = sheet_of(client_of("guanli"), book).context["form"]
    told = [str(words) for words in form.errors["file"]]
    assert len(told) == 2
    assert "第 2 行\uff1a姓名 是公式" in told[0] and "第 3 行\uff1a身份 是公式" in told[1]


def test_of_a_list_whose_only_sheet_is_hidden_that_is_said(client_of):
    book = load_workbook(sheet(row("钱一")))
    book.active.sheet_state, book.active.title = "hidden", "人员"
    book.create_sheet("说明")
    assert "工作表“人员”是隐藏的" in sheet_of(client_of("guanli"), book).content.decode()


def test_a_row_that_is_refused_while_it_is_sent_is_told_and_the_others_go_out():
    today = moments.today()
    waiting = being_sent(
        row("钱一", phone="13800000001"),
        row("孙二", phone="13800000002", last=today.isoformat()),
        row("李三", phone="13800000003"),
        row("周四", phone="13800000004"),
    )
    body = Organization.objects.get(code="renshe")
    given = {"role": Role.HANDLER, "organization": body, "channel": "text", "phone": "13800000003"}
    inviting.invite(by=actor("guanli"), full_name="李三", **given)
    with moments.as_of(moments.now() + timedelta(days=1)):
        done = sent(waiting)
    assert (done.status, done.done, done.sent) == ("sent", 4, 2)
    assert {number: words[:6] for number, words in done.refused.items()} == {
        "2": "最后一天不能",
        "3": "已给李三发过",
    }
    assert names() == ["周四", "李三", "钱一"]


def test_a_row_in_which_the_product_fails_is_told_and_the_others_go_out(monkeypatch):
    waiting = being_sent(row("钱一", phone="13800000001"), row("孙二", phone="13800000002"))
    whole = inviting.codes.digest_of

    def fails_once(code: str) -> str:
        monkeypatch.setattr(inviting.codes, "digest_of", whole)
        raise ZeroDivisionError

    monkeypatch.setattr(inviting.codes, "digest_of", fails_once)
    done = sent(waiting)
    assert (done.status, done.sent, names()) == ("sent", 1, ["孙二"])
    assert "系统出错" in done.refused["1"]


def test_two_people_of_one_name_in_one_seat_are_both_invited():
    done = sent(
        being_sent(
            row("王芳", phone="13800000001"),
            row("王芳", phone="13800000002"),
            row("王芳", email="fang@example.org"),
            row("王芳", email="wang@example.org"),
        )
    )
    assert (done.status, done.sent, done.refused) == ("sent", 4, {})
    assert names() == ["王芳"] * 4


def test_the_same_person_twice_in_a_file_is_told_and_how_two_are_told_apart():
    found = faults(
        row("王芳", phone="13800000001"),
        row("王芳", phone="138 0000 0001", email="fang@example.org"),
        row("王芳"),
        row("王芬"),
        row("王芬", email="fen@example.org"),
    )
    assert [re.match(r"第 (\d+) 行.*第 (\d+) 行", words).groups() for words in found] == [
        ("3", "2"),
        ("4", "2"),
        ("6", "5"),
    ]
    assert all("手机或邮箱" in words for words in found)


def test_who_is_invited_already_is_told_at_the_row_and_nobody_else():
    being = sent(being_sent(row("钱一", phone="13800000001")))
    assert being.sent == 1
    found = faults(row("孙二"), row("钱一", phone="13800000001"), row("钱一", phone="13800000009"))
    (told,) = found
    assert "第 3 行" in told
    assert "已给钱一发过" in told
    body = Organization.objects.get(code="renshe")
    given = {"role": Role.HANDLER, "organization": body, "full_name": "钱一", "channel": "text"}
    with pytest.raises(NotNow):
        inviting.invite(by=actor("guanli"), phone="13800000001", **given)
    assert inviting.invite(by=actor("guanli"), phone="13800000002", **given).pk


def test_a_last_day_that_has_passed_is_told_at_the_row():
    yesterday, today = moments.today() - timedelta(days=1), moments.today()
    assert faults(row("钱一", last=today.isoformat())) == []
    (told,) = faults(row("钱一", last=yesterday.isoformat()))
    assert told == "第 2 行：最后一天已经过去。"


def test_whoever_holds_the_seat_already_is_told_at_the_row_and_a_namesake_is_not():
    body = Organization.objects.get(code="renshe")
    person = User.objects.create(username="qianyi", full_name="钱一", phone="13800000001")
    giving.enter(by=SYSTEM, person=person, role=Role.HANDLER, organization=body)
    (told,) = faults(row("钱一", phone="13800000001"), row("钱一", phone="13800000009"), row("孙二"))
    assert told == "第 2 行：钱一在这些日子里已有这个身份，不用再邀请。"
    Membership.objects.filter(user=person).update(valid_to=moments.today() + timedelta(days=3))
    later = (moments.today() + timedelta(days=4)).isoformat()
    assert faults(row("钱一", phone="13800000001", first=later)) == []
    with pytest.raises(NotNow, match="已有这个身份"):
        given = {"role": Role.HANDLER, "organization": body, "channel": "text", "phone": "13800000001"}
        inviting.invite(by=actor("guanli"), full_name="钱一", **given)


def test_a_telephone_of_somebody_else_is_told_at_its_row_and_at_the_field():
    joined("wuyi", full_name="吴一", phone="13811110000")
    inviting.invite(
        by=actor("guanli"),
        full_name="钱九",
        role=Role.HANDLER,
        organization=Organization.objects.get(code="renshe"),
        channel="text",
        phone="13811110009",
    )
    told = faults(
        row("钱一", phone="13811110000"),
        row("钱二", phone="138 1111 0002"),
        row("钱三", phone="13811110002"),
        row("钱四", phone="13811110009"),
        row("钱二", phone="13811110002", role="窗口工作人员"),
    )
    wrong = [words[:5] for words in told if "另一位" in words]
    assert wrong == ["第 2 行", "第 4 行", "第 5 行"]
    given = {"role": Role.HANDLER, "organization": str(Organization.objects.get(code="renshe").pk)}
    form = Invite(
        {**given, "full_name": "钱一", "channel": "text", "phone": "13811110000"}, actor=actor("guanli")
    )
    assert not form.is_valid()
    assert "另一位" in str(form.errors["phone"])
    form = Invite(
        {**given, "full_name": "吴 一", "channel": "text", "phone": "13811110000"}, actor=actor("guanli")
    )
    assert "phone" not in form.errors


def test_a_role_that_is_not_given_is_told_with_the_words_that_are():
    (told,) = faults({**row("钱一"), "role": "局长"})
    assert "“局长”" in told
    assert "责任部门经办人、" in told
    assert "窗口工作人员" in told
    (told,) = faults({**own_row("钱一"), "role": "局长"}, by="jiguan")
    assert "社工" in told
    assert "窗口工作人员" not in told
    assert faults({**row("钱一"), "role": "Handler"}) == faults({**row("钱一"), "role": "handler"}) == []


@pytest.mark.parametrize("username", ("guanli", "jiguan"))
def test_the_blank_names_the_words_for_the_role_and_is_read_again_once_filled(username, client_of):
    session = client_of(username)
    assert "/staff-lists/template.xlsx" in session.get("/staff-lists/new/upload/").content.decode()
    book = load_workbook(io.BytesIO(session.get("/staff-lists/template.xlsx").content))
    page, example, words = book.worksheets
    given = giving.roles_given_by(actor(username))
    assert [cells[0].value for cells in words.iter_rows(min_row=2)] == [str(role.label) for role in given]
    heads = [cell.value for cell in page[1]]
    assert ("机构" in heads) is (username == "guanli")
    cells = dict(zip(heads, (cell.value or "" for cell in example[2]), strict=True))
    if username == "guanli":
        window = Organization.objects.in_use().filter(kind="window").select_related("place").first()
        cells |= {"机构": window.name, "地点": window.place.name}
    page.append([cells[head] for head in heads])
    kept = io.BytesIO()
    book.save(kept)
    form = UploadStaffList({}, {"file": SimpleUploadedFile("a.xlsx", kept.getvalue())}, actor=actor(username))
    assert form.is_valid(), form.errors


def test_a_first_day_that_has_passed_is_told_at_its_row_and_one_that_passes_meanwhile_is_today():
    yesterday = moments.today() - timedelta(days=1)
    form = filled(row("钱一", first=yesterday.isoformat()))
    assert not form.is_valid()
    assert "第 2 行：第一天不能早于今天" in str(form.errors)
    waiting = being_sent(row("钱一", first=moments.today().isoformat()))
    with moments.as_of(moments.now() + timedelta(days=2)):
        assert sent(waiting).refused == {}
        assert Invitation.objects.get().valid_from == moments.today()


def test_the_preview_shows_all_that_will_be_used_so_that_it_can_be_compared_with_the_file(client_of):
    rows = (
        row("甲一", phone="13812345678", first="2099-03-05", last="2099-12-31"),
        {"name": "乙二", "role": str(Role.ASSISTANT.label), "place": Place.objects.villages()[0].code},
    )
    form = filled(*rows)
    assert form.is_valid(), form.errors
    found = sending.upload(by=actor("guanli"), **form.given())
    page = client_of("guanli").get(found.get_absolute_url()).content.decode()
    for shown in ("13812345678", "2099年3月5日", "2099年12月31日", "发出那天", "不限"):
        assert shown in page
    others = client_of("guanli2").get(found.get_absolute_url())
    assert "138****5678" in others.content.decode()
    sent(sending.invite(found, by=actor("guanli")))
    after = client_of("guanli").get(found.get_absolute_url()).content.decode()
    assert "138****5678" in after
    assert "13812345678" not in after


def test_faults_stand_in_the_order_of_their_rows():
    told = faults(
        row("甲一", phone="13800000001"),
        row("甲一", phone="13800000001"),
        row("乙二", phone="12"),
        row("甲一", phone="13800000001"),
    )
    assert [words[: words.index("\uff1a")] for words in told] == ["第 3 行", "第 4 行", "第 5 行"]
