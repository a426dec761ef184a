"""Talkers named for many duties at once, by the planners' own service."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core.access import Role
from core.bulk import fields_for, services
from core.choices import BulkRowState
from people.access import viewer_for
from tests.factories.people import make_account, make_cadre
from tests.factories.wellbeing import make_duty
from tests.wellbeing.conftest import browser, text_of
from wellbeing.models import TalkDuty

pytestmark = pytest.mark.django_db
LIST = "wellbeing:duties"


def assign(user: Any, duties: list[TalkDuty], talker: Any) -> dict[int, str]:
    """State and note of each row after the change."""
    by, now = viewer_for(user, on=timezone.localdate()), timezone.now()
    ids = [duty.pk for duty in duties]
    batch = services.prepare(list_key=LIST, field_key="talker", value=talker, ids=ids, by=by, at=now)
    if batch.rows.filter(state=BulkRowState.READY).exists():
        services.apply_change(change=batch, by=by, at=now)
    return {row.object_id: row.note or row.state for row in batch.rows.all()}


def test_a_planner_names_one_talker_for_many(cadre, office, talker):
    planner = make_account(Role.PARTY)
    open_ones = [make_duty(make_cadre(unit=office), occasion_key=f"honour:{n}") for n in range(3)]
    done = make_duty(cadre, state="done", done_on=timezone.localdate())
    own = make_duty(talker.cadre) if talker.cadre else make_duty(cadre, occasion_key="honour:9")
    found = assign(planner, [*open_ones, done], talker)
    assert set(TalkDuty.objects.filter(talker=talker).values_list("pk", flat=True)) == {
        duty.pk for duty in open_ones
    }
    assert [found[duty.pk] for duty in open_ones] == [BulkRowState.DONE] * 3
    assert found[done.pk] != BulkRowState.DONE
    assert own.talker is None
    page = browser(planner).get(reverse(LIST))
    assert "批量修改" in text_of(page)


def test_who_has_no_right_to_talk_is_refused_row_by_row(cadre):
    duty = make_duty(cadre)
    found = assign(make_account(Role.PARTY), [duty], make_account(Role.CADRE, name="钱示例"))
    assert "没有开展谈话的权限" in found[duty.pk]
    assert TalkDuty.objects.get().talker is None


@pytest.mark.parametrize("role", [Role.DEPARTMENT_HEAD, Role.TOP_LEADER, Role.CADRE, Role.AUDITOR])
def test_only_planners_may(role):
    viewer = viewer_for(make_account(role), on=timezone.localdate())
    assert fields_for(viewer, LIST) == []
