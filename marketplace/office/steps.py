"""The steps by which a city sets itself up, and what each still lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.editions.models import Edition
from foundation import moments
from foundation.city import events, reading
from foundation.city.models import City
from foundation.columns import column_of
from foundation.deadlines import calendar
from foundation.holidays.models import HolidayNotice
from foundation.lifecycle.phases import ASKED
from foundation.permissions import access_of
from foundation.refusals import Words
from foundation.roles import ANSWERS_FOR_THE_CITY, Role
from foundation.rules import reading as rules_now
from foundation.wording import listed
from organizations.bodies.models import Organization
from organizations.invitations.models import Invitation
from organizations.invitations.states import InvitationStatus, Purpose
from organizations.people.models import Membership
from organizations.places.models import Place
from organizations.responsibilities import offered
from organizations.responsibilities.models import Responsibility
from referrals.needs import routing

#: Names that are listed where something is missing; beyond them it is said how many more.
MOST_NAMES = 5

#: The staff without which nothing can be decided, and how many: four eyes need two.
NEEDED = ((Role.CIVIL_AFFAIRS, 2), (Role.FINANCE, 2), (Role.AUDITOR, 1))


@dataclass(frozen=True)
class Door:
    """A page on which something is done, by the name of its address; ``act`` is that of the page of the act to which
    it leads, where it is a list that others read too.
    """

    name: str
    words: Words
    arguments: tuple[int, ...] = ()
    act: str = ""

    @property
    def address(self) -> str:
        """Its address, from which one comes back to the steps."""
        return f"{reverse(self.name, args=self.arguments)}?next={reverse('setup')}"

    def is_for(self, role: Role) -> bool:
        """Whether a role does there what the step asks for, and not only reads it."""
        acted = access_of(self.act) if self.act else access_of(self.name, *self.arguments)
        return acted.allows("POST", role)


@dataclass(frozen=True)
class Step:
    """One step: what it is, where it is done, and what it lacks.

    ``needed`` says that the city cannot begin without it; ``done_at`` are the pages on which it is done. ``holds`` says
    what holds now; with ``by_default`` nobody of the city has yet set what of it differs in every city. ``needed_instead`` says
    that another step may need it, though it needs nothing itself.
    """

    key: str
    title: Words
    lead: Words
    missing: Sequence[str]
    done_at: Sequence[Door]
    needed: bool = True
    holds: Sequence[str] = ()
    by_default: bool = False
    needed_instead: bool = False

    @property
    def done(self) -> bool:
        """Whether it lacks nothing, and somebody of the city has seen to it."""
        return not self.missing and not self.by_default

    @property
    def may_wait(self) -> bool:
        """Whether the city can begin though it is not done."""
        return not self.done and not self.needed_instead and not (self.needed and self.missing)

    def is_of(self, role: Role) -> bool:
        """Whether a role does it."""
        return role in self.done_by

    @property
    def done_by(self) -> list[Role]:
        """Who of those who answer for the city does it."""
        return [role for role in ANSWERS_FOR_THE_CITY if any(door.is_for(role) for door in self.done_at)]


def steps() -> list[Step]:
    """Every step in the order in which a city goes through them."""
    city = reading.current()
    return [make(city) for make in STEPS]


def _of_the_city(city: City, name: str, words: Words) -> list[Door]:
    """The page of a transition of the city, once it has a row."""
    return [Door(f"city-{name}", words, (city.pk,))] if city.pk else []


def _blank(city: City, fields: Iterable[str]) -> list[str]:
    """The fields of the city that say nothing yet, as they are called."""
    return [str(column_of(City, field).verbose_name) for field in fields if not getattr(city, field)]


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    if len(names) <= MOST_NAMES:
        return listed(names)
    return _("%(names)s等 %(count)s 个") % {"names": listed(names[:MOST_NAMES]), "count": len(names)}


def _city(city: City) -> Step:
    return Step(
        "city",
        gettext_lazy("城市和主管单位"),
        gettext_lazy("名称、热线和行政区划代码，写在每一页和每一份文书上。"),
        _blank(city, ("name", "province", "division_code", "office", "hotline")),
        [
            *_of_the_city(city, "describe", gettext_lazy("填写城市信息")),
            *_of_the_city(city, "draw_logo", gettext_lazy("换标志")),
        ],
    )


def _document(city: City) -> Step:
    return Step(
        "document",
        gettext_lazy("依据的文件"),
        gettext_lazy("平台按哪个文件办事。上传条文后，页面上引用的每一条都能点开原文。"),
        _blank(city, ("document_title", "document_number")),
        _of_the_city(city, "name_document", gettext_lazy("登记依据的文件")),
    )


def _places(city: City) -> Step:
    towns = Place.objects.towns()
    missing = []
    if Place.objects.city() is None:
        missing.append(_("市本级"))
    if not towns.exists():
        missing.append(_("镇和街道"))
    empty = towns.filter(~Exists(Place.objects.villages().filter(parent=OuterRef("pk"))))
    if names := list(empty.values_list("name", flat=True)):
        missing.append(_("%(towns)s的村（社区）") % {"towns": _some(names)})
    return Step(
        "places",
        gettext_lazy("镇街和村（社区）"),
        gettext_lazy("可以从表格导入，也可以一个一个填。"),
        missing,
        [Door("places", gettext_lazy("地点"), act="place-new-enter")],
    )


def _bodies(city: City) -> Step:
    bodies = Organization.objects.bodies()
    missing = []
    if not bodies.exists():
        missing.append(_("责任部门"))
    elif not bodies.filter(may_buy=True).exists():
        missing.append(_("可作购买主体的部门"))
    return Step(
        "bodies",
        gettext_lazy("责任部门"),
        gettext_lazy("各部门的名称（改过名的写明日子）、电话和地址。"),
        missing,
        [Door("bodies", gettext_lazy("部门和窗口"), act="body-new-establish")],
    )


def _windows(city: City) -> Step:
    window = Organization.objects.windows().filter(place=OuterRef("pk"))
    towns = Place.objects.towns()
    without = list(towns.filter(~Exists(window)).values_list("name", flat=True))
    missing = [_("%(towns)s的窗口") % {"towns": _some(without)}] if without else []
    if not towns.exists():
        missing = [_("受理窗口")]
    return Step(
        "windows",
        gettext_lazy("受理窗口"),
        gettext_lazy("每个镇街一个，写明地址、电话和开放时间。"),
        missing,
        [Door("bodies", gettext_lazy("部门和窗口"), act="body-new-establish")],
    )


def _needs(city: City) -> Step:
    nowhere = [offered.called(kind) for kind in routing.unrouted()]
    return Step(
        "needs",
        gettext_lazy("需求归谁管"),
        gettext_lazy("每一类需求由哪个部门负责，或者目录里哪项服务能解决；本市不受理的可以在规则里去掉。"),
        [_("%(kinds)s没有人负责") % {"kinds": _some(nowhere)}] if nowhere else [],
        [
            Door("routing", gettext_lazy("需求去向"), act="duty-new-assign"),
            Door("duties", gettext_lazy("部门职责"), act="duty-new-assign"),
        ],
    )


#: The rule that is different in every city, and by which households are judged.
STANDARD = "assistance.standard"


def _rules(city: City) -> Step:
    rules = rules_now.everything()
    changed = [rule.key for rule in rules if rule.version]
    holds = [
        _("%(count)s 条规则里，本市改过 %(changed)s 条，其余是产品自带的值。")
        % {"count": len(rules), "changed": len(changed)}
        if changed
        else _("%(count)s 条规则都还是产品自带的值，本市没有人改过。") % {"count": len(rules)}
    ]
    if STANDARD not in changed:
        standard = rules_now.current(STANDARD)
        holds.append(
            _("%(title)s是产品自带的（%(words)s），每个城市不同，请先核对。")
            % {"title": standard.title, "words": standard.said()}
        )
    return Step(
        "rules",
        gettext_lazy("编号、短信和期限"),
        gettext_lazy("公文编号、短信的用语、各种期限和标准都有默认值，可以按本市的规定改，由两人办理。"),
        [],
        [Door("rules", gettext_lazy("规则"), act="rule-new-propose")],
        needed=False,
        holds=holds,
        by_default=STANDARD not in changed,
    )


def _holidays(city: City) -> Step:
    reckoning = calendar.Reckoning(calendar.entered())
    announced = set(HolidayNotice.objects.in_force().filter(whole_year=True).values_list("year", flat=True))
    this_year = moments.today().year
    holds, unknown = [], []
    for year in (this_year, this_year + 1):
        if reckoning.is_working(date(year, 6, 1))[1]:
            unknown.append(year)
            words = _("%(year)s年的安排还没有录入，现在是估计，跨到这一年的时限都标为暂定。")
        elif year in announced:
            words = _("%(year)s年按录入并核对过的通知计算。")
        else:
            words = _("%(year)s年按随产品带来的国务院公告计算，本市没有人核对过。")
        holds.append(words % {"year": year})
    return Step(
        "holidays",
        gettext_lazy("放假安排"),
        gettext_lazy("以工作日计算的时限按它走。国务院公布下一年的安排后录入，由另一人核对。"),
        [_("%(year)s 年的放假安排") % {"year": this_year}] if this_year in unknown else [],
        [Door("holidays", gettext_lazy("放假安排"), act="holiday-new-propose")],
        holds=holds,
        by_default=bool(unknown) or not announced,
    )


def _lacking(role: Role, needed: int, there: int) -> str:
    """How many more of a role are wanted, and of how many."""
    if not there:
        return _("%(role)s %(count)s 人") % {"role": role.label, "count": needed}
    return _("%(role)s %(count)s 人（需要 %(needed)s 人，已有 %(there)s 人）") % {
        "role": role.label,
        "count": needed - there,
        "needed": needed,
        "there": there,
    }


def _under_way() -> list[str]:
    """The invitations that can still be accepted, counted by role."""
    waiting = Invitation.objects.filter(
        status__in=InvitationStatus.in_phase(ASKED), purpose=Purpose.JOIN, expires_at__gt=moments.now()
    )
    counts = waiting.order_by("role").values_list("role").annotate(Count("pk"))
    words = _("邀请已经发出、还没有加入的：%(people)s。")
    counted = [_lacking(Role(role), count, 0) for role, count in counts]
    return [words % {"people": listed(counted)}] if counted else []


def _people(city: City) -> Step:
    held = Membership.objects.on(moments.today())
    counts = dict(held.values_list("role").annotate(Count("user", distinct=True)))
    missing = [
        _lacking(role, count, counts.get(role, 0)) for role, count in NEEDED if counts.get(role, 0) < count
    ]
    staffed = held.filter(role=Role.WINDOW, place=OuterRef("pk"))
    towns = Place.objects.towns()
    alone = list(towns.filter(~Exists(staffed)).values_list("name", flat=True))
    if alone:
        missing.append(_("%(towns)s的窗口人员") % {"towns": _some(alone)})
    responsible = Responsibility.objects.on(moments.today()).filter(organization=OuterRef("pk"))
    handled = held.filter(role=Role.HANDLER, organization=OuterRef("pk"))
    bodies = Organization.objects.bodies().filter(Exists(responsible), ~Exists(handled))
    if names := list(bodies.values_list("name", flat=True)):
        missing.append(_("%(bodies)s的经办人") % {"bodies": _some(names)})
    return Step(
        "people",
        gettext_lazy("人员"),
        gettext_lazy("邀请各部门、窗口和机构的人加入；可以从表格一次邀请许多人。"),
        missing,
        [
            Door("people", gettext_lazy("人员"), act="invitation-new-invite"),
            Door("invitations", gettext_lazy("邀请"), act="invitation-new-invite"),
            Door("staff-lists", gettext_lazy("导入的名单"), act="staff-list-new-upload"),
        ],
        holds=[*_alone(counts.get(Role.ADMINISTRATOR, 0)), *_under_way()],
    )


def _alone(administrators: int) -> list[str]:
    """What a single administrator of the city cannot do."""
    words = _("系统管理员只有一位\uff1a找回丢了手机和密码的账号、批准兼任要两位\uff0c请再邀请一位。")
    return [words] if administrators < 2 else []


def _catalog(city: City) -> Step:
    published = Edition.objects.in_force().exists()
    nowhere = [] if published else [offered.called(kind) for kind in routing.unrouted()]
    words = _("%(kinds)s现在没有部门负责：请指定部门；要由目录里的服务解决的，启用之前先公布目录。")
    return Step(
        "catalog",
        gettext_lazy("服务目录"),
        gettext_lazy("政府购买哪些服务、价格和标准。由民政起草、另一人审定后公布。"),
        [] if published else [_("正在执行的目录")],
        [Door("editions", gettext_lazy("目录"), act="edition-new-draft")],
        needed=False,
        holds=[words % {"kinds": _some(nowhere)}] if nowhere else [],
        needed_instead=bool(nowhere),
    )


#: The steps in their order.
STEPS: tuple[Callable[[City], Step], ...] = (
    _city,
    _document,
    _places,
    _bodies,
    _windows,
    _needs,
    _rules,
    _holidays,
    _people,
    _catalog,
)


def missing(found: Sequence[Step]) -> list[Words]:
    """The steps without which the city cannot begin, by title."""
    return [step.title for step in found if step.needed and step.missing]


def open_to(role: Role) -> list[tuple[Step, list[Door]]]:
    """The steps that are not done and that a role sees to, each with the pages on which it does."""
    rows = [(step, [door for door in step.done_at if door.is_for(role)]) for step in steps()]
    return [(step, doors) for step, doors in rows if doors and not step.done]


@events.missing.register
def missing_now() -> list[Words]:
    """The same of every step as it stands now."""
    return missing(steps())
