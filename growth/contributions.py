"""Growth's own sections; importing them registers them."""

from growth.sections import basic, merit, posts, resume

__all__ = ["basic", "merit", "posts", "resume"]
