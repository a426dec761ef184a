"""How a session finds its account. Passwords and lock-out stay with Django and axes."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from people.models import RoleGrant, User


class AccountBackend(ModelBackend):
    """The account together with its grants: one query where every page would ask two."""

    def get_user(self, user_id: Any) -> User | None:
        grants = list(RoleGrant.objects.filter(user_id=user_id).select_related("user", "unit"))
        if not grants:
            return super().get_user(user_id)
        user = grants[0].user
        user.known_grants = grants
        return user if self.user_can_authenticate(user) else None
