"""What the page tests of articles, contests, quizzes, evaluation and needs share."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.people import make_account

BACKEND = "people.backends.AccountBackend"
MOST_QUERIES = 12


def client_of(*roles, **values):
    client = Client()
    client.force_login(values.pop("user", None) or make_account(*roles, **values), backend=BACKEND)
    return client


def text_of(response):
    return " ".join(response.content.decode().split())


def cost(client, url):
    client.get(url)  # the first request may write the session
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
