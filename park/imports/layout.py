"""The columns of a responsibility list, in the words offices use."""

from people.imports.headers import Column, Layout, words


def _column(key: str, title: str, aliases: str) -> Column:
    return Column(key, title, tuple(words(aliases)))


TASKS = Layout(
    title="任务分解表",
    columns=(
        _column("no", "序号", "序号 编号 任务编号 序"),
        _column(
            "group",
            "重点工作",
            "重点工作 工作任务 主要任务 重点任务 任务类别 工作类别 类别 工作内容 任务名称 任务 目标任务",
        ),
        _column(
            "name",
            "工作举措",
            "工作举措 具体举措 具体措施 工作措施 主要举措 举措 措施 具体任务 任务内容 "
            "具体内容 分解任务 工作要求",
        ),
        _column("goal", "工作目标", "工作目标 目标 年度目标 目标要求 完成标准 预期目标"),
        _column("official", "责任领导", "责任领导 牵头领导 分管领导 包保领导 联系领导 责任县领导 领导"),
        _column(
            "unit", "责任部门", "责任部门 牵头单位 责任单位 牵头部门 承办部门 承办单位 主办单位 部门 单位"
        ),
        _column("support", "配合单位", "配合单位 协办单位 配合部门 协办部门 参与单位 责任(配合)单位"),
        _column("owner", "责任人", "责任人 具体责任人 承办人 经办人 负责人 责任人员 具体负责人"),
        _column(
            "due",
            "完成时限",
            "完成时限 完成时间 时限 时间节点 办结时限 完成期限 截止时间 时间要求 计划完成时间",
        ),
        _column("text", "进展情况", "进展情况 工作进展 目前进展 推进情况 完成情况 落实情况 工作动态"),
        _column("percent", "完成率", "完成率 完成进度 进度 完成比例 完成率(%) 进度(%) 完成百分比"),
        _column("problems", "存在问题", "存在问题 问题 存在困难 困难问题"),
        _column("next_steps", "下步打算", "下步打算 下一步打算 下步措施 下一步工作 下一步措施 下步计划"),
        _column("note", "备注", "备注 备注说明 说明"),
    ),
    required=(("name", "group"), ("owner", "official", "unit"), ("due",)),
    anchors=("name", "group"),
    ignored=tuple(words("状态 亮灯 联系电话 签字 盖章 一季度 二季度 三季度 四季度")),
)
