"""One field of many rows at once: choose, look at old and new, change, take back.

register_bulk_edit(BulkField(list_key="people:cadres", key="staff_type", …))   # in an app's contributions
"""

from core.bulk.registry import BulkField, fields_for, register_bulk_edit

__all__ = ["BulkField", "fields_for", "register_bulk_edit"]
