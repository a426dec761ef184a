"""Templates of imports: understood column by column, empty, explained."""

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from core.access import Role
from people.imports import service
from people.imports.headers import find_tables
from people.imports.templates import NOTES, template_of
from people.imports.workbook import open_workbook
from tests.factories.people import make_account

KINDS = [kind for kind in service.kinds() if kind.layout]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_column_of_a_template_is_understood(kind) -> None:
    [table] = find_tables(open_workbook(template_of(kind.layout), "模板.xlsx"), kind.layout)
    assert table.headings.keys() == {column.key for column in kind.layout.offered}
    assert table.unknown == ()
    for keys in kind.layout.required:
        assert table.headings.keys() & set(keys)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_a_template_holds_no_row_and_explains_each_column(kind) -> None:
    book = load_workbook(io.BytesIO(template_of(kind.layout)))
    assert book.sheetnames == [kind.layout.title, NOTES]
    assert book[kind.layout.title].max_row == 1
    named = [row[0].value for row in book[NOTES].iter_rows(min_row=2)]
    assert named == [column.title for column in kind.layout.offered]
    needs = {row[0].value: row[1].value for row in book[NOTES].iter_rows(min_row=2)}
    first = kind.layout.required[0]
    assert needs[kind.layout.title_of(first[0])].startswith("必填")


@pytest.mark.django_db
def test_staff_download_them_and_others_do_not() -> None:
    client = Client()
    client.force_login(make_account(Role.HR))
    answer = client.get("/imports/templates/roster.xlsx")
    assert "attachment" in answer["Content-Disposition"]
    assert load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "干部花名册"
    assert client.get("/imports/templates/lrmx.xlsx").status_code == 404
    assert "/imports/templates/tasks.xlsx" in client.get("/imports/new/").content.decode()
    client.force_login(make_account(Role.PARTY))
    assert client.get("/imports/templates/roster.xlsx").status_code == 404
