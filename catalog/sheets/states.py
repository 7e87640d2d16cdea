"""States and transitions of an import."""

from django.utils.translation import gettext_lazy as _

from catalog.permissions import civil_affairs
from catalog.sheets.bars import alone_may_approve
from foundation.lifecycle.duties import Bar
from foundation.lifecycle.phases import DROPPED, ENDED, PREPARED
from foundation.lifecycle.states import State, States
from foundation.lifecycle.table import Lifecycle, Start, Transition


class ImportStatus(States):
    PREVIEWED = State(_("已上传，未导入"), PREPARED)
    TAKEN_IN = State(_("已导入"), ENDED)
    DROPPED = State(_("已放弃"), DROPPED)


Im = ImportStatus

#: What is said to whoever alone is left to approve the edition.
LEFT_TO_APPROVE = _("若由您办理“%(act)s”，就没有另一人可以批准这版目录，请由此前的经办人办理。")


IMPORT = Lifecycle(
    label="catalog.Import",
    title=_("目录导入"),
    states=ImportStatus,
    phases=(PREPARED, ENDED, DROPPED),
    starts=(
        Start("upload", Im.PREVIEWED, (civil_affairs,), _("导入目录文件"), _("%(who)s上传了目录文件"), "S25"),
    ),
    transitions=(
        Transition(
            "apply",
            Im.in_phase(PREPARED) >> Im.TAKEN_IN,
            (civil_affairs,),
            _("确认导入"),
            _("%(who)s把文件导入了草稿"),
            basis="S25",
            bars=(Bar(alone_may_approve, LEFT_TO_APPROVE, _("不相容职责分离"), by_day=True),),
        ),
        Transition(
            "drop",
            Im.in_phase(PREPARED) >> Im.DROPPED,
            (civil_affairs,),
            _("放弃导入"),
            _("%(who)s放弃了这次导入"),
            basis="S25",
            primary=False,
        ),
    ),
)
