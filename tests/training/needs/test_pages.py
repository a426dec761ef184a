"""Pages of needs: the matrix, its reasons, filing, founding a programme, weights, before and after."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate as today
from openpyxl import load_workbook

from core.access import Role
from tests.factories.people import make_cadre, make_unit
from tests.factories.reading import make_need, seat
from tests.factories.training import make_class
from tests.training.reading_pages import MOST_QUERIES, client_of, cost, text_of
from training.choices import NeedMoment, Theme
from training.models import NeedReading, NeedWeight, Programme, TrainingNeed

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr():
    return client_of(Role.HR)


@pytest.fixture
def zone():
    return make_unit("开发区")


@pytest.fixture
def office(zone):
    return make_unit("党政办公室", parent=zone)


def url_of(name, *args):
    return reverse(f"training:{name}", args=args)


def test_the_matrix_leads_to_the_reasons_and_they_to_a_programme(hr, office):
    need = make_need(office, topic="责任清单", filed_on=today())
    page = text_of(hr.get(url_of("needs")))
    reasons = f"{url_of('need_reasons')}?theme=safety&amp;unit={office.pk}&amp;months=12"
    assert reasons in page
    page = text_of(hr.get(reasons.replace("&amp;", "&")))
    assert "责任清单" in page
    url = f"{url_of('need_programme')}?theme=safety&unit={office.pk}&months=12"
    form = hr.get(url).context["form"]
    assert form.initial["name"] == f"{today().year}年安全生产专题培训"
    assert form.initial["purpose"] == "据以下需求设立：\n部门填报：责任清单（1 次）"
    sent = {**form.initial, "needs": [need.pk], "organiser": "", "budget": ""}
    founded = hr.post(url, sent, follow=True)
    assert list(Programme.objects.get().needs.all()) == [need]
    assert f'href="{url_of("need", need.pk)}"' in text_of(founded)
    assert f'href="{url_of("programme", Programme.objects.get().pk)}"' in text_of(
        hr.get(url_of("need", need.pk))
    )
    assert "已立项" in text_of(hr.get(url_of("need_list")))


def test_filing_changing_and_closing(office):
    head = client_of(Role.DEPARTMENT_HEAD, unit=office)
    sent = {"unit": office.pk, "theme": "writing", "topic": "信息怎么写", "people": "6"}
    hr_unit = make_unit()
    response = head.post(url_of("need_new"), sent | {"unit": hr_unit.pk})
    assert response.status_code == 422
    head.post(url_of("need_new"), sent)
    need = TrainingNeed.objects.get()
    assert (need.unit, need.people) == (office, 6)
    head.post(url_of("need_edit", need.pk), {"theme": "writing", "topic": "简报怎么写", "people": "7"})
    head.post(url_of("need_close", need.pk), {"reason": "已办班"})
    need.refresh_from_db()
    assert (need.topic, need.people, need.close_reason) == ("简报怎么写", 7, "已办班")
    assert head.get(url_of("need_edit", need.pk)).status_code == 200  # the service says it is closed
    assert "已经办结" in text_of(
        head.post(url_of("need_edit", need.pk), {"theme": "writing", "topic": "再改", "people": "7"})
    )


def test_a_cadre_asks_for_the_own_needs_alone(office):
    cadre = make_cadre(unit=office)
    client = client_of(cadre=cadre)
    client.post(url_of("need_wish"), {"theme": "industry", "topic": "产业链图谱"})
    need = TrainingNeed.objects.get()
    assert (need.cadre, need.unit, need.origin) == (cadre, office, "cadre")
    make_need(office)
    assert [row.pk for row, _ in client.get(url_of("need_list")).context["rows"]] == [need.pk]
    assert [row.pk for row, _ in client.get(url_of("needs")).context["rows"]] == [need.pk]
    assert "people" not in client.get(url_of("need_edit", need.pk)).context["form"].fields
    stranger = client_of(cadre=make_cadre(unit=office))
    assert stranger.get(url_of("need", need.pk)).status_code == 404


def test_the_matrix_as_a_workbook(hr, office):
    make_need(office, topic="责任清单", filed_on=today())
    book = load_workbook(BytesIO(hr.get(url_of("needs") + "?export=xlsx").getvalue())).active
    rows = [row for row in book.iter_rows(values_only=True) if row[0]]
    assert rows[-1][:6] == ("安全生产", "党政办公室", "部门填报", "责任清单", 1, 3)


def test_weights_open_a_new_version(hr):
    url = url_of("need_weight_new", "filed")
    hr.post(url, {"starts_on": f"{today() + timedelta(days=1)}", "weight": "4", "note": "试行"})
    assert NeedWeight.objects.filter(kind="filed").latest("starts_on").weight == 4
    page = text_of(hr.get(url_of("need_weights")))
    assert ("待施行" in page, "试行" in page) == (True, True)
    assert hr.get(url_of("need_weight_new", "nothing")).status_code == 404
    assert client_of(Role.PARTY).get(url).status_code == 404


def reading(found, unit, moment, people, score):
    return NeedReading.objects.create(
        training_class=found,
        unit=unit,
        moment=moment,
        first_day=today(),
        last_day=today(),
        taken_at=timezone.now(),
        people=people,
        signals=1,
        score=Decimal(score),
    )


def test_before_and_after_below_five_people_is_not_shown(hr, office, zone):
    found = make_class("安全班", starts_on=today(), theme=Theme.SAFETY)
    seat(found, make_cadre(unit=office))
    small = make_unit("小局", parent=zone)
    for moment, scores in ((NeedMoment.BEFORE, ("9", "7.77")), (NeedMoment.AFTER, ("4", "6.66"))):
        reading(found, None, moment, 9, scores[0])
        reading(found, small, moment, 4, scores[1])
    page = text_of(hr.get(url_of("need_effect", found.pk)))
    assert ("7.77" in page, "6.66" in page, "不足 5 人" in page, "-5" in page) == (False, False, True, True)
    (row,) = [row for row, _ in hr.get(url_of("need_effects")).context["rows"]]
    assert row.comparison == (9, "9", "4")


def test_pages_cost_the_same_at_one_and_three_rows(hr, office, zone):
    def more(number):
        unit = make_unit(parent=zone)
        make_need(unit, filed_on=today())
        make_need(unit, cadre=make_cadre(unit=unit), filed_on=today())
        found = make_class(starts_on=today() - timedelta(days=number), theme=Theme.SAFETY)
        reading(found, None, NeedMoment.BEFORE, 9, "1")
        reading(first, unit, NeedMoment.BEFORE, 9, "1")

    first = make_class("对照班", starts_on=today(), theme=Theme.SAFETY)
    need = make_need(office, filed_on=today())
    more(1)
    pages = [
        url_of("needs"),
        url_of("need_reasons") + "?theme=safety",
        url_of("need_list"),
        url_of("need", need.pk),
        url_of("need_effects"),
        url_of("need_effect", first.pk),
        f"{url_of('need_programme')}?theme=safety&unit={office.pk}",
        url_of("need_weights"),
    ]
    one = [cost(hr, url) for url in pages]
    more(2)
    more(3)
    assert one == [cost(hr, url) for url in pages]
    assert max(one) <= MOST_QUERIES
