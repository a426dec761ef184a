"""Who stands on the list, what becomes of them, and that nothing but closed lists is ever kept of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import models
from django.utils import timezone

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from people.choices import CadreStatus, OccasionCode
from people.contracts import occasions_of
from tests.factories.checkups import line_of, make_campaign, make_slot, organiser
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import viewer_of
from wellbeing.choices.checkups import CheckupState
from wellbeing.models import CheckupCampaign, CheckupMember, CheckupRule, TalkDuty
from wellbeing.queries.checkups.eligibility import eligible
from wellbeing.queries.checkups.lists import budget_use, figures_of
from wellbeing.services.checkups.campaigns import change_campaign, end_campaign
from wellbeing.services.checkups.members import (
    add_member,
    defer_members,
    record_results,
    remove_members,
    resume_members,
)
from wellbeing.services.checkups.slots import book_slot
from wellbeing.services.duties import raise_talk_duties
from wellbeing.services.rules import open_checkup_rule

pytestmark = pytest.mark.django_db
WORDS = (models.CharField, models.TextField)


def rule(by=None, **values):
    defaults = {
        "name": "四十以上",
        "source": "示例",
        "starts_on": date(2025, 1, 1),
        "frequency": "1",
        "is_on": True,
    }
    return open_checkup_rule(values=defaults | values, by=viewer_of(by or organiser()))


def names_of(found):
    return {one.cadre_id for one in found}


def test_a_result_has_no_room_for_words():
    """Everything that is a text in the line of a person is a choice of a closed list."""
    free = [
        field.name
        for field in CheckupMember._meta.concrete_fields
        if isinstance(field, WORDS) and not field.choices
    ]
    assert free == []
    forbidden = ("finding", "diagnos", "result_text", "remark", "note", "advice", "conclusion", "report")
    names = " ".join(field.name for field in CheckupMember._meta.concrete_fields)
    assert not [word for word in forbidden if word in names]


def test_rules_choose_by_age_sex_service_rank_and_kind_of_unit(office):
    CheckupRule.objects.update(is_on=False)
    born = {"old": date(1975, 12, 1), "young": date(1990, 1, 1)}
    since = {"old": date(1999, 7, 1), "young": date(2015, 7, 1)}
    ranks = {"old": "一级主任科员", "young": "四级主任科员"}
    old, young = (
        make_cadre(
            key, unit=office, sex=sex, birth_month=born[key], work_started_on=since[key], rank=ranks[key]
        )
        for key, sex in (("old", "F"), ("young", "M"))
    )
    unknown = make_cadre("不详", unit=office)
    make_cadre("退休", unit=office, birth_month=date(1960, 1, 1), status=CadreStatus.RETIRED)
    for values, wanted in (
        ({"min_age": 51}, {old.pk}),
        ({"min_age": 52}, set()),
        ({"max_age": 50}, {young.pk}),
        ({"sex": "F"}, {old.pk}),
        ({"min_years": 20}, {old.pk}),
        ({"rank": "二级主任科员"}, {old.pk}),
        ({"unit_kind": "department"}, {old.pk, young.pk, unknown.pk}),
        ({"unit_kind": "institution"}, set()),
    ):
        made = rule(name=f"规则{values}", **values)
        assert names_of(eligible(year=2026, on=TODAY)) == wanted, values
        CheckupRule.objects.filter(pk=made.pk).update(is_on=False)


def test_every_two_years_is_not_the_year_after(cadre):
    CheckupRule.objects.update(frequency="2")
    last = make_campaign(on=TODAY - timedelta(days=365))
    record_results(members=[line_of(last, cadre)], result="done", by=viewer_of(organiser()))
    assert cadre.pk not in names_of(eligible(year=TODAY.year, on=TODAY))
    assert cadre.pk in names_of(eligible(year=TODAY.year + 1, on=TODAY))


def test_a_new_version_ends_the_old_one_the_day_before(cadre):
    rule(starts_on=date(2025, 1, 1), min_age=40)
    rule(starts_on=date(2026, 7, 1), min_age=35)
    versions = list(CheckupRule.objects.filter(name="四十以上").order_by("starts_on"))
    assert [version.ends_on for version in versions] == [date(2026, 6, 30), None]
    with pytest.raises(DomainError, match="另选生效日期"):
        rule(starts_on=date(2026, 7, 1))


def test_publishing_makes_the_list_prints_the_rule_and_tells_the_people(cadre, own):
    campaign = make_campaign(state="published")
    line = line_of(campaign, cadre)
    assert (line.state, line.unit_id, line.rule.name) == (
        "open",
        cadre.appointments.get().unit_id,
        "在职干部",
    )
    assert campaign.rule_text == "在职干部：每年一次"
    assert Notification.objects.filter(recipient=own, kind="wellbeing.checkup").count() == 1


def test_the_budget_stops_a_list_that_is_too_long(cadre):
    with pytest.raises(DomainError, match="超过预算总额"):
        make_campaign(budget_total=Decimal(100))
    campaign = make_campaign(budget_total=Decimal(500 * CheckupMember.objects.count() + 2000))
    assert campaign.state == "running"


def test_only_the_whole_zone_plans_and_nobody_enters_the_own_result(cadre, office):
    campaign = make_campaign()
    part = viewer_of(make_account(Role.HR, unit=office))
    with pytest.raises(DomainError, match="全区统一"):
        change_campaign(campaign=campaign, values={"title": "改"}, by=part)
    me = make_account(Role.HR, cadre=cadre)
    with pytest.raises(DomainError, match="本人"):
        record_results(members=[line_of(campaign, cadre)], result="done", by=viewer_of(me))
    record_results(members=[line_of(campaign, cadre)], result="done", by=part)
    assert line_of(campaign, cadre).state == CheckupState.DONE


def test_people_are_added_and_taken_off_for_a_reason_of_the_list(office, cadre):
    by = viewer_of(organiser())
    campaign = make_campaign()
    fresh = make_cadre("新来", unit=office)
    with pytest.raises(DomainError, match="补入原因"):
        add_member(campaign=campaign, cadre=fresh, reason="身体不适", by=by, on=TODAY)
    add_member(campaign=campaign, cadre=fresh, reason="joined", by=by, on=TODAY)
    with pytest.raises(DomainError, match="已在名单中"):
        add_member(campaign=campaign, cadre=fresh, reason="joined", by=by, on=TODAY)
    assert remove_members(members=[line_of(campaign, fresh)], reason="left", by=by) == 1
    assert line_of(campaign, fresh).state == CheckupState.REMOVED
    add_member(campaign=campaign, cadre=fresh, reason="returned", by=by, on=TODAY)
    assert line_of(campaign, fresh).removed_for == ""


def test_putting_off_frees_the_place_and_is_taken_back(cadre):
    by = viewer_of(organiser())
    campaign = make_campaign()
    slot = make_slot(campaign, capacity=1)
    book_slot(member=line_of(campaign, cadre), slot=slot, by=by, at=timezone.now())
    defer_members(members=[line_of(campaign, cadre)], reason="secondment", by=by)
    slot.refresh_from_db()
    line = line_of(campaign, cadre)
    assert (slot.seats_taken, line.state, line.slot, line.deferred_for) == (0, "deferred", None, "secondment")
    with pytest.raises(DomainError, match="先补入或恢复应检"):
        record_results(members=[line], result="done", by=by)
    resume_members(members=[line], by=by)
    assert line_of(campaign, cadre).state == CheckupState.OPEN


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (["done"], ("done", False, False)),
        (["recheck"], ("done", True, False)),
        (["recheck", "rechecked"], ("done", True, True)),
        (["recheck", "rechecked", "recheck"], ("done", True, True)),
        (["recheck", "done"], ("done", False, False)),
        (["done", "missed"], ("missed", False, False)),
    ],
)
def test_results_follow_each_other(cadre, steps, wanted):
    by = viewer_of(organiser())
    campaign = make_campaign()
    for step in steps:
        record_results(members=[line_of(campaign, cadre)], result=step, by=by)
    line = line_of(campaign, cadre)
    assert (line.state, line.recheck_needed, line.recheck_done) == wanted
    assert record_results(members=[line], result=steps[-1], by=by) == 0


def test_a_recheck_needs_one_to_be_due(cadre):
    by = viewer_of(organiser())
    campaign = make_campaign()
    with pytest.raises(DomainError, match="没有登记需复查"):
        record_results(members=[line_of(campaign, cadre)], result="rechecked", by=by)


def test_the_log_says_how_many_and_not_who_needs_a_recheck(cadre):
    record_results(members=[line_of(make_campaign(), cadre)], result="recheck", by=viewer_of(organiser()))
    event = AuditEvent.objects.filter(action="checkup.change").order_by("seq").last()
    assert cadre.name not in event.label
    assert "需复查 1 人" in event.label


def test_whoever_missed_it_is_talked_to_once(cadre, talker):
    by = viewer_of(organiser())
    campaign = make_campaign()
    assert end_campaign(campaign=campaign, spent=Decimal(0), by=by, on=TODAY) == CheckupMember.objects.count()
    found = [o for o in occasions_of([cadre.pk], since=TODAY, until=TODAY) if o.kind == "健康体检"]
    assert [(o.code, o.title) for o in found] == [(OccasionCode.CHECKUP_MISSED, "")]
    for _ in range(2):
        raise_talk_duties(on=TODAY, cadre_ids=[cadre.pk])
    duty = TalkDuty.objects.get(code="checkup_missed", cadre=cadre)
    assert duty.talker == talker


def test_a_late_result_is_still_entered(cadre):
    by = viewer_of(organiser())
    campaign = make_campaign()
    end_campaign(campaign=campaign, spent=None, by=by, on=TODAY)
    record_results(members=[line_of(campaign, cadre)], result="done", by=by)
    assert [o for o in occasions_of([cadre.pk], since=TODAY, until=TODAY) if o.kind == "健康体检"] == []


def test_budget_use_is_what_was_done_until_it_is_settled(cadre, office):
    make_cadre("同事", unit=office)
    by = viewer_of(organiser())
    campaign = make_campaign(budget_per_head=Decimal(500), budget_total=Decimal(3000))
    record_results(members=[line_of(campaign, cadre)], result="done", by=by)
    use = budget_use(campaign, figures_of([campaign])[campaign.pk])
    assert (use.due, use.planned, use.left, use.percent) == (500, 1000, 2500, 17)
    end_campaign(campaign=campaign, spent=Decimal(480), by=by, on=TODAY)
    campaign = CheckupCampaign.objects.get(pk=campaign.pk)
    assert budget_use(campaign, figures_of([campaign])[campaign.pk]).due == 480
