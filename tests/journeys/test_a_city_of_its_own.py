"""An empty server becomes a city, and one household is helped, by people who were invited and without a shell.

``PICTURES=1`` keeps what is seen on the way, at both widths, under ``docs/pictures/city``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from catalog.editions import counting, publishing
from catalog.editions.models import Edition
from catalog.items.models import Item
from contracts.contracts import running
from demo.starter.provider_documents import PAGE
from foundation import moments
from foundation.city.models import City
from foundation.city.states import CityStatus
from foundation.roles import Role
from marketplace.office import first
from organizations.document_checks.items import asked
from organizations.invitations import codes
from organizations.invitations.models import Invitation
from organizations.people.models import Membership, User
from organizations.places.models import Place
from organizations.providers.models import Provider
from organizations.responsibilities.need_kinds import NeedKind
from referrals.offers.models import Referral
from tests import factories
from tests.journeys.film import PASSWORD, Film, Work, joined, proved, proves, taken_over, uploaded

pytestmark = [pytest.mark.empty, pytest.mark.slow, pytest.mark.browser]

PLACES = [
    ("区划代码", "名称", "类别", "上级"),
    ("370781", "青州市", "市", ""),
    ("370781001", "王府街道", "街道", ""),
    ("370781001001", "中所社区", "社区", "370781001"),
    ("370781101", "弥河镇", "镇", ""),
    ("370781101001", "上院村", "村", "370781101"),
]
#: The bodies, and which kinds of need each answers for; the catalog answers for care.
BODIES = {
    "民政局": tuple(kind for kind in NeedKind if kind not in (NeedKind.CARE, NeedKind.MEDICAL)),
    "医疗保障局": (NeedKind.MEDICAL,),
    "财政局": (),
    "审计局": (),
}
WINDOWS = [
    ("镇街", "名称", "地址", "电话", "开放时间"),
    ("王府街道", "王府街道救助窗口", "王府街 1 号", "0536-86000001", "周一至周五 8:30-17:00"),
    ("弥河镇", "弥河镇救助窗口", "弥河路 2 号", "0536-86000002", "周一至周五 8:30-17:00"),
]
#: Who is invited, in which role, for which body or at which place.
STAFF = [
    ("姓名", "身份", "机构", "地点"),
    ("李民", "民政", "民政局", ""),
    ("周政", "民政", "民政局", ""),
    ("钱才", "财政", "财政局", ""),
    ("吴正", "财政", "财政局", ""),
    ("沈计", "审计", "审计局", ""),
    ("陈窗", "窗口工作人员", "王府街道救助窗口", "王府街道"),
    ("何口", "窗口工作人员", "弥河镇救助窗口", "弥河镇"),
    ("田办", "责任部门经办人", "民政局", ""),
    ("罗医", "责任部门经办人", "医疗保障局", ""),
    ("程协", "村（社区）协管员", "", "中所社区"),
    ("葛网", "网格员", "", "中所社区"),
    ("韩线", "12345 热线", "民政局", ""),
    ("秦书", "联席会议秘书", "民政局", ""),
    ("冯评", "评估人员", "青州评估中心", ""),
]
USERS = {"李民": "limin", "周政": "zhouzheng", "钱才": "qiancai", "吴正": "wuzheng", "陈窗": "chenchuang"}


def sheet(rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def bodies() -> list[Any]:
    rows: list[Any] = [("名称", "简码", "可作购买主体", "职责", "需求类别", "依据", "职责自", "类别")]
    for number, (name, kinds) in enumerate(BODIES.items(), 1):
        buys = "是" if name == "民政局" else "否"
        rows.append((name, f"ju{number}", buys, "", "", "", ""))
        rows += [
            (name, f"ju{number}", "", f"负责{kind.label}", str(kind.label), "办法", "2026-01-01")
            for kind in kinds
        ]
    return [*rows, ("青州评估中心", "pinggu", "否", "", "", "", "", "评估")]


def catalog() -> bytes:
    """A catalog of one service, as the officers' own sheet has it."""
    path = Path(settings.BASE_DIR) / "demo" / "starter" / "catalog.csv"
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["代码"] in ("B", "B01", "B01.01")]
    rows[-1] |= {"责任部门": "民政局", "可用采购方式": "询价、单一来源、委托"}
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_an_empty_server_becomes_a_city_in_which_a_household_is_helped(
    site: str, person: Callable[..., Any], work_off: Callable[[], None]
) -> None:
    film, work = Film(), Work()
    # Monday: the first administrator, by the link of the first start.
    page = person()
    page.goto("/setup/begin/" + first.link().partition("/setup/begin/")[2])
    film.keep(page, "first-administrator")
    for name, value in {
        "full_name": "王琴",
        "username": "wangqin",
        "password": PASSWORD,
        "again": PASSWORD,
    }.items():
        page.fill(f"[name={name}]", value)
    page.click("button.primary")
    proves(page, "wangqin", film)
    page.wait_for_url("**/setup/")
    film.keep(page, "what-is-missing")
    page.click("#city a.primary")
    for name, value in {
        "name": "青州市",
        "name_en": "Qingzhou",
        "province": "山东省",
        "division_code": "370781",
        "office": "青州市民政局",
        "hotline": "12345",
    }.items():
        page.fill(f"[name={name}]", value)
    film.keep(page, "the-city")
    page.click(".form-sheet button.primary, form button.primary")
    page.wait_for_url("**/setup/")
    page.click("#document a.primary")
    for name, value in {
        "title": "关于社会救助联动的办法",
        "short_name": "联动办法",
        "number": "青政发〔2027〕3号",
        "issuer": "青州市人民政府",
    }.items():
        page.fill(f"[name={name}]", value)
    page.click(".form-sheet button.primary, form button.primary")
    page.wait_for_url("**/setup/")
    for kind, rows in (("places", PLACES), ("bodies", bodies()), ("windows", WINDOWS)):
        uploaded(page, "/city-lists/new/upload/", sheet(rows), kind)
        film.keep(page, f"list-of-{kind}")
        page.click("text=确认录入")
        page.wait_for_load_state()
        page.locator("main form button").last.click()
        page.wait_for_load_state()
    page.goto("/setup/")
    film.keep(page, "only-people-are-missing")

    # Tuesday: people are invited from a sheet, by letters, and join.
    uploaded(page, "/staff-lists/new/upload/", sheet(STAFF))
    film.keep(page, "list-of-staff")
    page.click("text=发出邀请")
    page.wait_for_load_state()
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    work_off()
    sent = {invitation.full_name: invitation for invitation in Invitation.objects.all()}
    assert sent.keys() == {row[0] for row in STAFF[1:]}
    page.goto(f"/invitations/{sent['陈窗'].pk}/")
    film.keep(page, "an-invitation")
    joining = person()
    joining.goto(codes.link_of(sent["陈窗"]).removeprefix(settings.PUBLIC_ADDRESS))
    film.keep(joining, "joining")
    for name, value in {"username": "chenchuang", "password": PASSWORD, "again": PASSWORD}.items():
        joining.fill(f"[name={name}]", value)
    joining.click("button.primary")
    proves(joining, "chenchuang")
    joining.wait_for_url("**/workbench/")
    sessions = {}
    for number, (name, invitation) in enumerate(sent.items()):
        if name != "陈窗":
            sessions[invitation.role] = joined(site, invitation, USERS.get(name, f"u{number}"))
    film.keep(joining, "first-sign-in-window")
    del sessions[Role.WINDOW]
    for role, session in sessions.items():
        film.keep(taken_over(person(), site, session), f"first-sign-in-{role}")

    # The catalog: drafted from a sheet by one officer, approved by another.
    edition = work.do("limin", "editions/draft", {"title": "青州市目录"})["id"]
    file = SimpleUploadedFile("catalog.csv", catalog(), content_type="text/csv")
    imported = work.do("limin", "imports/upload", {"edition": edition, "file": file}, form="multipart")
    work.do("limin", f"imports/{imported['id']}/apply")
    work.do("limin", f"editions/{edition}/open_consultation")
    work.do("limin", f"editions/{edition}/submit_early", {"reason": "各部门都已答复"})
    work.do("limin", f"editions/{edition}/effect")
    counting.count_waiting(Edition.objects.get(pk=edition))
    today = moments.today().isoformat()
    work.do(
        "zhouzheng",
        f"editions/{edition}/approve",
        {"document_number": "青民发〔2027〕1号", "index_number": "x/1", "in_force_from": today},
    )
    publishing.bring_into_force()
    page.goto("/setup/")
    page.click("aside a >> text=启用")
    page.wait_for_load_state()
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    assert City.objects.get().status == CityStatus.AT_WORK
    page.goto("/setup/")
    film.keep(page, "at-work")

    # A provider joins by itself, is checked, and is admitted.
    street = Place.objects.get(name="王府街道")
    own = Client()
    own.post("/providers/join/", {"phone": "13912345678"})
    own.post("/providers/join/code/", {"code": own.get("/providers/join/code/").context["shown"]})
    facts = {
        "name": "青州新苗社工中心",
        "credit_code": factories.new_credit_code(),
        "nature": "social_work_agency",
        "legal_representative": "王某某",
        "place": street.pk,
        "serves": [street.pk],
        "phone": "0536-86001234",
        "address": "示例路 9 号",
        "services": "上门照料",
    }
    account = {"full_name": "林芳", "username": "linfang", "password": PASSWORD, "again": PASSWORD}
    assert own.post("/providers/join/form/", facts | account).status_code == 302
    proved(own, "linfang")
    provider = Provider.objects.get()
    bank = {"bank_name": "示例银行", "bank_account": "6222000011112222", "key": "1"}
    assert own.post(f"/providers/{provider.pk}/fill-in/", facts | bank).status_code == 302
    certificate = {"kind": "registration", "number": "7", "issuer": "民政局", "key": "2"}
    paper = SimpleUploadedFile("a.pdf", PAGE)
    assert own.post("/certificates/new/add/", {**certificate, "file": paper}).status_code == 302
    assert own.post(f"/providers/{provider.pk}/hand-in/", {"key": "3"}).status_code == 302
    findings = {
        f"{item.code}_{part}": value
        for item in asked()
        for part, value in (("found", "right"), ("on", today), ("where", "登记机关"), ("words", "已核对"))
    }
    looked = {"reason": "与开户许可核对"}
    work.do("limin", f"reveal/{provider._meta.label}/{provider.pk}/bank_account", looked)
    work.do("limin", f"providers/{provider.pk}/check_documents", findings)
    until = moments.today().replace(year=moments.today().year + 1, day=1).isoformat()
    work.do("zhouzheng", f"providers/{provider.pk}/accredit", {"until": until})

    # Its administrator invites a social worker.
    managing, coordinating = (
        Membership.objects.get(user__username="linfang", role=role).pk
        for role in ("staff_manager", "coordinator")
    )
    invited = {"full_name": "王晓", "channel": "letter", "role": "social_worker"}
    made = work.do("linfang", "invitations/invite", invited, seat=managing)
    carer_session = joined(site, Invitation.objects.get(pk=made["id"]), "wangxiao")
    film.keep(taken_over(person(), site, own), "first-sign-in-coordinator")
    film.keep(taken_over(person(), site, carer_session), "first-sign-in-social_worker")

    # Money, a contract, and the offer of the service.
    item = Item.objects.in_force().get(code="B01.01").pk
    body = Membership.objects.get(user__username="limin").organization_id
    granted = {"body": body, "year": moments.today().year, "source": "救助资金", "amount": "100000"}
    change = work.do("qiancai", "budget-changes/grant", granted | {"document_number": "青财〔2027〕1号"})
    work.do("wuzheng", f"budget-changes/{change['id']}/approve")
    line = work.get("qiancai", "budget-lines")["results"][0]["id"]
    offer = work.do(
        "linfang", "offers/apply", {"item": item, "places": 5, "weekly": 20, "price": "45", "staff": "持证"}
    )
    work.do("limin", f"offers/{offer['id']}/accept")
    contract = work.do(
        "limin",
        "contracts/draft",
        {
            "title": "居家照料",
            "provider": provider.pk,
            "budget_line": line,
            "method": "commission",
            "start_on": today,
            "end_on": until,
            "item": item,
            "unit_price": "45",
            "quota": 100,
        },
    )["number"]
    work.do("zhouzheng", f"contracts/{contract}/sign_as_buyer", {"typed": "周政"})
    work.do("linfang", f"contracts/{contract}/sign_as_provider", {"typed": "林芳"}, seat=coordinating)
    running.follow_the_days()

    # A household is referred, served, and answers.
    id_number = factories.new_id_number()
    matter = work.do(
        "chenchuang",
        "matters/accept_application",
        {
            "name": "王小明",
            "id_number": id_number,
            "place": Place.objects.get(name="中所社区").pk,
            "category": "extremely_poor",
            "size": 1,
            "monthly_income": "900",
            "phone": "13800000000",
            "address": "示例路 1 号",
            "needs": ["care"],
            "story": "老伴卧床",
            "consent": True,
        },
    )
    need = matter["needs"][0]["id"]
    number = work.do(
        "chenchuang",
        f"needs/{need}/candidates",
        {"offer_id": offer["id"], "units": 1, "goal": "有人照应", "choice_reason": "家庭选择"},
    )["number"]
    joining.goto(f"/referrals/{number}/")
    film.keep(joining, "a-referral")
    carer = Membership.objects.get(user__username="wangxiao")
    work.do("linfang", f"referrals/{number}/accept", {"worker": carer.pk}, seat=coordinating)
    work.do("wangxiao", f"referrals/{number}/plan", {"plan_text": "每周一次"})
    visit = {"on": today, "units": 1, "note": "平稳", "confirmed": True}
    work.do("wangxiao", f"referrals/{number}/record_visit", visit)
    work.do("wangxiao", f"referrals/{number}/complete", {"outcome": "有人照应了", "goal_level": 4})
    work.do("linfang", f"referrals/{number}/feed_back", {"words": "您家里有人照应了"}, seat=coordinating)
    work.do("chenchuang", f"needs/{need}/rate", {"score": 5, "words": "很好"})
    work.do("chenchuang", f"referrals/{number}/close")
    work.do("chenchuang", f"needs/{need}/close")
    assert work.get("chenchuang", f"matters/{matter['number']}")["status"] == "closed"
    joining.goto(f"/matters/{matter['number']}/")
    film.keep(joining, "closed")
    home = Client()
    home.post("/sign-in/household/", {"id_number": id_number, "phone": "13800000000"})
    home.post("/apply/code/", {"code": home.get("/apply/code/").context["shown"]})
    film.keep(taken_over(person(), site, home), "first-sign-in-household")
    assert Referral.objects.get(number=number).status == "closed"
    assert not User.objects.filter(is_superuser=True).exists()
