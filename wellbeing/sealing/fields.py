"""A column that holds only tokens: the attribute is ciphertext as well, nothing opens by being looked at."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from wellbeing.sealing.cipher import PREFIX


class SealedField(models.TextField):
    """Written with tokens of `seal_text`, read by whoever holds the cadre's key (services.door).

    The model needs `uid`. Plain text is refused at the door of the database, and so is every search.
    """

    def context_for(self, uid: Any) -> str:
        return f"{self.model._meta.label_lower}:{uid}:{self.name}"

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if not value or (isinstance(value, str) and value.startswith(PREFIX)):
            return value
        raise FieldError(f"密封字段“{self.name}”只能写入密文。")

    def get_lookup(self, lookup_name: str) -> Any:
        raise FieldError(f"密封字段“{self.name}”不能用来查找。")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"密封字段“{self.name}”不能用来查找。")


def sealed_fields(model: type[models.Model]) -> list[SealedField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]
