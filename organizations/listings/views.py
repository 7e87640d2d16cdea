"""Pages of the lists, and of the files from which they are taken over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms.typed import compared, folded
from foundation.journal import timeline
from foundation.permissions import access, access_to
from foundation.roles import Role
from foundation.sheets.notes import said as said_of_the_sheet
from foundation.ui.files import MIME
from foundation.ui.lists import ListPage
from foundation.ui.pagination import in_order
from foundation.ui.tables import Column, or_dash, state_of, table, under
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day, moment
from organizations.listings.kinds import ListKind
from organizations.listings.models import Listing, ListingFile, known_here, otherwise_called
from organizations.listings.templates import template


def _called(name: str, code: str) -> SafeString:
    """An organization with its credit code."""
    return format_html("<span>{}{}</span>", name, under(code))


class Listings(ListPage):
    """Who stands or stood in the lists; ``?q=`` searches by name or credit code."""

    access = access_to(Listing)
    template = "organizations/listings/listings.html"
    columns = (
        Column(gettext_lazy("机构"), lambda row: _called(row.name, row.credit_code)),
        Column(gettext_lazy("名录"), lambda row: row.get_kind_display()),
        Column(gettext_lazy("列入日期"), lambda row: day(row.listed_on)),
        Column(gettext_lazy("移出日期"), lambda row: or_dash(day(row.removed_on))),
        state_of(Listing),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found = visible(Listing, self.actor)
        asked = folded(request.GET.get("q", ""))
        if asked:
            found = found.filter(name__icontains=asked) | found.filter(credit_code__icontains=asked)
        return self.show_list(found, asked=asked)


class ShowListing(Page):
    """One entry, with the provider that it concerns, if it is one here."""

    access = access_to(Listing)
    template = "organizations/listings/listing.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(Listing, self.actor, pk=pk)
        return self.render(
            {
                "object": found,
                "known": known_here([found.credit_code]).get(found.credit_code, ""),
                "otherwise": otherwise_called(found.credit_code, found.name),
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )


class ListingFiles(ListPage):
    """The files that were uploaded, newest first."""

    access = access_to(ListingFile)
    template = "organizations/listings/listing_files.html"
    columns = (
        Column(gettext_lazy("文件名"), "file_name"),
        Column(gettext_lazy("条数"), "count"),
        Column(gettext_lazy("已登记"), "entered"),
        Column(gettext_lazy("上传时间"), lambda row: moment(row.created_at)),
        state_of(ListingFile),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_list(visible(ListingFile, self.actor).defer("rows"))


#: The rows of a file.
ROWS = (
    Column(gettext_lazy("机构"), lambda row: _called(row["name"], row["credit_code"])),
    Column(gettext_lazy("名录"), lambda row: ListKind(row["kind"]).label),
    Column(gettext_lazy("列入日期"), lambda row: _day_of(row["listed_on"])),
    Column(gettext_lazy("移出日期"), lambda row: or_dash(_day_of(row["removed_on"]))),
    Column(gettext_lazy("在本平台"), lambda row: _here(row["name"], row["here"])),
)


def _day_of(text: str) -> str:
    """An ISO date in words; "" for none."""
    return day(date.fromisoformat(text)) if text else ""


def _here(name: str, here: str) -> SafeString | str:
    """How an organization is called here, with a word where the list calls it otherwise."""
    if not here:
        return _("没有登记")
    if compared(here) == compared(name):
        return here
    return format_html(
        "<strong>{}</strong>", _("“%(here)s”：名称和名录不同，请核对信用代码") % {"here": here}
    )


class ShowListingFile(Page):
    """A file page by page, before and after it is taken over; what was refused meanwhile is told by row."""

    access = access_to(ListingFile)
    template = "organizations/listings/listing_file.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = find_visible(ListingFile, self.actor, pk=pk)
        page = in_order(found.rows, request)
        return self.render(
            {
                "object": found,
                "notes": said_of_the_sheet(found.notes),
                "page": page,
                "rows": table(ROWS, _known(page.rows)),
                "refused": sorted(found.refused.items(), key=lambda pair: int(pair[0])),
                "transitions": found.transitions_for(self.actor),
                "timeline": timeline.entries_of([found]),
            }
        )


def _known(rows: Any) -> list[dict[str, Any]]:
    """The rows with the names of those that are known here, read at once."""
    several = list(rows)
    names = known_here({row["credit_code"] for row in several})
    return [{**row, "here": names.get(row["credit_code"], "")} for row in several]


class TemplateFile(Page):
    """A file to be filled in with who stands in the lists."""

    access = access(GET=(Role.CIVIL_AFFAIRS,))

    def get(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(template(), content_type=MIME["xlsx"])
        answer["Content-Disposition"] = 'attachment; filename="listings.xlsx"'
        return answer
