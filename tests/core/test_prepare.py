"""What `./dev run` does before the site starts."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from core.management.commands.prepare import collect_static_if_changed
from tests.factories.people import make_account


@pytest.fixture
def sources(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS = [folder]
    settings.STATIC_ROOT = str(tmp_path / "collected")
    return folder


def test_static_files_are_collected_once(sources: Path, settings: Settings) -> None:
    collect_static_if_changed()
    collected = Path(settings.STATIC_ROOT) / "a.css"
    assert collected.read_text() == "a{}"
    collected.write_text("untouched")
    collect_static_if_changed()
    assert collected.read_text() == "untouched"


def test_a_changed_source_is_collected_again_and_a_removed_one_leaves(
    sources: Path, settings: Settings
) -> None:
    collect_static_if_changed()
    (sources / "a.css").unlink()
    (sources / "b.css").write_text("b{}")
    collect_static_if_changed()
    root = Path(settings.STATIC_ROOT)
    assert [path.name for path in root.glob("?.css")] == ["b.css"]


@pytest.mark.django_db
def test_without_demo_data_it_says_how_to_get_accounts(
    sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("prepare", empty=True)
    assert "./dev manage setup_accounts" in capsys.readouterr().err
    make_account()
    call_command("prepare", empty=True)
    assert capsys.readouterr().err == ""
