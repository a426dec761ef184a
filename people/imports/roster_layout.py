"""The columns of a 干部花名册 in the words offices use, the national field ids included (domain.md 3.6)."""

from people.imports.headers import Column, Layout, grouped, words

_FULL_TIME = words(
    "全日制教育 全日制 全日制学历学位 全日制学历 第一学历 初始学历 全日制教育情况 全日制学历教育"
)
_IN_SERVICE = words("在职教育 在职 在职学历学位 在职学历 最高在职学历 后续学历 在职教育情况 在职学历教育")
_ANY = words("学历学位 教育情况 最高学历 学历情况 学历教育 文化程度 最高学历学位")
_LEVEL = words("学历 文化程度 学历层次 学历名称")
_DEGREE = words("学位 学位名称")
_SCHOOL = words(
    "毕业院校及专业 毕业院校系及专业 毕业院校专业 毕业学校及专业 毕业院校系专业 "
    "毕业院校与专业 院校及专业 毕业院校 毕业学校 院校专业 学校及专业 学校专业 "
    "毕业院校名称 院校 学校"
)
_MAJOR = words("专业 所学专业 专业名称")
_PARTS = (("level", _LEVEL), ("degree", _DEGREE), ("school", _SCHOOL), ("major", _MAJOR))


def _column(key: str, title: str, aliases: str) -> Column:
    return Column(key, title, tuple(words(aliases)))


def _education(prefix: str, groups: list[str], prefixes: str) -> tuple[Column, ...]:
    """学历, 学位, 院校 and 专业 under a group, in two levels or written as one heading."""
    return tuple(
        Column(f"{prefix}_{key}", f"{groups[0]}{names[0]}", _aliases(groups, words(prefixes), names))
        for key, names in _PARTS
    )


def _aliases(groups: list[str], prefixes: list[str], names: list[str]) -> tuple[str, ...]:
    flat = tuple(f"{word}{name}" for word in prefixes for name in names)
    turned = tuple(f"{name}{word}" for word in prefixes for name in names)
    return (*grouped(groups, names), *flat, *turned)


def _plain_education() -> tuple[Column, ...]:
    """The same without saying whether full-time or in-service."""
    more = {
        "level": ("最高学历", "学历学位", "学历及学位"),
        "degree": ("最高学位",),
        "school": (),
        "major": (),
    }
    return tuple(
        Column(key, names[0], (*names, *more[key], *grouped(_ANY, names), *(f"最高学历{n}" for n in names)))
        for key, names in _PARTS
    )


