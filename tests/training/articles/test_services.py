"""Articles: publishing, reading once, paper readers, hours under the year's cap."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from people.access import viewer_for
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer
from tests.factories.reading import make_article, noon
from training.choices import ArticleCategory, Audience, GroupKind, HourSource, Theme
from training.models import ConversionRule, GroupMembership, HourEntry, Reading, StudyGroup
from training.queries.articles import progress_of, to_read, unread_of
from training.services.articles import (
    cancel_reading,
    change_article,
    confirm_reading,
    publish_article,
    register_paper_readings,
    remind_unread,
    restore_article,
    withdraw_article,
)

pytestmark = pytest.mark.django_db
NOW = noon(TODAY)
VALUES = {
    "title": "必读一篇",
    "category": ArticleCategory.DOCUMENT,
    "theme": Theme.SAFETY,
    "text": "正文",
    "is_must_read": True,
    "due_on": TODAY + timedelta(days=7),
    "audience": Audience.ALL,
}


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


@pytest.fixture
def office():
    return make_unit("党政办公室")


def publish(hr, **values):
    return publish_article(values=VALUES | values, by=hr, on=TODAY, at=NOW)


def own(cadre):
    return viewer_for(make_account(cadre=cadre), on=TODAY)


def test_a_must_read_is_told_to_its_audience(hr, office):
    inside, outside = make_cadre(unit=office), make_cadre(unit=make_unit())
    accounts = {cadre: make_account(cadre=cadre) for cadre in (inside, outside)}
    publish(hr, audience=Audience.UNIT, unit=office)
    assert list(Notification.objects.values_list("recipient_id", flat=True)) == [accounts[inside].pk]


def test_a_must_read_needs_a_deadline_ahead(hr):
    for due, code in ((None, "missing_due"), (TODAY - timedelta(days=1), "due_in_the_past")):
        with pytest.raises(DomainError) as refusal:
            publish(hr, due_on=due)
        assert (refusal.value.code, refusal.value.field) == (code, "due_on")


def test_an_article_needs_content(hr):
    with pytest.raises(DomainError) as refusal:
        publish(hr, text="")
    assert refusal.value.message == "请粘贴正文、上传 PDF，或填写原文链接，至少一项。"


def test_the_audience_is_that_of_the_day_of_publication(hr, office):
    """Who moved in later is not expected, who moved away still is."""
    stays, comes, goes = make_cadre("留"), make_cadre("来"), make_cadre("走")
    other = make_unit()
    later = TODAY + timedelta(days=3)
    for cadre, unit, since, until in (
        (stays, office, TODAY - timedelta(days=9), None),
        (goes, office, TODAY - timedelta(days=9), later - timedelta(days=1)),
        (goes, other, later, None),
        (comes, other, TODAY - timedelta(days=9), later - timedelta(days=1)),
        (comes, office, later, None),
    ):
        cadre.appointments.create(kind="post", unit=unit, title="科员", starts_on=since, ends_on=until)
    article = publish(hr, audience=Audience.UNIT, unit=office)
    assert {cadre.name for cadre in unread_of(article)} == {"留", "走"}
    assert [to_read(own(cadre)).count() for cadre in (stays, goes, comes)] == [1, 1, 0]
    assert progress_of([article])[article.pk].expected == 2


def test_a_study_group_as_of_the_day(hr):
    group = StudyGroup.objects.create(name="第一支部", kind=GroupKind.BRANCH)
    member, former = make_cadre("在"), make_cadre("曾")
    GroupMembership.objects.create(group=group, cadre=member, starts_on=TODAY)
    GroupMembership.objects.create(
        group=group, cadre=former, starts_on=TODAY - timedelta(days=90), ends_on=TODAY - timedelta(days=1)
    )
    article = publish(hr, audience=Audience.GROUP, group=group)
    assert [cadre.name for cadre in unread_of(article)] == ["在"]
    assert [to_read(own(cadre)).count() for cadre in (member, former)] == [1, 0]
    assert progress_of([article])[article.pk].expected == 1


def test_reading_counts_once_and_by_the_rule(office):
    cadre = make_cadre(unit=office)
    viewer, article = own(cadre), make_article("一篇")
    first = confirm_reading(article=article, by=viewer, at=NOW)
    assert confirm_reading(article=article, by=viewer, at=NOW) == first
    assert (first.unit, first.read_at, first.way) == (office, NOW, "online")
    entry = HourEntry.objects.get()
    assert (entry.source, entry.title, entry.hours) == (HourSource.READING, "一篇", Decimal("0.25"))
    assert AuditEvent.objects.filter(action="article.read").count() == 1


def test_the_year_cap_holds_over_all_readings():
    ConversionRule.objects.filter(source=HourSource.READING).update(cap_per_year=Decimal("0.5"))
    viewer = own(make_cadre())
    for _ in range(4):
        confirm_reading(article=make_article(), by=viewer, at=NOW)
    assert Reading.objects.count() == 4
    assert sum(HourEntry.objects.in_force().values_list("hours", flat=True)) == Decimal("0.5")


def test_without_a_rule_reading_counts_nothing():
    ConversionRule.objects.filter(source=HourSource.READING).delete()
    confirm_reading(article=make_article(), by=own(make_cadre()), at=NOW)
    assert (Reading.objects.count(), HourEntry.objects.count()) == (1, 0)


def test_paper_readers_are_registered_at_once_and_only_once(hr):
    article, cadres = make_article(), [make_cadre() for _ in range(3)]
    confirm_reading(article=article, by=own(cadres[0]), at=NOW)
    rows = register_paper_readings(article=article, cadres=cadres, by=hr, at=NOW)
    assert [(row.cadre, row.way, row.registered_by) for row in rows] == [
        (cadre, "paper", hr.name) for cadre in cadres[1:]
    ]
    assert HourEntry.objects.in_force().count() == 3


def test_nobody_registers_or_cancels_the_own_reading():
    cadre = make_cadre()
    staff = viewer_for(make_account(Role.HR, cadre=cadre), on=TODAY)
    article = make_article()
    with pytest.raises(DomainError) as refusal:
        register_paper_readings(article=article, cadres=[make_cadre(), cadre], by=staff, at=NOW)
    assert refusal.value.code == "own_record"
    reading = confirm_reading(article=article, by=staff, at=NOW)
    with pytest.raises(DomainError) as refusal:
        cancel_reading(reading=reading, reason="错", by=staff, at=NOW)
    assert refusal.value.code == "own_record"


def test_cancelling_reverses_the_hours(hr):
    article = make_article()
    (row,) = register_paper_readings(article=article, cadres=[make_cadre()], by=hr, at=NOW)
    cancel_reading(reading=row, reason="登记错人", by=hr, at=NOW)
    assert Reading.objects.count() == 0
    assert HourEntry.objects.get().reversal_reason == "登记错人"


def test_a_withdrawn_article_is_asked_of_nobody_and_comes_back(hr):
    cadre = make_cadre()
    viewer, article = own(cadre), publish(hr)
    withdraw_article(article=article, reason="有误", by=hr, at=NOW)
    assert to_read(viewer).count() == 0
    with pytest.raises(DomainError):
        confirm_reading(article=article, by=viewer, at=NOW)
    restore_article(article=article, by=hr)
    assert list(to_read(viewer)) == [article]


def test_reminding_once_a_day(hr):
    read, unread = make_cadre(), make_cadre()
    make_account(cadre=read)
    account = make_account(cadre=unread)
    article = make_article(due_on=TODAY + timedelta(days=1), published_on=TODAY)
    register_paper_readings(article=article, cadres=[read], by=hr, at=NOW)
    keys = [read.pk, unread.pk]
    assert remind_unread(article=article, within=keys, by=hr, on=TODAY) == 1
    assert remind_unread(article=article, within=keys, by=hr, on=TODAY) == 0
    assert Notification.objects.get().recipient == account


def test_a_change_is_audited_without_the_text(hr):
    article = publish(hr)
    change_article(article=article, values={"title": "改题", "text": "新的正文"}, by=hr, on=TODAY, at=NOW)
    article.refresh_from_db()
    assert (article.title, article.text) == ("改题", "新的正文")
    assert "新的正文" not in str(AuditEvent.objects.latest("pk").changes)
