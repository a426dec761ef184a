"""What one person's values say against each other, told at the places of the file."""

from collections.abc import Collection

from people.consistency import Facts, disagreements
from people.imports.reading import Teller

# The names that the layouts of the files give to fields of the record
KEYS = {"birth_month": "birth", "work_started_on": "work_started", "party_joined_on": "party_joined"}


def check_person(teller: Teller, facts: Facts, stated: Collection[str]) -> None:
    """`stated` are the fields that the file itself gives: a fault stands where one of them is."""
    for found in disagreements(facts):
        field, *others = found.fields
        if others and field not in stated:
            field = others[0]
        tell = teller.warn if found.doubt else teller.fault
        tell(KEYS.get(field, field), found.code, found.message)
