"""Who may make and read which edition, and what stays behind."""

from pathlib import Path

import pytest
from django.conf import settings

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent
from growth import permits, storage
from growth.access import makeable_editions, readable_editions
from growth.contracts import Edition
from growth.models import GrowthFile, GrowthReading
from growth.permits import Permit
from growth.preview import page_png
from growth.services import make_growth_file, make_readings_known, read_growth_file, readings_of_matter
from people.models import Cadre, Unit
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.growth.conftest import AS_OF

S, L, A = Edition.SELF, Edition.LEADER, Edition.ARCHIVE


@pytest.mark.parametrize(
    ("role", "readable", "makeable"),
    [
        (Role.HR, (S, L, A), (S, L, A)),
        (Role.VICE_LEADER, (), ()),
        (Role.TOP_LEADER, (A,), ()),
        (Role.DEPARTMENT_HEAD, (), ()),
        (Role.PARTY, (), ()),
        (Role.SYSADMIN, (), ()),
        (Role.SECADMIN, (), ()),
        (Role.AUDITOR, (), ()),
    ],
)
def test_editions_by_role(role: Role, readable, makeable, cadre: Cadre, unit: Unit) -> None:
    inside, outside = make_viewer(role, unit=unit), make_viewer(role, unit=make_unit())
    assert readable_editions(inside, cadre) == readable
    assert makeable_editions(inside, cadre) == makeable
    assert readable_editions(outside, cadre) == ()


class Permits:
    """Permits as an app above registers them: on the cadres named, for whoever asks."""

    def __init__(self, *cadres: Cadre) -> None:
        self.cadres = cadres

    def open_to(self, viewer):
        return Cadre.objects.filter(pk__in=[cadre.pk for cadre in self.cadres]).exclude(pk=viewer.cadre_id)

    def permit(self, viewer, cadre_id):
        return Permit("研究干部工作", "test:1") if cadre_id in [c.pk for c in self.cadres] else None


def test_a_leader_reads_the_leader_edition_by_permit_only(cadre: Cadre, unit: Unit, monkeypatch) -> None:
    file = make_growth_file(cadre=cadre, edition=L, as_of=AS_OF, by=make_viewer(Role.HR, unit=unit))
    leader = make_viewer(Role.VICE_LEADER, unit=make_unit())
    own = make_viewer(Role.VICE_LEADER, cadre=cadre)
    assert not GrowthFile.objects.visible_to(leader).exists()
    monkeypatch.setattr(permits, "_sources", [Permits(cadre)])
    assert readable_editions(leader, cadre) == (L,)
    assert list(GrowthFile.objects.visible_to(leader)) == [file]
    assert readable_editions(own, cadre) == (S,)
    read_growth_file(file=file, by=leader)
    reading = GrowthReading.objects.get()
    assert (reading.purpose, reading.matter, reading.withheld) == ("研究干部工作", "test:1", True)
    assert not GrowthReading.objects.visible_to(own).exists()
    assert not GrowthReading.objects.visible_to(make_viewer(Role.HR)).exists()
    assert list(readings_of_matter("test:1")) == [reading]
    assert make_readings_known("test:1", cadre_ids=[cadre.pk], purpose="研究任免事项") == 1
    assert [row.purpose for row in GrowthReading.objects.visible_to(own)] == ["研究任免事项"]


@pytest.mark.parametrize("roles", [(), (Role.HR,), (Role.TOP_LEADER,)])
def test_on_the_own_record_everyone_is_only_the_cadre(roles, cadre: Cadre, unit: Unit) -> None:
    own = make_viewer(*roles, unit=unit, cadre=cadre)
    assert readable_editions(own, cadre) == (S,)
    assert makeable_editions(own, cadre) == (S,)


def test_made_kept_encrypted_listed_and_read_with_a_trace(cadre: Cadre, unit: Unit) -> None:
    officer = make_viewer(Role.HR, unit=unit)
    file = make_growth_file(cadre=cadre, edition=A, as_of=AS_OF, by=officer)
    stored = (Path(settings.MEDIA_ROOT) / file.path).read_bytes()
    assert not stored.startswith(b"%PDF")
    data = read_growth_file(file=file, by=officer)
    assert data.startswith(b"%PDF")
    assert (len(storage.read(file.uid, file.path)), file.made_by_id, file.filename) == (
        file.size,
        officer.user_id,
        "汪晓峰_A0012_归档版.pdf",
    )
    events = AuditEvent.objects.order_by("seq").values_list("action", "object_type")
    assert list(events) == [("growth.make", "growth.growthfile"), ("growth.read", "growth.growthfile")]
    assert page_png(data, 1, 300).startswith(b"\x89PNG")
    with pytest.raises(DomainError, match="没有第 99 页"):
        page_png(data, 99, 300)


def test_equal_data_is_made_once(cadre: Cadre, unit: Unit) -> None:
    officer = make_viewer(Role.HR, unit=unit)
    first = make_growth_file(cadre=cadre, edition=A, as_of=AS_OF, by=officer)
    assert make_growth_file(cadre=cadre, edition=A, as_of=AS_OF, by=officer) == first
    (Path(settings.MEDIA_ROOT) / first.path).unlink()
    again = make_growth_file(cadre=cadre, edition=A, as_of=AS_OF, by=officer)
    assert (again.pk, again.sha256) == (first.pk, first.sha256)
    assert again.path != first.path
    assert GrowthFile.objects.count() == 1


def test_refused_where_the_right_does_not_reach(cadre: Cadre, unit: Unit) -> None:
    with pytest.raises(DomainError, match="没有为该干部生成归档版成长档案的权限"):
        make_growth_file(cadre=cadre, edition=A, as_of=AS_OF, by=make_viewer(Role.TOP_LEADER, unit=unit))


def test_files_are_listed_for_their_readers_only(cadre: Cadre, unit: Unit) -> None:
    officer = make_viewer(Role.HR, unit=unit)
    for edition in Edition:
        make_growth_file(cadre=cadre, edition=edition, as_of=AS_OF, by=officer)

    def seen(viewer) -> set[str]:
        return set(GrowthFile.objects.visible_to(viewer).values_list("edition", flat=True))

    assert seen(officer) == {"self", "leader", "archive"}
    assert seen(make_viewer(Role.HR, unit=unit, cadre=cadre)) == {"self"}
    assert seen(make_viewer(Role.VICE_LEADER, unit=unit)) == set()
    assert seen(make_viewer(Role.TOP_LEADER, unit=unit)) == {"archive"}
    assert seen(make_viewer(Role.HR, unit=make_unit())) == set()
    assert seen(make_viewer(Role.DEPARTMENT_HEAD, unit=unit)) == set()


@pytest.mark.django_db
def test_what_the_office_may_read_is_no_deeper_than_sqlite_can_parse() -> None:
    """Ties, permits and scopes add up: whoever keeps the files and is a cadre has the longest condition."""
    unit = make_unit()
    viewer = make_viewer(Role.HR, unit=unit, cadre=make_cadre("经办示例", unit=unit))
    assert GrowthReading.objects.visible_to(viewer).count() == 0
