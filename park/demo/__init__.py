"""Invented plan, tasks, projects and enterprises for the demo zone; importing a part registers it."""

import park.demo.deeds
import park.demo.field
import park.demo.tasks
import park.demo.trail  # noqa: F401
