"""Whether somebody of the staff is reached at a telephone or a mail address already."""

from __future__ import annotations

from organizations.people.models import User


def by(phone: str, email: str) -> bool:
    """Whether an account in use has this mobile number or this mail address; numbers are encrypted, so each is read."""
    staff = User.objects.filter(private=False, is_active=True)
    if email and staff.filter(email__iexact=email).exists():
        return True
    numbers = staff.exclude(phone=None).values_list("phone", flat=True) if phone else ()
    return any(number is not None and number.plain() == phone for number in numbers)
