"""Moments of the demo data."""

from datetime import date, datetime, time

from django.utils import timezone


def nine(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
