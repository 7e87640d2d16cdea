"""Pages of households: the list and one household."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.city import reading
from foundation.forms.actions import ActionForm
from foundation.forms.fields import IdNumberField
from foundation.forms.number_search import numbered
from foundation.forms.typed import folded
from foundation.messaging.senders import texts_leave
from foundation.numbering.series import Series
from foundation.permissions import ANYONE, access, access_to
from foundation.personal_data.keys import keyed_hash
from foundation.refusals import NotNow, Refused
from foundation.roles import LOCAL_AND_OVERSEERS
from foundation.ui.links import LinkPage
from foundation.ui.lists import ListPage
from foundation.ui.pagination import PageOfRows, in_order
from foundation.ui.tables import Column, drawn, table
from foundation.ui.views import Page, find_visible, visible
from foundation.wording import day, money
from households.help_received import helping
from households.identity import lookups
from households.joining.states import JoiningStatus
from households.permissions import window_handing_over
from households.register import phone_links, phones, telling
from households.register.models import Category, Household, HouseholdMember
from households.relocations.states import RelocationStatus

#: Columns of a row of the list; ``first`` is the name of the first present member.
ROWS = Household.objects.annotate(
    first=Subquery(
        HouseholdMember.objects.filter(household=OuterRef("pk"), valid_to=None)
        .order_by("pk")
        .values("person__name")[:1]
    )
).values_list("pk", "number", "first", "place__name", "category", "size", named=True)


class Households(ListPage):
    """The households that the reader may see; ``?q=`` searches by number or identity number."""

    access = access(GET=LOCAL_AND_OVERSEERS)
    template = "households/register/households.html"
    rows = ROWS
    beneath = "households"
    columns = (
        Column(gettext_lazy("家庭编号"), "number"),
        Column(gettext_lazy("户主"), lambda row: row.first or ""),
        Column(gettext_lazy("村（社区）"), "place__name"),
        Column(gettext_lazy("救助类别"), lambda row: Category(row.category).label),
        Column(gettext_lazy("人口"), "size"),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        found, fault = visible(Household, self.actor), ""
        asked = folded(request.GET.get("q", ""))
        if asked:
            number = IdNumberField.folded(asked)
            if len(number) == IdNumberField.LENGTH:
                found, fault = self._by_number(found, number)
            else:
                found = numbered(found, asked, Series.HOUSEHOLD)
        return self.show_list(found, status=422 if fault else 200, asked=asked, fault=fault)

    def _by_number(self, found: QuerySet[Any], number: str) -> tuple[QuerySet[Any], str]:
        """The households of an identity number, and the reason in words if it may not be looked up now."""
        try:
            IdNumberField().clean(number)
            lookups.look_up(number, by=self.actor)
        except ValidationError as wrong:
            return found.none(), " ".join(wrong.messages)
        except Refused as refusal:
            return found.none(), str(refusal.message)
        numbered = {"members__person__id_number_hash": keyed_hash(number)}
        return found.filter(members__valid_to=None, **numbered), ""


#: Lines of help that are shown at once of each source; consents, and people who have left.
LINES_OF_HELP = 20


def _help_by_source(
    household: Household, page: Page
) -> list[tuple[helping.FromSource, SafeString, PageOfRows]]:
    """The help that a household received by source, each as a table with its page of lines; texts are told as to
    who reads them.
    """
    shown = {"actor": page.actor, "household": household}
    what = drawn("households/register/help_given.html", "received", page.request, **shown)
    giver = drawn("households/register/help_giver.html", "received", page.request, **shown)
    columns = (
        Column(gettext_lazy("日期"), lambda line: day(line.given_on)),
        Column(gettext_lazy("内容"), what),
        Column(gettext_lazy("提供方"), giver),
        Column(gettext_lazy("折合（元）"), lambda line: money(line.amount), "money"),
    )
    found = []
    for source in helping.by_source(household, page.actor):
        lines = in_order(source.lines, page.request, f"{source.source}_from", most=LINES_OF_HELP)
        found.append((source, table(columns, lines.rows, names=None), lines))
    return found


#: Transitions whose buttons stand apart from the others: at a consent, or last as they end something.
SET_APART = ("withdraw_consent", "close", "record_death")


class ShowHousehold(Page):
    """One household; personal data are masked until they are revealed after a reason."""

    access = access_to(Household)
    template = "households/register/household.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        household = find_visible(Household, self.actor, number=number)
        homes = household.members.select_related(
            "person__guardian", "person__guardian_body"
        ).prefetch_related("person__homes__household")
        members = list(homes)
        gone = [member for member in members if member.valid_to is not None]
        neighbours, looks_further = [], self.may_open("households")
        if household.address_hash and looks_further:
            neighbours = list(
                Household.objects.visible_to(self.actor)
                .filter(address_hash=household.address_hash)
                .exclude(pk=household.pk)[:5]
            )
        return self.render(
            {
                "object": household,
                "signs_in_from": phones.signs_in_from(household),
                "texts_leave": texts_leave(),
                "members": [member for member in members if member.valid_to is None],
                "gone": in_order(gone, request, "gone_from", most=LINES_OF_HELP),
                "how_many_gone": len(gone),
                "neighbours": neighbours,
                "consents": in_order(
                    household.consents.select_related("person", "given_by"),
                    request,
                    "consents_from",
                    most=LINES_OF_HELP,
                ),
                "sources": _help_by_source(household, self),
                "transitions": household.transitions_for(self.actor),
                "set_apart": SET_APART,
                "may_relocate": window_handing_over.admits(self.actor, household),
                "relocations": household.relocations.filter(
                    status__in=RelocationStatus.unfinished()
                ).select_related("to_place")
                if self.may_open("relocation", 0)
                else [],
                "joinings": household.joinings.filter(status__in=JoiningStatus.unfinished()).select_related(
                    "person"
                )
                if self.may_open("joining", 0)
                else [],
                "shows_other_homes": looks_further,
                "looked": telling.looked(household, self.actor),
                "timeline": telling.timeline_for(household, self.actor),
            }
        )


class NotOurs(ActionForm):
    """Nothing to fill: whoever holds the old telephone says that the change was not the household's."""

    keeps_draft = False


class PhoneNotOurs(LinkPage):
    """The link in the text to an old number. It shows nothing of the household."""

    access = access(GET=ANYONE, POST=ANYONE)
    template = "households/register/phone_not_ours.html"
    over = "households/register/phone_link_over.html"

    def follow(self, token: str) -> None:
        phone_links.read(token)

    def form_class(self) -> type[ActionForm]:
        return NotOurs

    def act(self, form: ActionForm, key: str) -> HttpResponse:
        try:
            phone_links.dispute(self.kwargs["token"])
        except NotNow as refusal:
            return self.say(str(refusal.message), status=410)
        return self.say(
            _("新电话已停用，窗口会核对并联系您。有急事请打%(hotline)s。")
            % {"hotline": reading.current().hotline_called}
        )
