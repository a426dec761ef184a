"""What the list of contests may be asked."""

import django_filters as filters

from training.choices import ContestKind, ContestState
from training.models import Contest


class ContestFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label="比拼名称")
    kind = filters.ChoiceFilter(choices=ContestKind.choices, label="类别", empty_label="全部类别")
    state = filters.ChoiceFilter(choices=ContestState.choices, label="状态", empty_label="全部状态")
    year = filters.NumberFilter(
        field_name="entries_until__year", label="年度", min_value=1970, max_value=2199
    )

    class Meta:
        model = Contest
        fields: list[str] = []
