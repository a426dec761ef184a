"""The states of a secondment and what leads from one to the next. Pure."""

from rotation.choices.secondments import SecondmentAct, SecondmentState

S, A = SecondmentState, SecondmentAct

MOVES: dict[SecondmentAct, dict[SecondmentState, SecondmentState]] = {
    A.APPROVE: {S.RECOMMENDED: S.APPROVED},
    A.REFUSE: {S.RECOMMENDED: S.REFUSED},
    A.DISPATCH: {S.APPROVED: S.DISPATCHED},
    A.REPORT_IN: {S.DISPATCHED: S.ACTIVE},
    A.EXTEND: {S.ACTIVE: S.EXTENDED, S.EXTENDED: S.EXTENDED},
    A.END: {S.ACTIVE: S.ENDED, S.EXTENDED: S.ENDED},
    A.APPRAISE: {S.ENDED: S.APPRAISED},
    A.RETURN: {S.APPRAISED: S.RETURNED},
    A.KEEP: {S.APPRAISED: S.KEPT},
    A.CANCEL: {S.RECOMMENDED: S.CANCELLED, S.APPROVED: S.CANCELLED, S.DISPATCHED: S.CANCELLED},
}
LIVE = (S.ACTIVE, S.EXTENDED)
COMING = (S.RECOMMENDED, S.APPROVED, S.DISPATCHED)
OVER = (S.ENDED, S.APPRAISED, S.RETURNED, S.KEPT)
VOID = (S.REFUSED, S.CANCELLED)
# From here on the cadre knows of it, and the departments and leaders see it as a fact.
PUBLISHED = (S.APPROVED, S.DISPATCHED, *LIVE, *OVER)
# The way that is drawn as steps; an extension and the void ones stand beside it.
WAY = (S.RECOMMENDED, S.APPROVED, S.DISPATCHED, S.ACTIVE, S.ENDED, S.APPRAISED, S.RETURNED)


def after(state: SecondmentState, act: SecondmentAct) -> SecondmentState | None:
    """Where the act leads from the state; None where it is not allowed."""
    return MOVES.get(act, {}).get(state)


def acts_from(state: SecondmentState) -> tuple[SecondmentAct, ...]:
    return tuple(act for act, ways in MOVES.items() if state in ways)
