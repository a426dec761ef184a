"""The day a list of the statistics is asked for."""

from datetime import date

from django.http import HttpRequest
from django.utils.dateparse import parse_date

from people.filters import viewer_of


def day_asked(request: HttpRequest) -> date:
    """Today for a day that is missing, wrong or still to come."""
    today = viewer_of(request).on
    try:
        return min(parse_date(request.GET.get("on", "")) or today, today)
    except ValueError:
        return today
