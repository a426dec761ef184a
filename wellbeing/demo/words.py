"""What the invented talks say. Every sealed text ends with a mark of its own (a canary).

The mark is looked for in everything the system gives out: found where it does not belong, it names the
record that leaked.
"""

import hashlib
from random import Random
from uuid import UUID

from wellbeing.choices.talks import Mood

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
MARK = "ZQMK"  # four letters: two of them stand in a CSRF token now and then

SAID = {
    "thinking": (
        "思想稳定，拥护组织决定，对园区转型有信心。",
        "近来任务集中，有些急躁，愿意调整节奏。",
        "希望多参加理论学习，感到对新政策吃得不透。",
    ),
    "work": (
        "牵头的项目按计划推进，手续办理还差一个环节。",
        "企业走访已完成本季度任务，问题清单交办及时。",
        "材料多、会议多，现场时间偏少。",
    ),
    "study": (
        "完成今年网络学时，想补招商谈判和公文写作。",
        "参加专题班收获大，愿意在科室讲一讲。",
        "学习多靠碎片时间，系统性不够。",
    ),
    "life": (
        "家庭和睦，作息规律。",
        "家在外县，周末往返。",
        "孩子今年升学，家里老人身体尚可。",
    ),
    "wishes": (
        "希望到乡镇或先进园区挂职锻炼。",
        "愿意在现岗位再干两年，把项目做完。",
        "希望参加公文写作培训。",
    ),
    "difficulties": (
        "暂无需要组织解决的困难。",
        "子女入学手续不熟，希望了解政策。",
        "父母住院，近期需要照顾。",
    ),
    "assessment": (
        "踏实肯干，可以压担子。",
        "需要多给现场锻炼的机会。",
        "情绪总体平稳，下季度再谈一次。",
    ),
    "summary": (
        "双方谈了近期工作、学习和打算，对下一步任务达成一致。",
        "谈了工作节奏和学习安排，提出的事项已交办。",
    ),
}
REMARKS = ("同意。", "没有意见。", "谢谢组织关心。")
CORRECTIONS = ("补充：项目手续已于次月办结。", "更正：走访企业应为 15 户。")
MATTERS = {
    "training": "安排参加公文写作专题班",
    "family": "协调子女入学材料",
    "post": "了解本人到先进园区挂职的意愿和条件",
    "health": "落实弹性工作安排，便于照顾住院亲属",
    "work": "协调解决项目手续卡点",
}
RESULTS = ("已办结，本人满意。", "已协调到位。")


def canary(uid: UUID, field: str) -> str:
    """ZQMK and ten letters or digits, the same for the same record and field."""
    digest = hashlib.sha256(f"{uid}:{field}".encode()).digest()
    return MARK + "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:10])


def marked(text: str, uid: UUID, field: str) -> str:
    return f"{text}（示例标记 {canary(uid, field)}）"


def texts_for(random: Random, uid: UUID) -> dict[str, str]:
    """One text for every sealed field of a record, but for what the cadre adds on signing."""
    said = {name: marked(random.choice(choices), uid, name) for name, choices in SAID.items()}
    return {"mood": random.choice(Mood.values), "remark": "", **said}
