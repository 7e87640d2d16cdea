"""The lives of an edition, a comment on it, an import into it, and a provider's offer."""

from django.utils.translation import gettext_lazy as _

from catalog.access import body_handler, civil_affairs, finance_officer, offering_provider
from foundation.lifecycle.table import THE_SYSTEM, AnyOf, Lifecycle, Move, Start, States


class EditionStatus(States):
    DRAFT = "draft", _("起草")
    CONSULTATION = "consultation", _("征求意见")
    APPROVAL = "approval", _("待审批")
    SCHEDULED = "scheduled", _("已发布，待施行")
    IN_FORCE = "in_force", _("施行")
    SUPERSEDED = "superseded", _("已被替代")
    WITHDRAWN = "withdrawn", _("已撤回")


E = EditionStatus

#: Everything that decides which edition is the law happens one after another.
_FORCE = "catalog.in_force"

EDITION = Lifecycle(
    label="catalog.Edition",
    title=_("目录版本"),
    states=EditionStatus,
    starts=(
        Start("draft", E.DRAFT, (civil_affairs,), _("起草新版目录"), _("%(who)s起草了新版目录"), "S25"),
        Start(
            "correct",
            E.DRAFT,
            (civil_affairs,),
            _("起草更正版"),
            _("%(who)s为更正已发布的目录起草了新版"),
            "S25",
        ),
    ),
    moves=(
        Move(
            "open_consultation",
            E.DRAFT >> E.CONSULTATION,
            (civil_affairs,),
            _("征求意见"),
            _("%(who)s向各责任部门征求意见"),
            basis="S25",
        ),
        Move(
            "submit",
            E.CONSULTATION >> E.APPROVAL,
            (civil_affairs,),
            _("送审"),
            _("%(who)s把目录送审"),
            basis="S25",
        ),
        Move(
            "approve",
            E.APPROVAL >> E.SCHEDULED,
            (civil_affairs,),
            _("批准并发布"),
            _("%(who)s批准并发布了目录"),
            basis="S25",
            apart_from=(
                "draft",
                "correct",
                "describe",
                "submit",
                "add_item",
                "change_item",
                "remove_item",
                "name_heading",
                "remove_heading",
                "import",
            ),
            alone=_FORCE,
        ),
        Move(
            "describe",
            E.DRAFT >> E.DRAFT,
            (civil_affairs,),
            _("修改说明和公开信息"),
            _("%(who)s修改了目录的说明和公开信息"),
            basis="S25",
            primary=False,
        ),
        Move(
            "send_back",
            AnyOf(E.CONSULTATION, E.APPROVAL) >> E.DRAFT,
            (civil_affairs,),
            _("退回修改"),
            _("%(who)s把目录退回修改"),
            basis="S25",
            reason=True,
            primary=False,
        ),
        Move(
            "come_into_force",
            E.SCHEDULED >> E.IN_FORCE,
            (THE_SYSTEM,),
            _("施行"),
            _("目录开始施行"),
            basis="S25",
            alone=_FORCE,
        ),
        Move(
            "supersede",
            E.IN_FORCE >> E.SUPERSEDED,
            (THE_SYSTEM,),
            _("被替代"),
            _("新版目录施行，本版不再适用于新的事项"),
            basis="S25",
        ),
        Move(
            "restore",
            E.SUPERSEDED >> E.IN_FORCE,
            (THE_SYSTEM,),
            _("恢复施行"),
            _("新版目录撤回，本版恢复施行"),
            basis="S25",
            alone=_FORCE,
        ),
        Move(
            "withdraw",
            AnyOf(E.SCHEDULED, E.IN_FORCE) >> E.WITHDRAWN,
            (civil_affairs,),
            _("撤回"),
            _("%(who)s撤回了目录"),
            basis="S25",
            reason=True,
            primary=False,
            consequence=_(
                "撤回后，新的转介和合同不能再引用本版目录，已签合同不受影响；"
                "施行中的目录撤回后，上一版立即恢复施行。"
            ),
            alone=_FORCE,
        ),
    ),
    clocks={E.CONSULTATION: "edition.consultation"},
    periods=("edition.consultation",),
)


