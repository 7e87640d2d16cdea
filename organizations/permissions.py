"""Parties to the lifecycles of organizations."""

from foundation.parties import Party
from foundation.roles import Role

civil_affairs = Party(Role.CIVIL_AFFAIRS)
