"""The columns of a 干部花名册 in the words offices use, the national field ids included (domain.md 3.6)."""

from people.imports.headers import Column, Layout, grouped

_FULL_TIME = (
    "全日制教育",
    "全日制",
    "全日制学历学位",
    "全日制学历",
    "第一学历",
    "初始学历",
    "全日制教育情况",
)
_IN_SERVICE = ("在职教育", "在职", "在职学历学位", "在职学历", "最高在职学历", "后续学历", "在职教育情况")
_LEVEL = ("学历", "文化程度", "学历层次")
_DEGREE = ("学位", "学位名称")
_SCHOOL = (
    "毕业院校及专业",
    "毕业院校系及专业",
    "毕业院校专业",
    "毕业学校及专业",
    "院校及专业",
    "毕业院校",
    "毕业学校",
    "院校专业",
    "学校及专业",
    "学校专业",
    "院校",
    "学校",
)


def _education(prefix: str, groups: tuple[str, ...], words: tuple[str, ...]) -> tuple[Column, ...]:
    """学历, 学位 and 院校 under a group, in two levels or written as one heading."""
    title = groups[0]
    return tuple(
        Column(f"{prefix}_{key}", f"{title}{names[0]}", _aliases(groups, words, names))
        for key, names in (("level", _LEVEL), ("degree", _DEGREE), ("school", _SCHOOL))
    )


