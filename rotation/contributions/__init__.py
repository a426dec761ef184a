"""What rotation answers to the product's common questions; each part in its own module."""

import rotation.contributions.months
import rotation.contributions.plans
import rotation.contributions.room
import rotation.contributions.secondments
import rotation.contributions.statistics
import rotation.contributions.tenure
import rotation.secondment_section
import rotation.sections  # noqa: F401 - what belongs in the growth file