class CommentStatus(States):
    GIVEN = "given", _("待答复")
    ANSWERED = "answered", _("已答复")


COMMENT = Lifecycle(
    label="catalog.Comment",
    title=_("目录意见"),
    states=CommentStatus,
    starts=(
        Start(
            "give",
            CommentStatus.GIVEN,
            (body_handler, finance_officer),
            _("提出意见"),
            _("%(who)s提出意见"),
            "S25",
        ),
    ),
    moves=(
        Move(
            "answer",
            CommentStatus.GIVEN >> CommentStatus.ANSWERED,
            (civil_affairs,),
            _("答复"),
            _("%(who)s答复了意见"),
            basis="S25",
        ),
    ),
)


class ImportStatus(States):
    PREVIEWED = "previewed", _("待确认导入")
    APPLIED = "taken_in", _("已导入")
    DROPPED = "dropped", _("已放弃")


Im = ImportStatus

IMPORT = Lifecycle(
    label="catalog.Import",
    title=_("目录导入"),
    states=ImportStatus,
    starts=(
        Start("upload", Im.PREVIEWED, (civil_affairs,), _("导入目录文件"), _("%(who)s上传了目录文件"), "S25"),
    ),
    moves=(
        Move(
            "apply",
            Im.PREVIEWED >> Im.APPLIED,
            (civil_affairs,),
            _("确认导入"),
            _("%(who)s把文件导入了草稿"),
            basis="S25",
        ),
        Move(
            "drop",
            Im.PREVIEWED >> Im.DROPPED,
            (civil_affairs,),
            _("放弃导入"),
            _("%(who)s放弃了这次导入"),
            basis="S25",
            primary=False,
        ),
    ),
)


class OfferStatus(States):
    APPLIED = "applied", _("待审核")
    ACCEPTED = "accepted", _("可派单")
    TO_RENEW = "to_renew", _("待续报")
    RENEWED = "renewed", _("续报待审")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤销")


Of = OfferStatus

OFFER = Lifecycle(
    label="catalog.Offer",
    title=_("服务申报"),
    states=OfferStatus,
    starts=(
        Start("apply", Of.APPLIED, (offering_provider,), _("申报服务项目"), _("%(who)s申报了服务"), "S27"),
    ),
    moves=(
        Move(
            "accept",
            AnyOf(Of.APPLIED, Of.RENEWED) >> Of.ACCEPTED,
            (civil_affairs,),
            _("审核通过"),
            _("%(who)s审核通过"),
            basis="S27",
        ),
        Move(
            "refuse",
            AnyOf(Of.APPLIED, Of.RENEWED) >> Of.REFUSED,
            (civil_affairs,),
            _("不予通过"),
            _("%(who)s没有通过这项申报"),
            basis="S27",
            reason=True,
            primary=False,
        ),
        Move(
            "update_places",
            Of.ACCEPTED >> Of.ACCEPTED,
            (offering_provider,),
            _("更新空位"),
            _("%(who)s更新了空位"),
            basis="S28",
            primary=False,
        ),
        Move(
            "ask_renewal",
            Of.ACCEPTED >> Of.TO_RENEW,
            (THE_SYSTEM,),
            _("请续报"),
            _("新版目录改了这个项目，请机构续报"),
            basis="S25",
        ),
        Move(
            "need_no_renewal",
            Of.TO_RENEW >> Of.ACCEPTED,
            (THE_SYSTEM,),
            _("无须续报"),
            _("目录又与申报时一致，无须续报"),
            basis="S25",
        ),
        Move(
            "renew",
            Of.TO_RENEW >> Of.RENEWED,
            (offering_provider,),
            _("按新版目录续报"),
            _("%(who)s按新版目录续报"),
            basis="S25",
        ),
        Move(
            "withdraw",
            AnyOf(Of.APPLIED, Of.ACCEPTED, Of.TO_RENEW, Of.RENEWED) >> Of.WITHDRAWN,
            (offering_provider,),
            _("撤销申报"),
            _("%(who)s撤销了申报"),
            basis="S27",
            reason=True,
            primary=False,
            consequence=_("撤销后，这项服务不再收到新的转介。"),
        ),
    ),
    clocks={Of.TO_RENEW: "offer.renewal"},
)
