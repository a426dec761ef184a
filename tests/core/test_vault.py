"""Files written in pieces: read back whole, sealed as one, never half there."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from core import vault
from core.crypto import DecryptionError

PLACE, OWNER = "jobs/large.bin", "core.job:1"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(vault, "PIECE", 10)
    return tmp_path


def put(*parts: bytes, context: str = OWNER) -> None:
    with vault.writing(PLACE, context=context) as file:
        for part in parts:
            file.write(part)


def sealed_pieces() -> tuple[bytes, list[bytes]]:
    data, start = vault.path_of(PLACE).read_bytes(), len(vault.IN_PIECES)
    head, found = data[:start], []
    while start < len(data):
        end = start + vault.LENGTH + int.from_bytes(data[start : start + vault.LENGTH], "big")
        found.append(data[start:end])
        start = end
    return head, found


@limits(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.binary(max_size=35), max_size=6))
def test_what_was_written_is_read_in_pieces_and_whole(parts: list[bytes]) -> None:
    put(*parts)
    found = list(vault.pieces(PLACE, context=OWNER))
    assert b"".join(found) == b"".join(parts) == vault.read(PLACE, context=OWNER)
    assert all(len(piece) == 10 for piece in found[:-1])


def test_a_file_written_at_once_is_read_the_same_way() -> None:
    vault.write(PLACE, b"as ever", context=OWNER)
    assert list(vault.pieces(PLACE, context=OWNER)) == [b"as ever"]


def test_nothing_of_the_clear_text_is_on_the_disk() -> None:
    put(b"secret" * 20)
    assert b"secret" not in vault.path_of(PLACE).read_bytes()


@pytest.mark.parametrize("harm", ["cut", "swapped", "left out", "half a piece", "byte"])
def test_a_file_that_was_tampered_with_is_refused(harm: str) -> None:
    put(b"x" * 45)
    head, found = sealed_pieces()
    match harm:
        case "cut":
            found = found[:-1]
        case "swapped":
            found[0], found[1] = found[1], found[0]
        case "left out":
            del found[1]
        case "half a piece":
            found[-1] = found[-1][:-3]
        case "byte":
            found[2] = found[2][:-1] + bytes([found[2][-1] ^ 1])
    vault.path_of(PLACE).write_bytes(head + b"".join(found))
    with pytest.raises(DecryptionError):
        list(vault.pieces(PLACE, context=OWNER))


def test_a_file_of_somebody_else_is_refused() -> None:
    put(b"x" * 45)
    with pytest.raises(DecryptionError):
        list(vault.pieces(PLACE, context="core.job:2"))


def test_what_breaks_off_leaves_the_old_file_and_no_draft(folder) -> None:
    put(b"old")
    with pytest.raises(TypeError):
        put(b"new" * 20, None)
    assert vault.read(PLACE, context=OWNER) == b"old"
    assert [path.name for path in (folder / "jobs").iterdir()] == ["large.bin"]
