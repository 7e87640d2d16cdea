"""Stating the result of a year."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation import moments
from foundation.refusals import Invalid
from foundation.roles import Actor
from organizations.providers.own import checked_already, held_for_its_papers, hold
from organizations.yearly_checks.models import YearlyCheck
from organizations.yearly_checks.states import TO_PUT_AWAY, YEARLY_CHECK


@YEARLY_CHECK.start("state")
def state(*, by: Actor, year: int, result: str) -> YearlyCheck:
    """State the result of a year that has ended or runs; raises ``Invalid`` for one that is stated already, ``NotNow`` once
    the papers were checked and are decided on.
    """
    provider = held_for_its_papers(by)
    if year > moments.today().year:
        message = _("年度不能晚于今年。")
        raise Invalid(message, fields={"year": message})
    if provider.yearly_checks.in_use().filter(year=year).exists():
        message = _("%(year)s 年已经填报；填错的请先撤下。") % {"year": year}
        raise Invalid(message, fields={"year": message})
    return YearlyCheck.objects.create(provider=provider, year=year, result=result)


put_away = YEARLY_CHECK.act(TO_PUT_AWAY, YearlyCheck)
put_away.lacks(checked_already)
put_away.first(hold)
