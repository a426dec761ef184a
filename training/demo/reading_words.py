"""What the invented articles, questions, contests and needs say. Places and people are fictional."""

from training.choices import ArticleCategory, ContestKind, QuestionKind, Theme

# title, category, theme, source, days ago, days until due (None: free to read), share of readers
ARTICLES = (
    (
        "示例省委全会精神学习要点",
        ArticleCategory.DOCUMENT,
        Theme.PARTY_BUILDING,
        "示例省委办公厅",
        40,
        20,
        0.93,
    ),
    ("关于深化作风建设的通知", ArticleCategory.DOCUMENT, Theme.OTHER, "示例县委办公室", 12, 18, 0.55),
    (
        "安全生产责任清单编制指引",
        ArticleCategory.POLICY,
        Theme.SAFETY,
        "示例省应急管理厅公众号",
        25,
        15,
        0.88,
    ),
    ("重点产业链图谱怎么画", ArticleCategory.BUSINESS, Theme.INDUSTRY, "先进示例高新区公众号", 30, None, 0.4),
    ("招商项目研判五问", ArticleCategory.EXPERIENCE, Theme.INVESTMENT, "示例招商观察公众号", 22, None, 0.35),
    (
        "警示教育：从小礼金到大问题",
        ArticleCategory.INTEGRITY,
        Theme.OTHER,
        "示例市纪委监委网站",
        18,
        None,
        0.5,
    ),
    ("政务信息“五要素”写法", ArticleCategory.BUSINESS, Theme.WRITING, "党政办公室", 10, None, 0.3),
    (
        "党的创新理论二十讲（节选）",
        ArticleCategory.THEORY,
        Theme.PARTY_BUILDING,
        "学习读本",
        6,
        24,
        0.3,
    ),
)
PARAGRAPHS = (
    "本文为演示数据，供熟悉系统使用，不代表任何单位的意见。",
    "第一，弄清为什么做：把上级要求和本区实际对照起来，列出差距，再定措施。",
    "第二，弄清谁来做：责任领导、责任部门、责任人、完成时限四项缺一不可，写进清单，挂图推进。",
    "第三，弄清做到什么程度：能量化的量化，不能量化的写明标志性成果，按月对账。",
    "读完后请结合岗位想一想：本部门最需要补的短板是什么，需要什么样的培训。",
)

# theme, kind, text, options, answer, explanation
QUESTIONS = (
    (
        Theme.SAFETY,
        QuestionKind.SINGLE,
        "生产经营单位的安全生产第一责任人是谁？",
        "主要负责人\n安全员\n班组长\n工会主席",
        "A",
        "主要负责人对本单位安全生产工作全面负责。",
    ),
    (
        Theme.SAFETY,
        QuestionKind.MULTIPLE,
        "“三管三必须”包括哪些？",
        "管行业必须管安全\n管业务必须管安全\n管生产经营必须管安全\n管宣传必须管安全",
        "ABC",
        "",
    ),
    (Theme.SAFETY, QuestionKind.JUDGE, "发现重大隐患可以先生产后整改。", "", "B", "应当立即停产整改。"),
    (
        Theme.WRITING,
        QuestionKind.SINGLE,
        "请求批准事项应当使用哪种公文？",
        "报告\n请示\n函\n通知",
        "B",
        "报告不得夹带请示事项。",
    ),
    (Theme.WRITING, QuestionKind.JUDGE, "请示应当一文一事。", "", "A", ""),
    (
        Theme.WRITING,
        QuestionKind.MULTIPLE,
        "政务信息的标题应当做到哪些？",
        "准确\n简明\n夸张\n有信息量",
        "ABD",
        "",
    ),
    (
        Theme.INDUSTRY,
        QuestionKind.SINGLE,
        "“链长制”的主要作用是什么？",
        "统筹一条产业链的补链强链\n代替企业经营\n审批项目\n评定职称",
        "A",
        "",
    ),
    (Theme.INDUSTRY, QuestionKind.JUDGE, "亩均效益评价只看税收。", "", "B", "还看能耗、研发等指标。"),
    (
        Theme.INVESTMENT,
        QuestionKind.MULTIPLE,
        "项目研判应当看哪些方面？",
        "产业匹配\n投资强度\n环境影响\n老板爱好",
        "ABC",
        "",
    ),
    (
        Theme.INVESTMENT,
        QuestionKind.SINGLE,
        "签约项目长期不开工，首先应当做什么？",
        "弄清原因、列出堵点\n直接除名\n重新宣传\n不管",
        "A",
        "",
    ),
    (
        Theme.PROJECTS,
        QuestionKind.SINGLE,
        "项目开工前必须取得的是哪一项？",
        "施工许可\n竣工备案\n税务登记\n商标",
        "A",
        "",
    ),
    (Theme.PROJECTS, QuestionKind.JUDGE, "重点项目应当有一名包保领导。", "", "A", ""),
    (
        Theme.ENVIRONMENT,
        QuestionKind.SINGLE,
        "建设项目防治污染的设施应当与主体工程怎样？",
        "同时设计、同时施工、同时投产使用\n投产后再建\n验收后再建\n可以不建",
        "A",
        "",
    ),
    (Theme.ENVIRONMENT, QuestionKind.JUDGE, "危险废物可以和生活垃圾一起存放。", "", "B", ""),
    (
        Theme.PARTY_BUILDING,
        QuestionKind.MULTIPLE,
        "“三会一课”包括哪些？",
        "支部党员大会\n支部委员会会议\n党小组会\n党课\n职工大会",
        "ABCD",
        "",
    ),
    (Theme.PARTY_BUILDING, QuestionKind.JUDGE, "主题党日一般每月一次。", "", "A", ""),
)

