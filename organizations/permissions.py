"""Parties to the lifecycles of organizations."""

from foundation.lifecycle.table import Party
from foundation.roles import Role

civil_affairs = Party(Role.CIVIL_AFFAIRS)
