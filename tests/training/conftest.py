import pytest

from tests.factories.training import default_rules


@pytest.fixture
def rules(db: None) -> None:
    default_rules()