# title, kind, theme, rules
CONTESTS = (
    (
        "“我为园区献一策”信息写作比拼",
        ContestKind.WRITING,
        Theme.WRITING,
        "主题：优化营商环境。1500 字以内，要有数据、有建议。",
    ),
    ("“一线故事”演讲比赛", ContestKind.SPEECH, Theme.PARTY_BUILDING, "讲身边人身边事，每人 6 分钟，脱稿。"),
    ("微党课比拼", ContestKind.LECTURE, Theme.PARTY_BUILDING, "一个观点、一个故事、一点启示，10 分钟以内。"),
)
ENTRY_TITLES = (
    "把问题清单变成满意清单",
    "项目帮办的三个细节",
    "一张图谱的十二次修改",
    "夜班巡查手记",
    "从“要我报”到“我要报”",
    "企业门口的会议室",
    "小切口做好大服务",
    "老旧厂区的新账本",
    "一通电话里的责任",
    "把政策讲成故事",
)
DEPARTMENT_NEEDS = (
    (Theme.SAFETY, "安全生产责任清单怎么编", "督查多次指出清单不具体", 20),
    (Theme.WRITING, "政务信息和简报写作", "报送多、采用少", 15),
    (Theme.INVESTMENT, "产业招商图谱与项目研判", "新进人员多，研判经验不足", 12),
    (Theme.PROJECTS, "项目前期手续并联办理", "开工慢、堵点多", 10),
    (Theme.INDUSTRY, "亩均效益评价怎么用", "结果应用不够", 8),
    (Theme.ENVIRONMENT, "危险废物规范化管理", "企业咨询多", 6),
)
WISHES = (
    (Theme.WRITING, "调研报告怎么写"),
    (Theme.INDUSTRY, "新能源产业链入门"),
    (Theme.INVESTMENT, "谈判技巧"),
    (Theme.SAFETY, "应急预案演练组织"),
    (Theme.PARTY_BUILDING, "怎样讲好一堂微党课"),
    (Theme.WRITING, "会议材料起草"),
)
SCALES = (
    ("课程内容对工作有用", "class"),
    ("时间和组织安排合理", "class"),
    ("讲授清楚、联系实际", "lecturer"),
)
WORDS = ("希望多一些案例", "时间可以再长一点", "课件能发给我们就更好了", "建议到企业现场教学", "")
