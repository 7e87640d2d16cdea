"""The person of a session and what they may act as, in one statement.

Every request of everybody asks this first, so it is written out: the query that the
models would build takes three times as long to build as to answer.
"""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.db import connection
from psycopg.sql import SQL, Identifier

from foundation import moments
from organizations.incompatible import compatible
from organizations.models import Membership, Organization, Place, User

_PERSON = [field.attname for field in User._meta.concrete_fields]
_MEMBERSHIP = ["id", "role", "organization_id", "place_id"]
_STATEMENT = (
    SQL(
        """
        SELECT {person}, {membership}, o.name, p.name
        FROM organizations_user u
        LEFT JOIN organizations_membership m
               ON m.user_id = u.id AND m.valid_from <= %(today)s
              AND (m.valid_to IS NULL OR m.valid_to >= %(today)s)
        LEFT JOIN organizations_organization o ON o.id = m.organization_id
        LEFT JOIN organizations_place p ON p.id = m.place_id
        WHERE u.id = %(user)s
        ORDER BY m.id
        """
    )
    .format(
        person=SQL(", ").join(Identifier("u", name) for name in _PERSON),
        membership=SQL(", ").join(Identifier("m", name) for name in _MEMBERSHIP),
    )
    .as_string()
)


def person(user_id: int) -> User | None:
    """The person with ``held``: the memberships of today, with the names that pages show."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"user": user_id, "today": moments.today()})
        rows = cursor.fetchall()
    if not rows:
        return None
    columns = len(_PERSON)
    user = User.from_db(connection.alias, _PERSON, rows[0][:columns])
    user.held = compatible(_held(user, *row[columns:]) for row in rows if row[columns] is not None)
    return user


def _held(user: User, pk: int, role: str, body: int | None, place: int | None, *names: str) -> Membership:
    alias, name = connection.alias, ["id", "name"]
    held = Membership.from_db(alias, _MEMBERSHIP, (pk, role, body, place))
    held.user = user
    held.organization = Organization.from_db(alias, name, (body, names[0])) if body else None
    held.place = Place.from_db(alias, name, (place, names[1])) if place else None
    return held


class PersonBackend(ModelBackend):
    """Name and password as Django keeps them; the person comes with the memberships."""

    def get_user(self, user_id: int) -> User | None:
        """The person, with ``held`` filled; ``None`` for nobody and for a closed account."""
        user = person(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
