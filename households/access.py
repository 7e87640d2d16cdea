"""Who may see and change households."""

from foundation.roles import Role

#: Roles that may read a protected value of a household they can see, with a reason.
MAY_REVEAL = {
    Role.CIVIL_AFFAIRS,
    Role.WINDOW,
    Role.ASSISTANT,
    Role.AUDITOR,
    Role.HOUSEHOLD,
}
