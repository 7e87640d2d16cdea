"""States and transitions of a contract template."""

from django.utils.translation import gettext_lazy as _

from contracts.permissions import buyer
from foundation.lifecycle.phases import DROPPED, ENDED, PREPARED, SERVING
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition
from foundation.parties import THE_SYSTEM
from foundation.roles import Role


class TemplateStatus(States):
    DRAFT = State(_("起草"), PREPARED)
    IN_USE = State(_("使用中"), SERVING, tone="done")
    REPLACED = State(_("已被替换"), ENDED)
    DROPPED = State(_("已放弃"), DROPPED)


T = TemplateStatus


TEMPLATE = Lifecycle(
    label="contracts.Template",
    title=_("合同范本"),
    states=TemplateStatus,
    phases=(PREPARED, SERVING, ENDED, DROPPED),
    starts=(Start("draft", T.DRAFT, (buyer,), _("起草范本"), _("%(who)s起草了合同范本"), "S25"),),
    transitions=(
        Transition(
            "adopt",
            T.in_phase(PREPARED) >> T.IN_USE,
            (buyer,),
            _("复核启用"),
            _("%(who)s启用了合同范本"),
            basis="S25",
            apart_from=("draft",),
            consequence=_("启用后起草的合同用这个范本，已起草的不变。"),
            tells=(Role.CIVIL_AFFAIRS,),
        ),
        Transition(
            "drop",
            T.in_phase(PREPARED) >> T.DROPPED,
            (buyer,),
            _("放弃"),
            _("%(who)s放弃了这份草稿"),
            basis="S25",
            reason=True,
            primary=False,
        ),
        Transition(
            "replace",
            T.in_phase(SERVING) >> T.REPLACED,
            (THE_SYSTEM,),
            _("替换"),
            _("新的范本启用"),
            basis="S25",
        ),
    ),
)
