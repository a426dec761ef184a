"""What a service says when it refuses: one Chinese sentence that names the place and the way out."""

from collections.abc import Iterable, Sequence


class DomainError(Exception):
    """A refusal that the person can act on.

    `field` names the form or API field concerned, if there is one; `code` is stable for machines. `also` are
    further refusals of the same act, so that a person may mend all at once.
    """

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        code: str = "refused",
        also: "Sequence[DomainError]" = (),
    ) -> None:
        super().__init__(message)
        self.also = tuple(also)
        self.message = message
        self.field = field
        self.code = code

    def all(self) -> "list[DomainError]":
        return [self, *self.also]

    @classmethod
    def raise_all(cls, refusals: "Iterable[DomainError]") -> None:
        """Nothing where there are none."""
        found = list(refusals)
        if found:
            found[0].also = tuple(found[1:])
            raise found[0]
