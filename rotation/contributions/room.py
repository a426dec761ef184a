"""The decision room: permits to read files."""

from growth.permits import register_permits
from rotation.queries.room.reading import CasePermits

register_permits(CasePermits())
