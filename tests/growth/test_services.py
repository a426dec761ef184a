"""Who may make and read which edition, and what stays behind."""

from pathlib import Path

import pytest
from django.conf import settings

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent
from growth import storage
from growth.access import makeable_editions, readable_editions
from growth.contracts import Edition
from growth.models import GrowthFile
from growth.preview import page_png
from growth.services import make_growth_file, read_growth_file
from people.models import Cadre, Unit
from tests.factories.people import make_unit, make_viewer
from tests.growth.conftest import AS_OF

S, L, A = Edition.SELF, Edition.LEADER, Edition.ARCHIVE


@pytest.mark.parametrize(
    ("role", "readable", "makeable"),
    [
        (Role.HR, (S, L, A), (S, L, A)),
        (Role.VICE_LEADER, (L,), ()),
        (Role.TOP_LEADER, (L, A), ()),
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
    assert seen(make_viewer(Role.VICE_LEADER, unit=unit)) == {"leader"}
    assert seen(make_viewer(Role.HR, unit=make_unit())) == set()
    assert seen(make_viewer(Role.DEPARTMENT_HEAD, unit=unit)) == set()
