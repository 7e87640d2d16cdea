"""Nobody checks, accepts or pays their own work, in any role.

It is checked by user, over all deliveries behind an invoice.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contracts.invoices.models import Delivery, Invoice, InvoiceKind
from contracts.invoices.states import INVOICE
from foundation.refusals import NotYours
from foundation.roles import Actor


def behind(invoice: Invoice) -> QuerySet[Delivery]:
    """The deliveries that an invoice claims; for a final one, those from which something was held back."""
    if invoice.kind == InvoiceKind.FINAL:
        return Delivery.objects.filter(invoice__contract=invoice.contract, invoice__held__gt=0)
    return invoice.deliveries.all()


def require_no_own_work(invoice: Invoice, by: Actor, transition: str) -> None:
    """Raise ``NotYours`` for a user who recorded work that the invoice claims."""
    if by.user_id is not None and behind(invoice).filter(told_by=by.user_id).exists():
        raise NotYours(
            _("登记这次服务或提交结算单的是您本人，“%(act)s”须由另一人办理。")
            % {"act": INVOICE.get_transition(transition).label},
            rule=_("不相容职责分离"),
        )
