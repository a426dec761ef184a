"""Clients of the API as its users have them."""

from rest_framework.test import APIClient

from people.models import User


def client_of(user: User) -> APIClient:
    """Logged in by session; forged requests are refused only where a test asks for it."""
    client = APIClient()
    client.force_login(user, backend="people.backends.AccountBackend")
    return client
