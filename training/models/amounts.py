"""Quantities of training: exact decimals in quarter steps."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

MAX_HOURS = Decimal(999)


def hours_field(verbose_name: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """Hours and days in quarter steps, such as 0.25; exact, never float."""
    validators = [MinValueValidator(Decimal(0)), MaxValueValidator(MAX_HOURS)]
    return models.DecimalField(verbose_name, max_digits=6, decimal_places=2, validators=validators, **options)


def money_field(verbose_name: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """Yuan with fen."""
    validators = [MinValueValidator(0)]
    return models.DecimalField(
        verbose_name, max_digits=12, decimal_places=2, validators=validators, **options
    )
