"""Who sees each kind of object and who may do what with it, in words, made from the parties of the models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.utils.functional import Promise

from foundation.lifecycle.states import STAYS
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Start, Transition
from foundation.parties import Party, states_of
from foundation.roles import PEOPLE, Role

#: Words for fields and kinds of objects on a path that have none of their own.
FURTHER = {
    "catalog.Pair": "两版目录的比较",
    "contracts.BudgetLine": "预算",
    "contracts.LedgerEntry": "预算明细",
    "foundation.Entry": "日志",
    "foundation.Message": "短信",
    "foundation.MovedDeadline": "变动的时限",
    "foundation.Overdue": "逾期登记",
    "giving.StockEntry": "库存明细",
    "households.HelpReceived": "得到的帮助",
    "households.HouseholdAccount": "账号",
    "households.HouseholdMember": "成员",
    "households.Relocation.from_town": "迁出镇街",
    "households.Relocation.to_town": "迁入镇街",
    "organizations.Organization": "机构",
    "organizations.Place": "地方",
    "procurement.SupportingDocument": "投标材料",
    "evaluations.Vote": "表决",
    "evaluations.Vote.person_id": "表决人",
}


def lines() -> list[str]:
    """The tables of all kinds of objects as Markdown, floor by floor."""
    kinds = [model for model in apps.get_models() if getattr(model, "seen_by", ()) or _table_of(model)]
    return [line for model in kinds for line in _of(model)]


def _of(model: type[models.Model]) -> list[str]:
    """The heading and the table of one kind of object."""
    found = [f"### {name_of(model)} `{model._meta.label}`", "", "| 身份 | 看得到 |", "|---|---|"]
    found += [f"| {roles} | {what} |" for roles, what in _grouped(model, getattr(model, "seen_by", ()))]
    found += _reserved(model)
    lifecycle = _table_of(model)
    if lifecycle is None:
        return [*found, ""]
    found += ["", "| 办理 | 从 | 到 | 谁 |", "|---|---|---|---|"]
    return [*found, *(_row(model, lifecycle, row) for row in lifecycle.rows), ""]


def _reserved(model: type[models.Model]) -> list[str]:
    """The table of the fields that not everybody reads who sees the object."""
    fields: dict[Sequence[Party], list[str]] = {}
    for name, parties in getattr(model, "read_by", {}).items():
        fields.setdefault(parties, []).append(f"`{name}`")
    heading = ["", "| 字段 | 谁读得到 |", "|---|---|"] if fields else []
    return heading + [f"| {'、'.join(names)} | {_by(model, parties)} |" for parties, names in fields.items()]


def _by(model: type[models.Model], parties: Iterable[Party]) -> str:
    """Parties in one cell."""
    ties = _grouped(model, parties)
    return "；".join(roles if what == ALL else f"{roles}（{what}）" for roles, what in ties)


def _table_of(model: type[models.Model]) -> Lifecycle | None:
    """The lifecycle of a model."""
    return LIFECYCLES.get(model._meta.label)


def _row(model: type[models.Model], lifecycle: Lifecycle, row: Start | Transition) -> str:
    """One way to make or change an object, and the parties who may."""
    by = _by(model, row.by)
    if isinstance(row, Start):
        return f"| {row.label} | — | {_labels(lifecycle, (row.state,))} | {by} |"
    target = "不变" if row.arrow.target == STAYS else _labels(lifecycle, (row.arrow.target,))
    return f"| {row.label} | {_labels(lifecycle, row.arrow.sources)} | {target} | {by} |"


def _labels(lifecycle: Lifecycle, states: Iterable[str]) -> str:
    """States in words, in the order of the table."""
    wanted = set(states)
    return "、".join(str(state.label) for state in lifecycle.states if state in wanted)


#: What a party without any tie or condition sees.
ALL = "全部"


def _grouped(model: type[models.Model], parties: Iterable[Party]) -> list[tuple[str, str]]:
    """The parties as roles and what ties them to the object; roles of the same tie stand together."""
    ties: dict[str, list[Role]] = {}
    for party in parties:
        ties.setdefault(_tie(model, party), []).append(party.role)
    return [(_roles(roles), what) for what, roles in ties.items()]


def _roles(roles: Iterable[Role]) -> str:
    """Roles in words, in their order; all people together as one."""
    held = set(roles)
    if held >= set(PEOPLE):
        return "所有已登录者"
    return "、".join(str(role.label) for role in Role if role in held)


def _tie(model: type[models.Model], party: Party) -> str:
    """What ties a party to an object, and when it takes part in it, in words."""
    target = _model_at(model, party.at)
    own = (("本机构的", party.organization), ("本地的", party.place), ("本人的", party.user))
    said = [f"{words}（{_path(model, party.at, path)}）" for words, path in own if path]
    if party.phases is not None:
        lifecycle: Any = states_of(target)
        states = "、".join(
            str(state.label) for state in lifecycle if state in lifecycle.in_phase(party.phases)
        )
        said.append(f"{_through(model, party.at)}状态是{states}")
    said += [_condition(model, party.at, *lookup) for lookup in party.where.items()]
    said += [f"除了{_condition(model, party.at, *lookup)}" for lookup in party.unless.items()]
    if party.matching is not None:
        said.append(f"另须符合 `{party.matching}`")
    return "，".join(said) or ALL


def _condition(model: type[models.Model], at: str, lookup: str, wanted: Any) -> str:
    """One lookup in words."""
    path, _, last = lookup.rpartition(LOOKUP_SEP)
    if last not in ("isnull", "in"):
        path, last = lookup, "exact"
    name = _path(model, at, path)
    if last == "isnull":
        return f"{name}为空" if wanted else f"{name}不为空"
    if isinstance(wanted, bool):
        return f"{name}：{'是' if wanted else '否'}"
    values = wanted if last == "in" else (wanted,)
    return f"{name}是{'、'.join(_label(model, at, path, value) for value in values)}"


def _label(model: type[models.Model], at: str, path: str, value: Any) -> str:
    """A value of a field in words."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    field: Any = _model_at(_model_at(model, at), before)._meta.get_field(last)
    return str(dict(field.flatchoices).get(value, value))


