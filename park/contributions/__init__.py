"""What the park side answers to the common questions; importing a part registers it."""

import park.contributions.bulk
import park.contributions.bulk_field
import park.contributions.deeds
import park.contributions.field
import park.contributions.finding
import park.contributions.inspections
import park.contributions.menu
import park.contributions.months
import park.contributions.needs
import park.contributions.statistics
import park.contributions.tasks
import park.field_section
import park.imports.apply
import park.sections  # noqa: F401 - what belongs in the growth file
