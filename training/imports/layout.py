"""The columns of a 培训台账, one class a line or one participant a line, in the words offices use."""

from people.imports.headers import Column, Layout, grouped, words

_TIME = words("培训时间 起止时间 时间 培训日期 培训起止时间 起止日期")


def _column(key: str, title: str, aliases: str, *more: str) -> Column:
    return Column(key, title, (*words(aliases), *more))


LEDGER = Layout(
    title="培训台账",
    columns=(
        _column(
            "name",
            "培训班名称",
            "培训班名称 班次名称 培训班次 培训班次名称 培训名称 班次 培训项目名称 培训项目 培训班 "
            "培训班项目名称 项目名称 活动名称 课程名称 培训课程 班名 培训名称及内容 培训内容 培训主题",
        ),
        _column(
            "organiser",
            "主办单位",
            "主办单位 举办单位 组织单位 主办部门 举办部门 组织部门 调训单位 培训机构 承办单位 主办 主办方",
        ),
        _column(
            "kind",
            "培训类别",
            "培训类别 类别 培训类型 类型 培训种类 班次类型 班次类别 培训层次 培训形式 培训方式 形式",
        ),
        _column("theme", "培训专题", "培训专题 专题 培训主题 主题 专题类别 内容类别 专题方向 培训内容 内容"),
        _column(
            "period",
            "起止时间",
            "起止时间 培训时间 培训起止时间 起止日期 培训日期 举办时间 举办日期 办班时间 培训时段 时间 日期",
        ),
        _column(
            "starts",
            "开始时间",
            "开始时间 开始日期 起始时间 起始日期 培训开始时间 培训开始日期 开班时间 开班日期 报到时间",
            *grouped(_TIME, words("开始时间 开始日期 开始 起始 起 自")),
        ),
        _column(
            "ends",
            "结束时间",
            "结束时间 结束日期 截止时间 截止日期 终止时间 培训结束时间 培训结束日期 结业时间 结业日期",
            *grouped(_TIME, words("结束时间 结束日期 结束 截止 终止 止 至")),
        ),
        _column("year", "年度", "年度 年份 培训年度"),
        _column("days", "天数", "天数 培训天数 时长 培训时长 总天数 脱产天数"),
        _column("place", "地点", "地点 培训地点 举办地点 培训地址 地址"),
        _column(
            "people",
            "参训人员",
            "参训人员 参加人员 参训人员名单 参训人员姓名 参加人员名单 参加人员姓名 参训学员 参训干部 参训人 "
            "参加人 参加培训人员 参学人员 参会人员 学员名单 学员姓名 学员 人员名单 参训名单 姓名 干部姓名 "
            "人员姓名 名单 培训人员 人员 A0101",
        ),
        _column("staff_no", "工号", "工号 职工号 人员编号 干部编号 员工编号 学员工号 员工号"),
        _column("unit", "所在部门", "所在部门 部门 工作部门 所在单位 工作单位 科室 内设机构 单位"),
        _column(
            "hours",
            "学时",
            "学时 学时数 课时 培训学时 认定学时 课时数 总学时 人均学时 获得学时 折合学时 计入学时 培训课时",
        ),
        _column(
            "result",
            "考核结果",
            "考核结果 考核成绩 考核等次 考核情况 结业情况 成绩 结果 考试成绩 培训成绩 培训结果 考核 是否合格",
        ),
        _column("certificate", "证书编号", "证书编号 证书号 结业证书号 结业证书编号 结业证号 证书"),
        _column("off_job", "是否脱产", "是否脱产 脱产 脱产情况"),
        _column("headcount", "人数", "人数 参训人数 参加人数 培训人数 人次 参训人次"),
        _column("note", "备注", "备注 备注说明 说明"),
    ),
    required=(("name",), ("period", "starts"), ("people", "staff_no")),
    anchors=("name", "people"),
    unoffered=("period", "year"),
    ignored=tuple(
        words("序号 序 NO 编号 班次编号 职务 职级 现任职务 联系电话 签名 签字 主讲人 授课人 经费 性别")
    ),
)
