"""Who a session belongs to."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from organizations.people.models import Membership, User


class Backend(ModelBackend):
    """Accounts with a password. The person of a session comes with the memberships of today, in one statement."""

    def get_user(self, user_id: int) -> User | None:
        held = list(Membership.objects.of_today().filter(user=user_id).select_related("user"))
        if not held:
            return super().get_user(user_id)
        user = held[0].user
        user.held_today = held
        return user if self.user_can_authenticate(user) else None
