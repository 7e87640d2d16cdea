"""System checks of parties: every path leads to what it is for, and who takes part everywhere says so."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db import models
from django.db.models.constants import LOOKUP_SEP

from foundation import paths
from foundation.lifecycle.phases import Phase, Phases, together
from foundation.lifecycle.table import LIFECYCLES, Lifecycle, Transition
from foundation.parties import TOLD, Party, states_of
from foundation.roles import AT_A_PLACE, OF_AN_ORGANIZATION, SAYS_WHOSE, Actor, Role


@register
def parties_lead_somewhere(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Errors of parties, who would see nothing, or more than is meant, or not the same in a list as in the guard.

    ``parties.E001``: a path or a lookup that the model does not have; ``E002``: a phase that no state is in;
    ``E003``: several lookups over the same rows, which the guard asks row by row and the database at once
    (start the party ``at`` the rows); ``E004``: a path to an organization or a place of a role that may be
    held without one; ``E005``: a role that many hold, each for their own, without a path to what is theirs
    and without the word that everybody is meant; ``E006``: a path that ends elsewhere than at an organization,
    a place or a person; ``E007``: a value that the column never has.
    """
    stands: dict[tuple[type[models.Model], int], tuple[Party, dict[str, None]]] = {}
    for model, place, party in declared():
        stands.setdefault((model, id(party)), (party, {}))[1][place] = None
    return [
        Error(
            f"{model._meta.label}, party of {party.role} ({', '.join(places)}): {words}", id=f"parties.{code}"
        )
        for (model, _), (party, places) in stands.items()
        for code, words in faults_of(model, party)
    ]


