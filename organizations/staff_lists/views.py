"""Pages of lists of staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.journal import timeline
from foundation.lifecycle.phases import ASKED, SERVING
from foundation.permissions import access, access_to
from foundation.personal_data.masking import mask_mail, mask_phone
from foundation.roles import GIVES_MEMBERSHIPS, Role
from foundation.sheets.notes import said as said_of_the_sheet
from foundation.ui.files import MIME
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, or_dash, state_of, table
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day, listed, moment
from organizations.bodies.models import Organization
from organizations.invitations import letters
from organizations.invitations.models import Channel
from organizations.places.models import Place
from organizations.staff_lists import reading, sending
from organizations.staff_lists.models import StaffList
from organizations.staff_lists.states import StaffListStatus
from organizations.staff_lists.templates import template_for


class StaffLists(ListPage):
    """The lists that the reader sees, newest first."""

    access = access_to(StaffList)
    template = "organizations/staff_lists/staff_lists.html"
    columns = (
        Column(gettext_lazy("文件名"), "file_name"),
        Column(gettext_lazy("机构"), lambda row: or_dash(row.organization and str(row.organization))),
        Column(gettext_lazy("上传的人"), lambda row: row.uploaded_by.full_name),
        Column(gettext_lazy("邀请\uff08份\uff09"), "count"),
        Column(gettext_lazy("已发出"), "sent"),
        Column(gettext_lazy("上传时间"), lambda row: moment(row.created_at)),
        state_of(StaffList),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(StaffList, self.actor)
        return self.show_list(found.select_related("organization", "uploaded_by").defer("people"))


#: The people of a list.
PEOPLE = (
    Column(gettext_lazy("姓名"), lambda row: row["full_name"]),
    Column(gettext_lazy("身份"), lambda row: Role(row["role"]).label),
    Column(gettext_lazy("机构"), lambda row: or_dash(row["body"])),
    Column(gettext_lazy("地点"), lambda row: or_dash(row["where"])),
    Column(gettext_lazy("手机"), lambda row: or_dash(row["phone"]), "nowrap"),
    Column(gettext_lazy("邮箱"), lambda row: or_dash(row["email"])),
    Column(gettext_lazy("自"), lambda row: _day_of(row["valid_from"]) or _("发出那天")),
    Column(gettext_lazy("至"), lambda row: _day_of(row["valid_to"]) or _("不限")),
    Column(gettext_lazy("怎样送达"), lambda row: Channel(row["channel"]).label),
)


def _day_of(text: str) -> str:
    """An ISO date in words; "" for none."""
    return day(date.fromisoformat(text)) if text else ""


class ShowStaffList(Page):
    """A list page by page, before and after it is sent; what was refused meanwhile is told by row."""

    access = access_to(StaffList)
    template = "organizations/staff_lists/staff_list.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(StaffList, self.actor, pk=pk)
        rows = found.rows
        page = in_order(rows, request)
        return self.render(
            {
                "object": found,
                "notes": [*said_of_the_sheet(found.notes), *_unsure(found, rows)],
                "persons": reading.people_of(rows),
                "page": page,
                "sending": found.status in StaffListStatus.in_phase(SERVING),
                "people": table(PEOPLE, _named(page.rows, whole=self._compares(found))),
                "refused": _refusals(found),
                "letters": len(letters.to_print(sending.invitations_of(found), self.actor)),
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )

    def _compares(self, staff_list: StaffList) -> bool:
        """Whether the reader compares with the file that he has uploaded himself, which is not sent yet."""
        mine = staff_list.uploaded_by_id == self.actor.user_id
        return mine and staff_list.status in StaffListStatus.in_phase(ASKED)


def _named(rows: Any, *, whole: bool) -> list[dict[str, Any]]:
    """The rows with the names of organizations and places, read at once; telephones and mail addresses ``whole`` or masked."""
    people = list(rows)
    bodies = Organization.objects.in_bulk({row["organization"] for row in people if row["organization"]})
    places = Place.objects.in_bulk({row["place"] for row in people if row["place"]})
    return [
        {
            **row,
            "body": bodies.get(row["organization"], ""),
            "where": places.get(row["place"], ""),
            "phone": row["phone"] if whole else mask_phone(row["phone"]),
            "email": row["email"] if whole else mask_mail(row["email"]),
        }
        for row in people
    ]


def _unsure(staff_list: StaffList, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Before a list is sent, who of it may hold the seat already."""
    unsent = staff_list.status in StaffListStatus.in_phase(ASKED)
    names = reading.unsure_of(rows) if unsent else []
    words = _(
        "同一处已有同名的人担任同一身份，没有两边都登记手机或邮箱，分不出是不是同一个人，请核对：%(names)s。"
    )
    return [words % {"names": listed(names)}] if names else []


def _refusals(staff_list: StaffList) -> list[tuple[str, str]]:
    """Who of a list was not invited, and why; those one behind another for the same reason together."""
    rows = staff_list.rows
    together: list[tuple[int, int, str]] = []
    for number, words in sorted((int(number), words) for number, words in staff_list.refused.items()):
        if together and together[-1][1:] == (number - 1, words):
            together[-1] = (together[-1][0], number, words)
        else:
            together.append((number, number, words))
    return [
        (_("第 %(n)s 人（%(name)s）") % {"n": first, "name": rows[first - 1]["full_name"]}, words)
        if first == last
        else (_("第 %(first)s 至 %(last)s 人") % {"first": first, "last": last}, words)
        for first, last, words in together
    ]


class Letters(Page):
    """The letters of a list that were not used yet, each on a sheet of paper of its own."""

    access = access(GET=GIVES_MEMBERSHIPS)
    template = "organizations/invitations/letter.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(StaffList, self.actor, pk=pk)
        printed = letters.to_print(sending.invitations_of(found), self.actor)
        letters.note_reading(printed, self.actor)
        return self.render({"letters": letters.letters_of(printed)})


class TemplateFile(Page):
    """A file to be filled in, with the words for the roles that the reader gives."""

    access = access(GET=GIVES_MEMBERSHIPS)

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(template_for(self.actor), content_type=MIME["xlsx"])
        answer["Content-Disposition"] = 'attachment; filename="staff.xlsx"'
        return answer