ROSTER = Layout(
    title="干部花名册",
    columns=(
        _column(
            "staff_no",
            "工号",
            "工号 职工号 人员编号 干部编号 职工编号 员工编号 员工号 职工工号 干部工号 人事编号 "
            "人员编码 人员代码 干部编码 编码 编号",
        ),
        _column("name", "姓名", "姓名 干部姓名 人员姓名 职工姓名 员工姓名 名字 A0101"),
        _column("former_name", "曾用名", "曾用名 别名"),
        _column("sex", "性别", "性别 A0104"),
        _column("birth", "出生年月", "出生年月 出生日期 出生年月日 出生时间 出生 生日 出生月份 A0107"),
        _column("ethnicity", "民族", "民族 民族族别 A0117"),
        _column("native_place", "籍贯", "籍贯 A0111"),
        _column("birthplace", "出生地", "出生地 出生地点 A0114"),
        _column("political_status", "政治面貌", "政治面貌 政治面目 政治身份 党派 是否党员"),
        _column(
            "party_joined",
            "入党时间",
            "入党时间 入党年月 入党日期 加入中共时间 加入中共日期 加入中国共产党时间 加入党派时间 "
            "党派加入时间 加入党组织时间 入党团时间 入党派时间 参加党派时间 入党时间年月 A0140",
        ),
        _column(
            "work_started",
            "参加工作时间",
            "参加工作时间 参加工作年月 参加工作日期 参工时间 参工日期 参加工作 工作时间 参工年月 "
            "开始工作时间 A0134",
        ),
        _column("health", "健康状况", "健康状况 健康 身体状况 A0128"),
        _column(
            "professional_title",
            "专业技术职务",
            "专业技术职务 专业技术职称 专业技术资格 专技职务 职称 技术职称 职称资格 A0196",
        ),
        _column("specialty", "熟悉专业有何专长", "熟悉专业有何专长 熟悉专业 专业特长 专长 特长 A0187A"),
        *_education("full_time", _FULL_TIME, "全日制 全日制教育 第一 初始"),
        *_education("in_service", _IN_SERVICE, "在职 在职教育 后续"),
        *_plain_education(),
        _column(
            "staff_type",
            "身份",
            "人员身份 身份 干部身份 编制身份 编制性质 编制类型 编制类别 人员性质 人员类别 "
            "人员类型 身份性质 身份类别 身份类型 用工性质 用工形式 用工类型 编制情况 编制",
        ),
        _column(
            "unit",
            "所在部门",
            "所在部门 部门 工作部门 所属部门 内设机构 所在科室 科室 处室 股室 部室 部门名称 "
            "内设部门 任职部门 任职机构 工作科室 所属科室 部门科室 机构 机构名称 所在单位 "
            "工作单位 任职单位 单位名称 所属单位 单位部门 部门单位 所在单位部门 单位",
        ),
        _column(
            "title",
            "现任职务",
            "现任职务 职务 职务名称 现任职务职级 现任职务及职级 现任职务和职级 职务及职级 职务职级 "
            "现职务 现职 行政职务 党政职务 担任职务 "
            "现任职务名称 工作岗位 岗位名称 现任岗位 岗位 A0192A",
        ),
        _column(
            "post_since",
            "任现职时间",
            "任现职时间 任现职年月 任现职日期 任现职务时间 任现职务年月 现职时间 现任职务时间 "
            "任职时间 任职日期 任职年月 任现岗位时间 现任职务任职时间 任现职起始时间",
        ),
        _column(
            "rank", "职级", "职级 现任职级 职级名称 现职级 职务等级 岗位等级 岗位级别 管理岗位等级 职员等级"
        ),
        _column(
            "rank_since",
            "任现职级时间",
            "任现职级时间 任现级时间 任职级时间 现职级时间 任现职级年月 任同职级时间 任职级年月 "
            "晋升职级时间 职级时间 职级任职时间 现任职级时间",
        ),
        _column("leadership_level", "职务层次", "职务层次 领导职务层次 行政级别 职务级别 级别"),
        _column(
            "id_number",
            "身份证号",
            "身份证号 身份证号码 公民身份号码 公民身份证号 公民身份证号码 居民身份证号 "
            "居民身份证号码 居民身份证 二代身份证号 身份证 身份证件号 身份证件号码 证件号码 "
            "证件号 身份号码 A0184",
        ),
        _column(
            "phone",
            "联系电话",
            "联系电话 手机号码 手机号 手机 移动电话 移动电话号码 联系方式 电话号码 本人电话 "
            "联系手机 联系电话手机 电话",
        ),
        _column(
            "address",
            "住址",
            "家庭住址 家庭地址 现住址 现居住地 住址 居住地址 通讯地址 联系地址 家庭详细地址",
        ),
        _column("note", "备注", "备注 备注说明 说明"),
    ),
    required=(("name",), ("staff_no", "id_number")),
    anchors=("name", "staff_no", "id_number"),
    unoffered=("level", "degree", "school", "major"),
    ignored=tuple(
        words(
            "序号 排序 NO 年龄 周岁 工龄 党龄 照片 签名 签字 本人签字 序 行号 属相 人数 "
            "任现职年限 现职年限 任职年限"
        )
    ),
)
