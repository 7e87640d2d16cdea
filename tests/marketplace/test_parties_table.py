"""The page of who sees what and who may do what says what the parties say."""

from __future__ import annotations

from django.apps import apps
from django.utils import translation

from foundation.lifecycle.phases import ASKED, SERVING
from foundation.parties import Party
from foundation.roles import OVERSEERS, Role
from households.register.models import Household
from households.relocations.models import Relocation
from marketplace import parties_table, permissions_table
from organizations.providers.models import Provider


def ties(model, *parties):
    with translation.override("zh-hans"):
        return parties_table._grouped(model, parties)


def test_roles_with_the_same_tie_stand_together():
    assert ties(Household, *(Party(role) for role in OVERSEERS)) == [("民政、审计", "全部")]
    assert ties(Household, *(Party(role) for role in Role)) == [("所有已登录者", "全部")]


def test_a_path_is_said_in_words():
    assert ties(Household, Party(Role.WINDOW, place="town")) == [("窗口工作人员", "本地的\uff08镇街\uff09")]
    moved = Party(Role.WINDOW, place="from_town")
    assert ties(Relocation, moved) == [("窗口工作人员", "本地的\uff08迁出镇街\uff09")]
    own = Party(Role.HOUSEHOLD, user="accounts__user")
    assert ties(Household, own) == [("困难家庭", "本人的\uff08账号 › 用户\uff09")]


def test_phases_are_said_by_their_states_and_conditions_by_their_labels():
    assert ties(Provider, Party(Role.FINANCE, phases=ASKED)) == [
        ("财政", "状态是材料准备中、已登记\uff0c待查验、已退回补正、材料已查验")
    ]
    limited = Party(
        Role.FINANCE, phases=SERVING, where={"nature": "charity"}, unless={"last_score__isnull": True}
    )
    assert ties(Provider, limited) == [("财政", "状态是已准入\uff0c性质是慈善组织\uff0c除了最近评估得分为空")]
    assert ties(Household, Party(Role.WINDOW, where={"verified": True})) == [
        ("窗口工作人员", "已核对证件\uff1a是")
    ]


def test_every_kind_of_object_has_its_table():
    page = permissions_table.markdown()
    kinds = [model for model in apps.get_models() if getattr(model, "seen_by", ())]
    assert len(kinds) > 30
    assert [model for model in kinds if f"`{model._meta.label}`" not in page] == []
    assert page == permissions_table.markdown()
