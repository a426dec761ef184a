"""Nothing sensitive is ever put into the index of the global search (security.md: no list, no search)."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from core.classification import Sensitivity, sensitivity_of
from core.crypto.fields import EncryptedTextField
from core.search.sources import FAR, Source, sources

ROWS = [one for one in sources() if isinstance(one, Source)]
by_key = pytest.mark.parametrize("source", ROWS, ids=lambda source: source.key)


def steps(model: type[Model], path: str):
    """Each field on the way, with the model it belongs to."""
    for name in path.split(FAR):
        field = model._meta.get_field(name)
        yield model, field
        model = field.related_model or model


@by_key
def test_no_sensitive_field_is_indexed(source: Source) -> None:
    for path in source.fields:
        for model, field in steps(source.model, path):
            assert not isinstance(field, EncryptedTextField), path
            assert sensitivity_of(model, field.name) < Sensitivity.SENSITIVE, path


@by_key
def test_indexed_fields_are_fields_of_the_model(source: Source) -> None:
    """So that what stands in the index is what the declaration says."""
    for path in source.fields:
        try:
            list(steps(source.model, path))
        except FieldDoesNotExist as missing:
            pytest.fail(str(missing))


def test_the_closed_room_is_not_searched() -> None:
    assert [one.key for one in ROWS if one.model._meta.app_label == "wellbeing"] == []


def test_what_is_searched_says_who_may_see_it() -> None:
    assert [
        one.key for one in ROWS if one.rows is None and not hasattr(one.model.objects, "visible_to")
    ] == []