@register
def whoever_acts_takes_part(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Errors of rows whose parties could never make them.

    ``parties.E008``: a party in phases in which the row is not made; ``E009``: a role that makes a transition of
    objects that it does not see.
    """
    return [
        Error(f"{lifecycle.label}: '{row.name}' {words}", id=f"parties.{code}")
        for lifecycle in LIFECYCLES.values()
        for row in lifecycle.rows
        for party in row.by
        for code, words in _never_made(lifecycle, row, party)
    ]


@register
def a_role_reads_titles_or_does_not(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Errors of objects whose title in a worklist a part of a role reads: work items are told briefly by role.

    ``parties.E012``: a role of ``read_by["row_title"]`` that sees such objects as another party, too.
    """
    return [
        Error(f"{lifecycle.label}: {role} reads the title as one party and not as another", id="parties.E012")
        for lifecycle in LIFECYCLES.values()
        for role in _half_told(lifecycle.model)
    ]


def _half_told(model: Any) -> list[Role]:
    """The roles of which one party reads the title of the model's objects, and another sees them without it."""
    readers = getattr(model, "read_by", {}).get("row_title", ())
    reading = {party.role for party in readers}
    others = {party.role for party in getattr(model, "seen_by", ()) if readers and party not in readers}
    return sorted(reading & others)


@register
def people_of_several_roles_are_addressed_in_those_they_hold(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Error ``parties.E013`` for a party whose person is a party in other roles elsewhere, and that does not say
    ``if_held``: he would be addressed in a role that he does not have, where he never reads it.
    """
    people: dict[models.Field, dict[Role, list[tuple[str, Party]]]] = {}
    for model, where, party in declared():
        field = _person_of(model, party)
        if field is not None:
            roles = people.setdefault(field, {})
            roles.setdefault(party.role, []).append((f"{model._meta.label}, {where}", party))
    return [
        Error(f"{where}: the person of {role} may be of other roles: say if_held", id="parties.E013")
        for roles in people.values()
        if len(roles) > 1
        for role, found in roles.items()
        for where, party in found
        if not party.if_held
    ]


def _person_of(model: type[models.Model], party: Party) -> models.Field | None:
    """The field that names the person of a party; None without one, and for a path that leads nowhere."""
    before, _, last = paths.joined(party.at, party.user).rpartition(LOOKUP_SEP)
    try:
        field = paths.model_at(model, before)._meta.get_field(last) if party.user else None
    except (FieldDoesNotExist, AttributeError):
        return None
    return field if isinstance(field, models.ForeignKey) else None


@register
def every_named_party_is_of_a_model(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Errors of parties to which a module gives a name.

    Those that only code asks for (who reads an answer, who knows a name) stand in no table, and a wrong path in one
    of them would keep everybody out in silence. ``parties.E010``: a party that fits no model; ``E011``: several
    of whom neither a model, a row nor ``told_of`` says to which objects they are parties.
    """
    of_models: dict[type[models.Model], set[int]] = {}
    for model, _, party in declared():
        of_models.setdefault(model, set()).add(id(party))
    faults: list[CheckMessage] = []
    for name, parties in named():
        if any({id(party) for party in parties} <= known for known in of_models.values()):
            continue
        if len(parties) > 1:
            words = f"{name}: no model, no row and no told_of says to what these are parties"
            faults.append(Error(words, id="parties.E011"))
        elif not _fits_a_model(parties[0]):
            words = f"{name} is party to no model by {', '.join(_lookups(parties[0])) or 'its condition'}"
            faults.append(Error(words, id="parties.E010"))
    return faults


def declared() -> Iterator[tuple[type[models.Model], str, Party]]:
    """Every party that a model or a table declares: the model, where it stands, and the party."""
    for model in apps.get_models():
        for party in getattr(model, "seen_by", ()):
            yield model, "seen_by", party
        for field, readers in getattr(model, "read_by", {}).items():
            for party in readers:
                yield model, f"read_by '{field}'", party
    for lifecycle in LIFECYCLES.values():
        for row in lifecycle.rows:
            for party in row.by:
                yield lifecycle.model, f"'{row.name}'", party
        for errand in lifecycle.errands.values():
            for party in errand.parties:
                yield lifecycle.model, f"errand '{errand.name}'", party

    for labels, parties in TOLD:
        for label in labels:
            for party in parties:
                yield apps.get_model(label), "told_of", party


def named() -> Iterator[tuple[str, tuple[Party, ...]]]:
    """Every party, or tuple of parties, to which a module of the product gives a name, each once."""
    packages = {lifecycle.model.__module__.partition(".")[0] for lifecycle in LIFECYCLES.values()}
    loaded = [name for name in sys.modules if name.partition(".")[0] in packages]
    seen: set[int] = set()
    for module in sorted(loaded, key=lambda name: (not name.endswith(".permissions"), name)):
        for name, value in list(vars(sys.modules[module]).items()):
            parties = value if isinstance(value, tuple) else (value,)
            if not parties or not all(isinstance(party, Party) for party in parties) or id(value) in seen:
                continue
            seen.add(id(value))
            yield f"{module}.{name}", parties


def _fits_a_model(party: Party) -> bool:
    """Whether there is a model to whose objects it is a party without fault."""
    readable = (model for model in apps.get_models() if hasattr(model, "seen_by"))
    return any(not any(faults_of(model, party)) for model in readable)


def _never_made(lifecycle: Lifecycle, row: Any, party: Party) -> Iterator[tuple[str, str]]:
    """Why a party could not make a row, with the code."""
    made_in = row.arrow.sources if isinstance(row, Transition) else (row.state,)
    phases = {state.phase for state in lifecycle.states if state in made_in}
    if party.phases is not None and not party.at and not shared(phases, party.phases):
        yield "E008", f"is made in no phase in which {party.role} takes part"
    seers = {party.role for party in getattr(lifecycle.model, "seen_by", ())}
    sees = not seers or party.role in seers or party.role is Role.SYSTEM
    if isinstance(row, Transition) and not sees:
        yield "E009", f"is made by {party.role}, who does not see it (seen_by)"


def shared(phases: set[Phase], wanted: Phase | Phases) -> bool:
    """Whether one of the phases is among those of a party."""
    return any(phase in together((wanted,)) for phase in phases)


def faults_of(model: type[models.Model], party: Party) -> Iterator[tuple[str, str]]:
    """The faults of a party to objects of a model, each with its code."""
    try:
        target = _end_of(model, party.at)
        for lookup in _lookups(party):
            _field_at(target, paths.plain(lookup))
        if party.phases is None or _has_states(target):
            somebody = Actor(party.role, user_id=1, organization_id=1, place_id=1)
            model._default_manager.filter(party.condition(model, somebody))
    except (FieldDoesNotExist, FieldError, TypeError, ValueError, ValidationError) as fault:
        yield "E001", str(fault)
        return
    yield from _wrong_phases(target, party)
    lookups = [*filter(None, (party.organization, party.place, party.user)), *party.where]
    if len([lookup for lookup in lookups if paths.spreads(target, paths.plain(lookup))]) > 1:
        yield "E003", f"{lookups} lead over several rows"
    yield from _wrong_scopes(target, party)
    for lookup, wanted in (*party.where.items(), *party.unless.items()):
        for words in _wrong_values(target, lookup, wanted):
            yield "E007", words


def _lookups(party: Party) -> list[str]:
    """Every path and lookup of a party from the end of ``at``."""
    return [*filter(None, (party.organization, party.place, party.user)), *party.where, *party.unless]


def _end_of(model: type[models.Model], path: str) -> type[models.Model]:
    """The model at the end of a path of relations; raises ``FieldDoesNotExist`` where it breaks off."""
    for name in path.split(LOOKUP_SEP) if path else ():
        related = model._meta.get_field(name).related_model
        if not isinstance(related, type):
            raise FieldDoesNotExist(f"{model._meta.label}.{name} leads to no rows")
        model = related
    return model


def _field_at(model: type[models.Model], path: str) -> Any:
    """The field at the end of a path; raises ``FieldDoesNotExist`` for a property or a lookup."""
    before, _, last = path.rpartition(LOOKUP_SEP)
    return _end_of(model, before)._meta.get_field(last)


def _has_states(model: type[models.Model]) -> bool:
    """Whether a table rules the model."""
    return isinstance(getattr(model, "lifecycle", None), Lifecycle)


def _wrong_phases(target: type[models.Model], party: Party) -> Iterator[tuple[str, str]]:
    """The phases of a party that the table of its objects does not have."""
    if party.phases is None:
        return
    if not _has_states(target):
        yield "E002", f"{target._meta.label} has no states"
        return
    known = {phase.name for phase in states_of(target).phases()}
    if unknown := together((party.phases,)).names - known:
        yield "E002", f"no state is in the phase {sorted(unknown)}"


def _wrong_scopes(target: type[models.Model], party: Party) -> Iterator[tuple[str, str]]:
    """What is wrong with what ties the people of a party to the object."""
    if party.place and party.role not in AT_A_PLACE:
        yield "E004", "may be held without a place: name it in roles.AT_A_PLACE"
    if party.organization and party.role not in (*OF_AN_ORGANIZATION, *AT_A_PLACE):
        yield "E004", "may be held without an organization: name it in roles.OF_AN_ORGANIZATION"
    scoped = any(party.bound_to)
    if party.role in SAYS_WHOSE and not scoped and not party.everybody:
        yield "E005", "says neither whose organization, place or person it is nor that it is everybody"
    if scoped and party.everybody:
        yield "E005", "says everybody, and names an organization, a place or a person"
    memberships: Any = get_user_model()._meta.get_field("memberships").related_model
    for scope in ("organization", "place", "user"):
        path, end = getattr(party, scope), memberships._meta.get_field(scope).related_model
        if path and not _ends_at(_field_at(target, path), scope, end):
            yield "E006", f"{scope}='{path}' does not end at {end._meta.label}"


def _ends_at(field: Any, scope: str, end: type[models.Model]) -> bool:
    """Whether a field leads to rows of that model, or holds their keys: as a list, or by its name."""
    if field.is_relation:
        return field.related_model is end
    return bool(paths.is_list(field.model, field.name) or field.name.endswith(f"{scope}_id"))


def _wrong_values(target: type[models.Model], lookup: str, wanted: Any) -> Iterator[str]:
    """The values of a lookup that its column never has."""
    path = paths.plain(lookup)
    if lookup.endswith(f"{LOOKUP_SEP}isnull") and path != lookup:
        if not isinstance(wanted, bool):
            yield f"{lookup} is asked for {wanted!r}, which is neither True nor False"
        return
    values = list(wanted) if path != lookup else [wanted]
    if not values:
        yield f"{lookup} is asked for none"
    field = _field_at(target, path)
    known = _values_of(field)
    for value in values:
        if known and value not in known and not (value is None and field.null):
            yield f"{lookup} is never {value!r}"


def _values_of(field: Any) -> Mapping[Any, Any] | set[bool]:
    """The values that a field may have; nothing where any may be."""
    if isinstance(field, models.BooleanField):
        return {True, False}
    return dict(getattr(field, "flatchoices", ()))
