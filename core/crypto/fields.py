"""A text column that is ciphertext in the database and plain text only where an attribute is read.

The associated data of each value is `<app_label.model>:<instance.uid>:<field>`: a value copied to another
row or column no longer opens. Renaming such a model or field therefore needs a data migration that
re-encrypts. What is loaded stays ciphertext on the instance and is opened at each access, so that lists
which do not show the column never pay for it.
"""

from typing import Any, Final, cast

from django.core import checks
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Case, Value
from django.db.models.functions import Cast
from django.db.models.query_utils import DeferredAttribute

from core.crypto.cipher import decrypt_text, encrypt_text

REFUSED_UPDATE: Final = (
    "加密字段“{}”的密文与所在的行绑定，不能用 update() 或表达式改写；"
    "请改对象的属性后用 save() 或 bulk_update()。"
)


class Sealed(str):
    """A token as it came from the database."""

    __slots__ = ()


class _ForSave(str):
    """A token made for the row that is being saved; only `pre_save` makes one."""

    __slots__ = ()


class Opened(str):
    """Plain text as an attribute gives it; it knows its row, because bulk_update() passes nothing else on."""

    __slots__ = ("context", "field_name")
    context: str
    field_name: str

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)

    @property
    def prepare_database_save(self) -> Any:
        # queryset.update() asks a bare value for this attribute, bulk_update() (which wraps it) does not:
        # so the value of one row cannot be written to others.
        raise FieldError(REFUSED_UPDATE.format(self.field_name))


def _opened(text: str, context: str, name: str) -> Opened:
    value = Opened(text)
    value.context, value.field_name = context, name
    return value


class _OpensOnAccess(DeferredAttribute):
    """Keeps what was loaded or assigned in the instance's dict; opens it for the reader."""

    field: "EncryptedTextField"

    def __get__(self, instance: models.Model | None, owner: Any = None) -> Any:
        if instance is None:
            return self
        kept = super().__get__(instance, owner)
        if not kept:
            return kept
        context = self.field.context_of(instance)
        plain = decrypt_text(kept, context=context) if isinstance(kept, Sealed) else kept
        return _opened(plain, context, self.field.name)

    def __set__(self, instance: models.Model, value: Any) -> None:
        # str() drops the tie of an Opened value to the row it was read from.
        instance.__dict__[self.field.attname] = str(value) if isinstance(value, Opened) else value


class EncryptedTextField(models.TextField):
    """Needs `uid = UUIDField(default=uuid4, unique=True, editable=False)` on the model.

    Search for equality through a second column with `blind_index()`; every lookup but `isnull` is refused
    here, and `values()` gives ciphertext. The empty string is stored as it is.
    """

    descriptor_class = _OpensOnAccess

    def context_of(self, instance: models.Model) -> str:
        return self.context_for(cast(Any, instance).uid)

    def context_for(self, uid: Any) -> str:
        return f"{self.model._meta.label_lower}:{uid}:{self.name}"

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        kept = model_instance.__dict__.get(self.attname)
        if not kept:
            return kept
        if not isinstance(kept, str):
            raise FieldError(REFUSED_UPDATE.format(self.name))
        context = self.context_of(model_instance)
        if not isinstance(kept, Sealed):
            kept = Sealed(encrypt_text(kept, context=context))
            model_instance.__dict__[self.attname] = kept
        elif add:
            decrypt_text(
                kept, context=context
            )  # a copied object with a new uid: better refused than unreadable
        return _ForSave(kept)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        # An expression could carry plain text past the field: only the one of bulk_update() may pass.
        if not value or isinstance(value, _ForSave) or self._is_bulk_update(value):
            return value
        if isinstance(value, Opened):  # from bulk_update()
            return _ForSave(encrypt_text(value, context=value.context))
        raise FieldError(REFUSED_UPDATE.format(self.name))

    def _is_bulk_update(self, expression: Any) -> bool:
        if isinstance(expression, Cast):
            expression = expression.get_source_expressions()[0]
        if not isinstance(expression, Case):
            return False
        results = [case.result for case in cast(Any, expression).cases]
        empty_default = getattr(expression.default, "value", "") is None
        return empty_default and all(isinstance(r, Value) and r.output_field is self for r in results)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"加密字段“{self.name}”不能按内容查找；请用盲索引列查相等。")

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"加密字段“{self.name}”不能按内容查找；请用盲索引列查相等。")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_uid(), *self._check_plain_column()]

    def _check_uid(self) -> list[checks.CheckMessage]:
        try:
            uid = self.model._meta.get_field("uid")
        except FieldDoesNotExist:
            uid = None
        if isinstance(uid, models.UUIDField) and uid.unique and uid.has_default() and not uid.editable:
            return []
        message = "EncryptedTextField needs uid = UUIDField(default=uuid4, unique=True, editable=False)."
        return [checks.Error(message, obj=self, id="crypto.E001")]

    def _check_plain_column(self) -> list[checks.CheckMessage]:
        if not (self.unique or cast(Any, self).db_index) and self.get_default() in ("", None):
            return []
        message = "EncryptedTextField cannot be unique, indexed or have a default text; use blind_index()."
        return [checks.Error(message, obj=self, id="crypto.E002")]
