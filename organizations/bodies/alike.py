"""Organizations that are called alike, however the name is written: whoever names one must not mean another."""

from __future__ import annotations

from django.utils.translation import gettext as _

from foundation.forms.typed import compared
from foundation.refusals import Invalid
from organizations.bodies.models import ONE_AT_A_PLACE, Organization, OrganizationKind


def called(name: str, *, kind: str, but: Organization | None = None) -> Organization | None:
    """A body, window, committee or evaluator in use that is called so beside one of a ``kind``; None for none.

    Towns and villages of one name have windows and committees of one name.
    """
    others = Organization.objects.in_use().exclude(kind=OrganizationKind.PROVIDER)
    if kind in ONE_AT_A_PLACE:
        others = others.exclude(kind=kind)
    wanted = compared(name)
    rows = others.exclude(pk=but.pk) if but is not None else others
    return next((one for one in rows.only("name").order_by("pk") if compared(one.name) == wanted), None)


def fault_of(name: str) -> str:
    """What is wrong with the name of a provider that a body, a window, a committee or an evaluator has; "" for nothing."""
    other = called(name, kind=OrganizationKind.PROVIDER)
    if other is None:
        return ""
    return _("“%(name)s”是本市一个部门、窗口、村（居）委会或评估机构的名称。") % {"name": other.name}


def require_no_body(name: str, *, rule: str) -> None:
    """Raise ``Invalid`` at such a name."""
    if words := fault_of(name):
        raise Invalid(words, fields={"name": words}, rule=rule)
