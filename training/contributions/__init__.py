"""What training answers to the product's common questions; each part in its own module."""

import training.band_section
import training.contributions.bulk
import training.contributions.calendar
import training.contributions.classes
import training.contributions.contests
import training.contributions.enrolment
import training.contributions.finding
import training.contributions.hours
import training.contributions.months
import training.contributions.needs
import training.contributions.reading
import training.contributions.start
import training.contributions.statistics
import training.contributions.study
import training.imports.apply
import training.imports.scores
import training.sections
import training.study_section  # noqa: F401 - registers the section of study activities
