import pytest
from django.apps import apps
from django.db import models

from core.classification import Sensitivity, sensitivity_of, unclassified_fields
from core.crypto.fields import EncryptedTextField
from tests.architecture.project import APPS

OUR_MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
by_label = pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)


@by_label
def test_every_field_says_how_sensitive_it_is(model: type[models.Model]) -> None:
    assert unclassified_fields(model) == []


@by_label
def test_classified_names_are_fields(model: type[models.Model]) -> None:
    concrete = {field.name for field in model._meta.concrete_fields}
    assert set(getattr(model, "_sensitivity", {})) - concrete == set()


@by_label
def test_encrypted_fields_are_sensitive(model: type[models.Model]) -> None:
    encrypted = [field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)]
    assert [name for name in encrypted if sensitivity_of(model, name) != Sensitivity.SENSITIVE] == []


def test_the_closed_room_leaves_no_way_back_from_a_cadre() -> None:
    """wellbeing: whoever holds a cadre must not reach talks and health through a reverse name."""
    keys = [
        field for model in OUR_MODELS if model._meta.app_label == "wellbeing" for field in model._meta.fields
    ]
    to_cadre = [field for field in keys if field.related_model is apps.get_model("people.Cadre")]
    assert [str(field) for field in to_cadre if field.remote_field.related_name != "+"] == []
