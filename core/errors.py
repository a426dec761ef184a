"""What a service says when it refuses: one Chinese sentence that names the place and the way out."""


class DomainError(Exception):
    """A refusal that the person can act on.

    `field` names the form or API field concerned, if there is one; `code` is stable for machines.
    """

    def __init__(self, message: str, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
