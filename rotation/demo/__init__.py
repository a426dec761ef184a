"""Demo data of rotation: each part fills its own tables."""

import rotation.demo.room
import rotation.demo.secondments
import rotation.demo.tenure  # noqa: F401 - registers itself
