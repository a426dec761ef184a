"""Nobody decides about the task of a relative; somebody else can, is named, and is told."""

from datetime import date

import pytest
from django.test import Client

from core.access import Role
from core.errors import DomainError
from core.models import Notification
from park.choices import ExtensionState, TaskState
from park.contributions import tasks as duties
from park.models import Extension
from park.services import tasks as services
from people.access import viewer_for
from people.choices import KinRelation
from people.models import KinTie
from tests.factories.park import make_task
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer
from tests.park.test_contributions import shown

pytestmark = pytest.mark.django_db
LATER = date(2027, 3, 31)


@pytest.fixture
def unit():
    return make_unit("招商局")


@pytest.fixture
def kin(unit):
    """The leader in charge, whose spouse answers for the task."""
    return make_account(Role.VICE_LEADER, unit=unit, cadre=make_cadre("陈甲"))


@pytest.fixture
def task(unit, kin):
    owner = make_cadre("王乙")
    KinTie.objects.create(cadre=owner, relative=kin.cadre, relation=KinRelation.SPOUSE)
    found = make_task("引进项目", unit=unit, owner=owner, official=kin.cadre, percent=100)
    ask = {"task": found, "by": make_viewer(Role.HR), "on": TODAY}
    services.ask_extension(new_due_on=LATER, reason="等批文", **ask)
    return found


def apply(task):
    services.apply_for_closing(task=task, reason="完成", by=make_viewer(Role.HR), on=TODAY)


def page_of(account, task):
    client = Client()
    client.force_login(account, backend="people.backends.AccountBackend")
    return client.get(f"/park/tasks/{task.pk}/").content.decode()


def decisions(task, by):
    extension = Extension.objects.get()
    return [
        lambda: services.decide_extension(extension=extension, granted=True, by=by, on=TODAY),
        lambda: services.start_review(task=task, by=by, on=TODAY),
        lambda: services.return_task(task=task, reason="缺依据", by=by, on=TODAY),
        lambda: services.stop_task(task=task, reason="不办了", by=by, on=TODAY),
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_relative_is_refused_with_the_way_out(task, kin, unit, turned):
    """A tie counts from both sides."""
    if turned:
        KinTie.objects.all().delete()
        KinTie.objects.create(cadre=kin.cadre, relative=task.owner, relation=KinRelation.SPOUSE)
    head = make_account(Role.DEPARTMENT_HEAD, unit=unit, cadre=make_cadre("李丙"))
    apply(task)
    for decide in decisions(task, viewer_for(kin, on=TODAY)):
        with pytest.raises(DomainError) as refusal:
            decide()
        assert refusal.value.code == "relative"
        assert f"请由{head.name}办理" in refusal.value.message
    assert (task.state, Extension.objects.get().state) == (TaskState.CLOSING, ExtensionState.ASKED)
    others = viewer_for(head, on=TODAY)
    services.decide_extension(extension=Extension.objects.get(), granted=True, by=others, on=TODAY)
    services.start_review(task=task, by=others, on=TODAY)
    services.close_task(task=task, by=others, on=TODAY)
    assert task.state == TaskState.CLOSED


def test_where_nobody_else_may_the_refusal_says_how_somebody_comes_to(task, kin):
    apply(task)
    with pytest.raises(DomainError, match=r"另定责任领导，或请安全管理员授权"):
        services.close_task(task=task, by=viewer_for(kin, on=TODAY), on=TODAY)


def test_the_next_one_is_told_instead_of_the_relative(task, kin, unit):
    head = make_account(Role.DEPARTMENT_HEAD, unit=unit, cadre=make_cadre("李丙"))
    far = make_account(Role.DEPARTMENT_HEAD, unit=make_unit("财政局"), cadre=make_cadre("赵丁"))
    apply(task)
    told = Notification.objects.filter(kind="park.closing")
    assert set(told.values_list("recipient", flat=True)) == {head.pk}
    other = make_task("别的", unit=unit, official=kin.cadre, percent=100)
    apply(other)
    latest = told.exclude(recipient=head)
    assert set(latest.values_list("recipient", flat=True)) == {kin.pk}
    assert far.pk not in told.values_list("recipient", flat=True)


def test_the_page_names_who_decides_and_the_home_page_does_not_ask(task, kin, unit):
    head = make_account(Role.DEPARTMENT_HEAD, unit=unit, cadre=make_cadre("李丙"))
    apply(task)
    services.start_review(task=task, by=make_viewer(Role.HR), on=TODAY)
    page = page_of(kin, task)
    assert f"请由{head.name}办理" in page
    assert f"/park/tasks/{task.pk}/close/" not in page
    assert "审批延期" not in page
    assert "请由其他人审批" not in page_of(head, task)
    asked = {"park.staff.close", "park.staff.extend"}

    def due(account):
        return asked & {
            duty.key for duty in shown(duties.approved_task_duties, viewer_for(account, on=TODAY))
        }

    assert (due(kin), due(head)) == (set(), asked)