def _aliases(groups: tuple[str, ...], words: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    flat = tuple(f"{word}{name}" for word in words for name in names)
    turned = tuple(f"{name}{word}" for word in words for name in names)
    return (*grouped(groups, names), *flat, *turned)


ROSTER = Layout(
    title="干部花名册",
    columns=(
        Column(
            "staff_no",
            "工号",
            (
                "工号",
                "职工号",
                "人员编号",
                "干部编号",
                "职工编号",
                "员工编号",
                "员工号",
                "人事编号",
                "人员编码",
                "人员代码",
                "编码",
                "编号",
            ),
        ),
        Column("name", "姓名", ("姓名", "干部姓名", "人员姓名", "A0101")),
        Column("former_name", "曾用名", ("曾用名", "别名")),
        Column("sex", "性别", ("性别", "A0104")),
        Column(
            "birth", "出生年月", ("出生年月", "出生日期", "出生年月日", "出生时间", "出生", "生日", "A0107")
        ),
        Column("ethnicity", "民族", ("民族", "A0117")),
        Column("native_place", "籍贯", ("籍贯", "A0111")),
        Column("birthplace", "出生地", ("出生地", "A0114")),
        Column("political_status", "政治面貌", ("政治面貌", "政治面目", "党派", "是否党员")),
        Column(
            "party_joined",
            "入党时间",
            (
                "入党时间",
                "入党年月",
                "入党日期",
                "加入中共时间",
                "加入中共日期",
                "加入党派时间",
                "党派加入时间",
                "加入党组织时间",
                "入党团时间",
                "入党(团)时间",
                "A0140",
            ),
        ),
        Column(
            "work_started",
            "参加工作时间",
            (
                "参加工作时间",
                "参加工作年月",
                "参加工作日期",
                "参工时间",
                "参加工作",
                "工作时间",
                "参工年月",
                "A0134",
            ),
        ),
        Column("health", "健康状况", ("健康状况", "健康", "A0128")),
        Column(
            "professional_title",
            "专业技术职务",
            ("专业技术职务", "专业技术职称", "专技职务", "职称", "A0196"),
        ),
        Column("specialty", "熟悉专业有何专长", ("熟悉专业有何专长", "熟悉专业", "专长", "特长", "A0187A")),
        *_education("full_time", _FULL_TIME, ("全日制", "全日制教育", "第一", "初始")),
        *_education("in_service", _IN_SERVICE, ("在职", "在职教育", "后续")),
        Column(
            "level",
            "学历",
            (
                "学历",
                "最高学历",
                "文化程度",
                "学历层次",
                *grouped(("学历学位", "教育情况", "最高学历", "学历情况"), _LEVEL),
            ),
        ),
        Column(
            "degree",
            "学位",
            ("学位", "最高学位", *grouped(("学历学位", "教育情况", "最高学历", "学历情况"), _DEGREE)),
        ),
        Column(
            "school",
            "毕业院校及专业",
            (
                *_SCHOOL,
                "毕业院校系",
                "最高学历毕业院校及专业",
                "最高学历毕业院校",
                *grouped(("学历学位", "教育情况", "最高学历", "学历情况"), _SCHOOL),
            ),
        ),
        Column(
            "major",
            "专业",
            (
                "专业",
                "所学专业",
                "最高学历专业",
                *grouped(("学历学位", "教育情况", "最高学历", "学历情况"), ("专业", "所学专业")),
            ),
        ),
        Column(
            "staff_type",
            "身份",
            (
                "人员身份",
                "身份",
                "干部身份",
                "编制性质",
                "编制类型",
                "人员性质",
                "人员类别",
                "人员类型",
                "身份性质",
                "身份类别",
                "用工性质",
                "用工形式",
                "编制",
            ),
        ),
        Column(
            "unit",
            "所在部门",
            (
                "所在部门",
                "部门",
                "工作部门",
                "内设机构",
                "所在科室",
                "科室",
                "部门名称",
                "所属部门",
                "任职部门",
                "任职机构",
                "机构",
                "所在单位",
                "工作单位",
                "单位名称",
                "单位",
            ),
        ),
        Column(
            "title",
            "现任职务",
            (
                "现任职务",
                "职务",
                "职务名称",
                "现任职务职级",
                "现职务",
                "行政职务",
                "职务职级",
                "工作岗位",
                "岗位名称",
                "现任岗位",
                "岗位",
                "A0192A",
            ),
        ),
        Column(
            "post_since",
            "任现职时间",
            (
                "任现职时间",
                "任现职年月",
                "任现职务时间",
                "现职时间",
                "任职时间",
                "任现职日期",
                "任职日期",
                "任职年月",
                "现任职务时间",
                "任现岗位时间",
            ),
        ),
        Column(
            "rank",
            "职级",
            ("职级", "现任职级", "职级名称", "现职级", "岗位等级", "职务等级", "岗位级别", "管理岗位等级"),
        ),
        Column(
            "rank_since",
            "任现职级时间",
            (
                "任现职级时间",
                "任职级时间",
                "现职级时间",
                "任现职级年月",
                "任同职级时间",
                "任职级年月",
                "晋升职级时间",
                "职级时间",
                "职级任职时间",
            ),
        ),
        Column("leadership_level", "职务层次", ("职务层次", "领导职务层次", "行政级别", "职务级别", "级别")),
        Column(
            "id_number",
            "身份证号",
            (
                "身份证号",
                "身份证号码",
                "公民身份号码",
                "公民身份证号",
                "公民身份证号码",
                "居民身份证号",
                "居民身份证号码",
                "身份证",
                "证件号码",
                "身份号码",
                "A0184",
            ),
        ),
        Column(
            "phone",
            "联系电话",
            (
                "联系电话",
                "手机号码",
                "手机号",
                "手机",
                "移动电话",
                "联系方式",
                "电话号码",
                "电话",
                "联系手机",
            ),
        ),
        Column(
            "address", "住址", ("家庭住址", "家庭地址", "现住址", "住址", "居住地址", "通讯地址", "联系地址")
        ),
        Column("note", "备注", ("备注", "备注说明", "说明")),
    ),
    required=(("name",), ("staff_no", "id_number")),
    anchors=("name", "staff_no", "id_number"),
    ignored=(
        "序号",
        "排序",
        "NO",
        "年龄",
        "周岁",
        "工龄",
        "党龄",
        "照片",
        "签名",
        "签字",
        "本人签字",
        "序",
        "行号",
        "属相",
        "人数",
    ),
)
