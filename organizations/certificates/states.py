"""The lifecycle of a certificate: in use, or put away."""

from django.utils.translation import gettext_lazy as _

from foundation.lifecycle.phases import DROPPED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from organizations.permissions import handing_in
from organizations.providers.states import BASIS


class CertificateStatus(States):
    """The states of a certificate."""

    IN_USE = State(_("在用"), SERVING, tone="done")
    PUT_AWAY = State(_("已撤下"), DROPPED)


C = CertificateStatus

#: The transition that bears the name of its state.
TO_PUT_AWAY = "put_away"


CERTIFICATE = Lifecycle(
    label="organizations.Certificate",
    title=_("证书"),
    states=CertificateStatus,
    phases=(SERVING, DROPPED),
    starts=(Start("add", C.IN_USE, handing_in, _("上传证书"), _("%(who)s上传了证书"), BASIS),),
    transitions=(
        Transition(
            TO_PUT_AWAY,
            C.in_phase(SERVING) >> C.PUT_AWAY,
            handing_in,
            _("撤下"),
            _("%(who)s撤下了这份证书"),
            basis=BASIS,
            primary=False,
        ),
    ),
)
