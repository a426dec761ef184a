"""What the park side answers to the common questions; importing a part registers it."""

import park.contributions.menu
import park.contributions.tasks  # noqa: F401