def _through(model: type[models.Model], at: str) -> str:
    """The words of the way to an object at the end of a path, before what is said of it."""
    return f"{_path(model, at)}的" if at else ""


def _path(model: type[models.Model], *parts: str) -> str:
    """A path in words: what it leads over, one after the other."""
    said = []
    for name in LOOKUP_SEP.join(part for part in parts if part).split(LOOKUP_SEP):
        field: Any = _field(model, name)
        said.append(FURTHER.get(f"{model._meta.label}.{name}") or _words(field, name))
        model = getattr(field, "related_model", None) or model
    return " › ".join(said)


def _field(model: type[models.Model], name: str) -> Any:
    """The field of that name, or of the key of that name; None for a property."""
    names = {field.name: field for field in model._meta.get_fields()}
    return names.get(name) or names.get(name.removesuffix("_id"))


def _words(field: Any, name: str) -> str:
    """A field in words: its own, else those of what it leads to."""
    own = getattr(field, "verbose_name", "")
    if isinstance(own, Promise):
        return str(own)
    related = getattr(field, "related_model", None)
    return name_of(related) if related else f"`{name}`"


def name_of(model: type[models.Model]) -> str:
    """A kind of object in words: as its lifecycle calls it, else as its model does."""
    lifecycle = _table_of(model)
    if lifecycle is not None:
        return str(lifecycle.title)
    own = model._meta.verbose_name
    return str(own) if isinstance(own, Promise) else FURTHER.get(model._meta.label, f"`{own}`")


def _model_at(model: type[models.Model], path: str) -> type[models.Model]:
    """The model at the end of a path of relations."""
    for name in path.split(LOOKUP_SEP) if path else ():
        model = _field(model, name).related_model
    return model
