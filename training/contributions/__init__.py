"""What training answers to the product's common questions; each part in its own module."""

import training.contributions.calendar
import training.contributions.classes
import training.contributions.contests
import training.contributions.hours
import training.contributions.needs
import training.contributions.reading
import training.imports.apply
import training.sections  # noqa: F401 - registers the section of the growth file
