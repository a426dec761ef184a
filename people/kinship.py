"""称谓 → KinRelation, and what the one is to the other the other way round. Pure.

Family lines of a record name the relative by a word (妻子, 长子, 表弟 …); rules ask for the relation.
"""

from people.choices import KinRelation

K = KinRelation
# What the other is to me when I am that to the other.
INVERSE: dict[KinRelation, KinRelation] = {
    K.SPOUSE: K.SPOUSE,
    K.PARENT: K.CHILD,
    K.CHILD: K.PARENT,
    K.GRANDPARENT: K.GRANDCHILD,
    K.GRANDCHILD: K.GRANDPARENT,
    K.SIBLING: K.SIBLING,
    K.UNCLE_AUNT: K.NEPHEW_NIECE,
    K.NEPHEW_NIECE: K.UNCLE_AUNT,
    K.COUSIN: K.COUSIN,
    K.PARENT_IN_LAW: K.CHILD_IN_LAW,
    K.CHILD_IN_LAW: K.PARENT_IN_LAW,
    K.SPOUSE_SIBLING: K.SIBLING_SPOUSE,
    K.SIBLING_SPOUSE: K.SPOUSE_SIBLING,
    K.SPOUSE_SIBLING_SPOUSE: K.SPOUSE_SIBLING_SPOUSE,
    K.CHILD_SPOUSE_PARENT: K.CHILD_SPOUSE_PARENT,
    K.COLLATERAL_SPOUSE: K.SPOUSE_COLLATERAL,
    K.SPOUSE_COLLATERAL: K.COLLATERAL_SPOUSE,
}
WORDS: dict[KinRelation, str] = {
    K.SPOUSE: "妻子 妻 丈夫 夫 爱人 配偶 老公 老婆",
    K.PARENT: "父亲 父 母亲 母 爸爸 妈妈 养父 养母 继父 继母",
    K.CHILD: "儿子 子 女儿 女 养子 养女 继子 继女 独子 独女",
    K.GRANDPARENT: "祖父 祖母 爷爷 奶奶 外祖父 外祖母 外公 外婆 姥爷 姥姥",
    K.GRANDCHILD: "孙子 孙女 外孙 外孙女 外孙子",
    K.SIBLING: "兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 哥 胞兄 胞弟 胞姐 胞妹 兄长 姊 姊姊",
    K.UNCLE_AUNT: (
        "伯父 伯 叔父 叔叔 叔 大伯 姑妈 姑姑 姑母 姑 舅舅 舅父 舅 姨妈 姨母 姨 小姨妈 大姨妈 三叔 二叔 伯伯"
    ),
    K.NEPHEW_NIECE: "侄子 侄女 侄儿 侄 外甥 外甥女 甥女 甥",
    K.COUSIN: "堂兄 堂弟 堂姐 堂妹 堂哥 表兄 表弟 表姐 表妹 表哥",
    K.PARENT_IN_LAW: "岳父 岳母 公公 婆婆 丈人 丈母娘 公婆 公 婆",
    K.CHILD_IN_LAW: "儿媳 儿媳妇 媳妇 女婿 媳",
    K.SPOUSE_SIBLING: (
        "大舅子 小舅子 内兄 内弟 内姐 内妹 妻兄 妻弟 妻姐 妻妹 大姨子 小姨子 大伯子 小叔子 大姑子 小姑子"
    ),
    K.SIBLING_SPOUSE: "嫂 嫂子 嫂嫂 弟媳 弟妹 弟媳妇 姐夫 妹夫 妹婿",
    K.SPOUSE_SIBLING_SPOUSE: "连襟 妯娌",
    K.CHILD_SPOUSE_PARENT: "亲家 亲家公 亲家母",
    K.COLLATERAL_SPOUSE: (
        "伯母 婶婶 婶母 婶 姑父 姑丈 舅妈 舅母 姨父 姨夫 姨丈 侄媳 侄媳妇 侄女婿 外甥媳妇 外甥女婿 堂嫂 表嫂 "
        "堂姐夫 堂妹夫 表姐夫 表妹夫 堂弟媳 表弟媳"
    ),
    K.SPOUSE_COLLATERAL: "内侄 内侄女 妻舅父 妻叔 妻伯父 妻姑 妻姨 堂小舅子 表小舅子",
}
BY_WORD = {word: relation for relation, words in WORDS.items() for word in words.split()}
# 长子, 次女, 二哥, 大姐, 三弟 …: the order says nothing about the relation.
ORDINALS = "长次大小二三四五六七八九幺"


def relation_of(word: str) -> KinRelation | None:
    """The relation that a 称谓 names, None for a word that names none."""
    plain = word.strip().replace("　", "")
    if plain in BY_WORD:
        return BY_WORD[plain]
    if len(plain) > 1 and plain[0] in ORDINALS:
        return BY_WORD.get(plain[1:])
    return None
