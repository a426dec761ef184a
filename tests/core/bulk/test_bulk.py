"""Bulk changes: preview, refusals, one batch, taking it back; each row by the app's own service."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.access import Role
from core.bulk import services
from core.choices import BulkRowState, BulkState
from core.errors import DomainError
from core.models import AuditEvent, BulkChange, Job
from people.access import viewer_for
from people.choices import StaffType
from people.models import Cadre
from people.services.cadres import update_cadre
from tests.factories.people import identity_number, make_account, make_cadre, make_unit

pytestmark = pytest.mark.django_db
ROSTER = "people:cadres"


@pytest.fixture
def office():
    return make_unit("党政办公室")


@pytest.fixture
def hr():
    return make_account(Role.HR, username="hr")


def viewer(user):
    return viewer_for(user, on=timezone.localdate())


def prepare(user, cadres, field="staff_type", value=StaffType.CIVIL_SERVANT.value, **values):
    return services.prepare(
        list_key=ROSTER,
        field_key=field,
        value=value,
        ids=[cadre.pk for cadre in cadres],
        by=viewer(user),
        at=timezone.now(),
        **values,
    )


def states(change):
    return list(change.rows.values_list("label", "state"))


def apply(user, change):
    return services.apply_change(change=change, by=viewer(user), at=timezone.now())


def undo(user, change, **later):
    return services.undo_change(change=change, by=viewer(user), at=timezone.now() + timedelta(**later))


def kinds():
    return dict(Cadre.objects.values_list("name", "staff_type"))


def test_the_preview_changes_nothing_and_tells_all(hr, office) -> None:
    rows = [
        make_cadre("王示例", unit=office, staff_type="worker"),
        make_cadre("李示例", unit=office, staff_type="civil_servant"),
    ]
    events = AuditEvent.objects.count()
    change = prepare(hr, rows)
    assert states(change) == [("王示例", BulkRowState.READY), ("李示例", BulkRowState.SAME)]
    assert change.rows.first().before_shown == "工勤"
    assert change.shown == "公务员"
    assert kinds() == {"王示例": "worker", "李示例": "civil_servant"}
    assert AuditEvent.objects.count() == events


def test_the_service_refuses_in_its_own_words(hr, office) -> None:
    cadre = make_cadre("王示例", unit=office)
    change = prepare(hr, [cadre], field="rank_since", value=timezone.localdate() + timedelta(days=3))
    row = change.rows.get()
    assert row.state == BulkRowState.REFUSED
    assert row.note.startswith("任现职级时间不能晚于今天")
    with pytest.raises(DomainError, match="没有可以修改的记录"):
        apply(hr, change)


def test_a_batch_is_changed_and_audited_row_by_row_and_as_a_whole(hr, office) -> None:
    rows = [make_cadre(f"王示例{n}", unit=office, staff_type="worker") for n in "甲乙"]
    change = apply(hr, prepare(hr, rows, reason="按文件套改"))
    assert change.state == BulkState.DONE
    assert set(kinds().values()) == {"civil_servant"}
    assert AuditEvent.objects.filter(action="cadre.update").count() == 2
    whole = AuditEvent.objects.get(action="bulk.change")
    assert whole.label == "身份改为“公务员”：2 条已修改，0 条不能改"
    assert whole.reason == "按文件套改"
    with pytest.raises(DomainError, match="已经提交过"):
        apply(hr, prepare_again(change))


def prepare_again(change):
    change.rows.update(state=BulkRowState.READY)
    return BulkChange.objects.get(pk=change.pk)


def test_who_was_faster_is_left_alone(hr, office) -> None:
    cadre = make_cadre("王示例", unit=office, staff_type="worker")
    change = prepare(hr, [cadre, make_cadre("李示例", unit=office)])
    update_cadre(cadre=cadre, values={"staff_type": "institution"}, by=viewer(hr))
    apply(hr, change)
    row = change.rows.get(label="王示例")
    assert (row.state, row.note) == (BulkRowState.REFUSED, "预览之后已被改为“事业编”，没有改动。")
    assert kinds() == {"王示例": "institution", "李示例": "civil_servant"}


def test_taking_back_spares_what_was_changed_since(hr, office) -> None:
    rows = [make_cadre(f"王示例{n}", unit=office, staff_type="worker") for n in "甲乙"]
    change = apply(hr, prepare(hr, rows))
    update_cadre(cadre=Cadre.objects.get(pk=rows[0].pk), values={"staff_type": "institution"}, by=viewer(hr))
    undo(hr, change)
    assert kinds() == {"王示例甲": "institution", "王示例乙": "worker"}
    assert states(change) == [("王示例甲", BulkRowState.KEPT), ("王示例乙", BulkRowState.UNDONE)]
    assert change.rows.first().note == "此后已被改为“事业编”，没有改动。"
    assert AuditEvent.objects.get(action="bulk.undo").label.endswith("1 条已撤销，1 条未撤销")
    with pytest.raises(DomainError, match="已经撤销过"):
        undo(hr, BulkChange.objects.get(pk=change.pk))


def test_taking_back_has_an_end(hr, office) -> None:
    change = apply(hr, prepare(hr, [make_cadre(unit=office)]))
    with pytest.raises(DomainError, match="已超过 7 天"):
        undo(hr, change, days=8)


def test_one_row_out_of_reach_and_nothing_exists(office) -> None:
    """security.md B11."""
    other = make_cadre("别处人", unit=make_unit("财政金融局"))
    mine = [make_cadre(unit=office) for _ in range(3)]
    local = make_account(Role.HR, unit=office)
    with pytest.raises(services.UnknownRowsError):
        prepare(local, [*mine, other])
    assert not BulkChange.objects.exists()


def test_nobody_changes_the_own_record_in_bulk(office) -> None:
    own = make_cadre("王示例", unit=office)
    account = make_account(Role.HR, cadre=own)
    change = prepare(account, [own, make_cadre(unit=office)])
    assert change.rows.first().note == services.NOT_YOURS


def test_a_field_that_one_may_not_change_does_not_exist(office) -> None:
    cadre = make_cadre(unit=office)
    with pytest.raises(services.UnknownRowsError):
        prepare(make_account(Role.DEPARTMENT_HEAD, unit=office), [cadre])
    with pytest.raises(services.UnknownRowsError):
        prepare(make_account(Role.HR), [cadre], field="id_number", value=identity_number())


def test_many_rows_become_a_job(hr, office) -> None:
    rows = [make_cadre(unit=office) for _ in range(services.AT_ONCE + 1)]
    change = apply(hr, prepare(hr, rows))
    assert Job.objects.get(uid=change.job_uid).state == "done"
    assert services.counted(change, BulkRowState.DONE) == len(rows)
    undo(hr, change)
    assert services.counted(change, BulkRowState.UNDONE) == len(rows)
    assert set(kinds().values()) == {""}


def test_a_worker_that_was_killed_goes_on_where_it_was(hr, office) -> None:
    rows = [make_cadre(f"王示例{n}", unit=office) for n in "甲乙丙"]
    change = prepare(hr, rows)
    BulkChange.objects.filter(pk=change.pk).update(state=BulkState.RUNNING)

    def die(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.run_apply(change=change, by=viewer(hr), at=timezone.now(), tell=die)
    services.run_apply(change=change, by=viewer(hr), at=timezone.now())
    assert AuditEvent.objects.filter(action="cadre.update").count() == 3
    assert AuditEvent.objects.filter(action="bulk.change").count() == 1


def test_old_previews_go(hr, office) -> None:
    prepare(hr, [make_cadre(unit=office)])
    kept = apply(hr, prepare(hr, [make_cadre(unit=office)]))
    services.drop_old_drafts(at=timezone.now() + timedelta(days=2))
    assert list(BulkChange.objects.all()) == [kept]


# Pages


@pytest.fixture
def client(hr):
    browser = Client()
    browser.force_login(hr)
    return browser


def start(client, rows, **data):
    address = f"/bulk/new/?list={ROSTER}&next=/cadres/%3Fsex%3DM"
    return client.post(address, {"chosen": [row.pk for row in rows], **data})


def test_from_the_list_to_the_change_and_back(client, office) -> None:
    rows = [make_cadre(f"王示例{n}", unit=office, staff_type="worker") for n in "甲乙"]
    text = client.get("/cadres/").content.decode()
    assert 'formaction="/bulk/new/?list=people%3Acadres&amp;next=/cadres/"' in text
    form = start(client, rows).content.decode()
    assert "已选 2 条" in form
    assert "/cadres/?sex=M" in form
    response = start(client, rows, field="staff_type", value_staff_type="civil_servant", reason="套改")
    page = client.get(response["Location"]).content.decode()
    assert "还没有修改" in page
    assert "修改 2 条" in page
    done = client.post(f"{response['Location']}apply/", follow=True).content.decode()
    assert "已修改 2 条，可以在这里撤销。" in done
    back = client.post(f"{response['Location']}undo/", follow=True).content.decode()
    assert "已撤销 2 条。" in back
    assert set(kinds().values()) == {"worker"}
    assert "身份改为“公务员”" in client.get("/bulk/").content.decode()


def test_a_value_is_asked_for_only_where_the_button_was_pressed(client, office) -> None:
    rows = [make_cadre(unit=office)]
    assert start(client, rows, field="rank_since").status_code == 422
    assert start(client, rows, field="staff_type", value_staff_type="nonsense").status_code == 422
    assert start(client, rows, field="note").status_code == 302  # may be emptied
    assert start(client, rows, field="id_number").status_code == 422


def test_nothing_chosen_leads_back(client) -> None:
    assert start(client, [])["Location"] == "/cadres/?sex=M"


def test_a_batch_is_its_makers_own(client, hr, office) -> None:
    change = prepare(hr, [make_cadre(unit=office)])
    other = Client()
    other.force_login(make_account(Role.HR))
    assert other.get(f"/bulk/{change.uid}/").status_code == 404
    assert other.post(f"/bulk/{change.uid}/apply/").status_code == 404
    assert client.get(f"/bulk/{change.uid}/").status_code == 200


def test_readers_are_offered_nothing(office) -> None:
    head = Client()
    head.force_login(make_account(Role.DEPARTMENT_HEAD, unit=office))
    make_cadre(unit=office)
    assert "/bulk/new/" not in head.get("/cadres/").content.decode()
    assert head.post(f"/bulk/new/?list={ROSTER}", {"chosen": ["1"]}).status_code == 404
