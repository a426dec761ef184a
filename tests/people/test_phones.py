import pytest

from people.phones import is_phone


@pytest.mark.parametrize(
    "text", ["13800005527", "0563-8600000", "(0563)8600000", "8600000", "4008123456", "0563-8600000转12"]
)
def test_numbers_as_offices_write_them(text):
    assert is_phone(text)


@pytest.mark.parametrize(
    "text", ["", "123", "1380000552", "12800005527", "电话", "13800005527转1", "8600000-12"]
)
def test_what_cannot_be_dialled(text):
    assert not is_phone(text)
