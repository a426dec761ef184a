"""Why each sensitive field is asked for (PIPL 17, 30): the sentence stands at the field.

A test fails for a sensitive field of the room without a purpose.
"""

from wellbeing.choices.privacy import ConsentPurpose

_TALK = "用于谈话人履行谈心谈话职责、跟进您的诉求"
PURPOSES = {
    "wellbeing.talkcontent.mood": f"{_TALK}；仅谈话人和指定上级可见。",
    "wellbeing.talkcontent.thinking": f"{_TALK}；仅谈话人和指定上级可见。",
    "wellbeing.talkcontent.work": f"{_TALK}；仅谈话人和指定上级可见。",
    "wellbeing.talkcontent.study": f"{_TALK}；仅谈话人和指定上级可见。",
    "wellbeing.talkcontent.life": f"{_TALK}；仅谈话人和指定上级可见。",
    "wellbeing.talkcontent.wishes": f"{_TALK}；仅谈话人和指定上级可见。",
    "wellbeing.talkcontent.difficulties": f"{_TALK}；仅谈话人和指定上级可见。",
    "wellbeing.talkcontent.summary": "双方确认的谈话摘要，送本人签阅。",
    "wellbeing.talkcontent.assessment": "谈话人的工作记录，不作为考核依据；本人签阅时不显示。",
    "wellbeing.talkcontent.remark": "本人签阅时的意见，谈话人和指定上级可见。",
    "wellbeing.talkcorrection.text": "对已归档记录的补充更正，原记录保持不变。",
    "wellbeing.talkfile.name": "谈话的佐证材料。",
    "wellbeing.talkfile.content_type": "谈话的佐证材料。",
    "wellbeing.followup.matter": "交责任人办理您提出的事项；责任人只看到这一项。",
    "wellbeing.followup.result": "办理结果，反馈本人后您可以看到。",
    "wellbeing.emergencyaccess.reason": "供审批人判断是否必要，供安全审计员事后复核。",
    "wellbeing.legalhold.reason": "记录暂缓清除的依据，解除前不清除该干部的内容。",
    "wellbeing.careevent.detail": "用于受理和核实这件事。",
    "wellbeing.carecase.reason": "用于核实情况、确定慰问救助的办法。",
    "wellbeing.carecase.opinion": "用于告知经办人批准或退回的理由。",
    "wellbeing.caresupport.situation": "用于结对帮扶人了解困难、落实帮扶。",
    "wellbeing.caresupport.result": "用于记录帮扶是否见效。",
    "wellbeing.carevisit.note": "用于跟进帮扶情况。",
    "wellbeing.finding.problem": "用于督促整改。",
    "wellbeing.finding.measure": "用于责任人落实整改。",
    "wellbeing.finding.progress": "用于复核是否整改到位。",
    "wellbeing.finding.review": "用于告知责任人是否销号、还差什么。",
    "wellbeing.finding.decision": "用于执行处理决定、计算影响期。",
    "wellbeing.decisionnotice.notice": "用于把处理决定告知本人。",
    "wellbeing.decisionnotice.statement": "用于听取本人的陈述和申辩。",
    "wellbeing.checkupreport.name": "由您本人保管的体检报告；只有您能打开，也可以随时删除。",
    "wellbeing.checkupreport.content_type": "由您本人保管的体检报告；只有您能打开，也可以随时删除。",
}

# What a cadre agrees to, by purpose, version after version: the last is in force, the others are what earlier
# consents were given to. A changed text is added here as a new version, and everybody is asked again.
CONSENT_TEXTS: dict[ConsentPurpose, tuple[str, ...]] = {
    ConsentPurpose.TALK_FOLLOW_UP: (
        "同意谈话人把我在谈话中提出的困难，按事项交有关责任人办理。责任人只看到所办事项，看不到谈话内容。"
        "可随时撤回；撤回后不再新增交办，已在办理的继续办完。",
    ),
    ConsentPurpose.HEALTH_LOCKER: (
        "同意在系统中加密保管我自行上传的体检报告。只有我本人能打开，系统管理员、组织人事和领导都不能打开。"
        "可随时撤回并删除。",
    ),
    ConsentPurpose.HARDSHIP_AID: (
        "同意为办理救助帮扶收集我的家庭经济情况和困难原因。只有经办人和审批人能看到原因。"
        "可随时撤回；撤回后停止办理尚未发放的救助。",
        "同意为办理救助帮扶收集我的家庭经济情况和困难原因。原因加密保存，只有经办人能打开，每次打开都有记录；"
        "审批人和领导只看到困难类型和金额。另行结对帮扶的，结对帮扶人能看到帮扶记录中的困难情况和措施。"
        "可随时撤回；撤回后停止办理尚未发放的救助。",
    ),
}


def consent_version(purpose: ConsentPurpose) -> int:
    return len(CONSENT_TEXTS[purpose])


def consent_text(purpose: ConsentPurpose) -> str:
    return CONSENT_TEXTS[purpose][-1]
