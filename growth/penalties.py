"""Free text on rewards and penalties without its penalties: leaders learn the period of effect only.

A part (up to ； or 。) goes when one of its clauses tells of a penalty; honours in the same part stay. A
clause that ends as an honour is named is one, whatever words it holds: 纪律检查工作先进个人. Pure.
"""

from re import compile as pattern
from re import split

PENALTY = pattern(
    "处分|警告|记过|记大过|降级|降职|撤职|免职|开除|诫勉|留党察看|检查|批评|处理|问责|责令|约谈|立案|查处|影响期"
)
REVOKED = pattern("取消|撤销|收回|剥夺|追回")  # of an honour: the clause ends like one
HONOUR = pattern(
    r"(先进|优秀|模范|标兵|能手|称号|奖章|奖状|奖励?|嘉奖|[一二三]等功|记功|表彰|表扬|荣誉|优胜|劳动者|工作者|个人|集体)$"
)
CLOSING = pattern(r"(（[^（）]*）|\([^()]*\)|[”“\"》」\s])+$")  # who gave it, a closing quotation mark


def without_penalties(text: str) -> str:
    """The same text; what is left of its parts is joined by ；."""
    return "；".join(filter(None, map(_kept, parts_of(text))))


def parts_of(text: str) -> list[str]:
    return [part.strip() for part in split(r"[；;。\n]", text) if part.strip()]


def _kept(part: str) -> str:
    clauses = [clause.strip() for clause in split(r"[，,、]", part)]
    if not any(map(_is_penalty, clauses)):
        return part
    return "，".join(clause for clause in clauses if _is_honour(clause))


def _is_penalty(clause: str) -> bool:
    return bool(REVOKED.search(clause) or (PENALTY.search(clause) and not _is_honour(clause)))


def _is_honour(clause: str) -> bool:
    return bool(HONOUR.search(CLOSING.sub("", clause))) and not REVOKED.search(clause)
