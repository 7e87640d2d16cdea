"""The lives of a scheme, a round, and an evaluator's score sheet."""

from django.utils.translation import gettext_lazy as _

from evaluations.access import civil_affairs, drawn_evaluator
from foundation.lifecycle.table import Lifecycle, Move, Start, States


class SchemeStatus(States):
    DRAFT = "draft", _("起草")
    IN_USE = "in_use", _("使用中")


SCHEME = Lifecycle(
    label="evaluations.Scheme",
    title=_("评估方案"),
    states=SchemeStatus,
    starts=(
        Start(
            "draft",
            SchemeStatus.DRAFT,
            (civil_affairs,),
            _("起草方案"),
            _("%(who)s起草了评估方案"),
            "S26",
        ),
    ),
    moves=(
        Move(
            "adopt",
            SchemeStatus.DRAFT >> SchemeStatus.IN_USE,
            (civil_affairs,),
            _("启用"),
            _("%(who)s启用了评估方案,此后不再改动"),
            basis="S26",
            apart_from=("draft",),
        ),
    ),
)


class RoundStatus(States):
    PLANNED = "planned", _("已计划")
    SCORING = "scoring", _("评分中")
    PROVISIONAL = "provisional", _("初步结果")
    FINAL = "final", _("已公布")


W = RoundStatus

ROUND = Lifecycle(
    label="evaluations.Round",
    title=_("评估轮次"),
    states=RoundStatus,
    starts=(
        Start(
            "plan", W.PLANNED, (civil_affairs,), _("计划评估"), _("%(who)s计划了一轮评估"), "S26"
        ),
    ),
    moves=(
        Move(
            "begin_scoring",
            W.PLANNED >> W.SCORING,
            (civil_affairs,),
            _("开始评分"),
            _("%(who)s抽取评估人员,开始评分"),
            basis="S26",
        ),
        Move(
            "tally",
            W.SCORING >> W.PROVISIONAL,
            (civil_affairs,),
            _("汇总得分"),
            _("%(who)s汇总得分,告知被评机构"),
            basis="S26",
        ),
        Move(
            "publish",
            W.PROVISIONAL >> W.FINAL,
            (civil_affairs,),
            _("公布结果"),
            _("%(who)s公布了结果,并按规则执行后果"),
            basis="S26",
            apart_from=("tally",),
            consequence=_("不合格的机构将立即暂停承接新的转介,支付比例随之调整。"),
        ),
    ),
    clocks={W.SCORING: "round.scoring", W.PROVISIONAL: "round.appeal"},
)


class SheetStatus(States):
    DRAWN = "drawn", _("待评分")
    SUBMITTED = "submitted", _("已提交")


SHEET = Lifecycle(
    label="evaluations.ScoreSheet",
    title=_("评分表"),
    states=SheetStatus,
    starts=(
        Start(
            "draw",
            SheetStatus.DRAWN,
            (civil_affairs,),
            _("抽取评估人员"),
            _("%(who)s抽取了评估人员"),
            "S26",
        ),
    ),
    moves=(
        Move(
            "submit",
            SheetStatus.DRAWN >> SheetStatus.SUBMITTED,
            (drawn_evaluator,),
            _("提交评分"),
            _("评估人员提交了评分"),
            basis="S26",
        ),
    ),
    clocks={SheetStatus.DRAWN: "sheet.scoring"},
)
