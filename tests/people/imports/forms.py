"""A fictional 任免审批表 for tests."""

import base64
from io import BytesIO

from PIL import Image

from tests.people.imports.books import id_number

ID = id_number("19850312", 0)
RESUME = """2003.09--2007.07  示例大学行政管理专业学习
2007.07--2012.03  示例县示例镇人民政府科员
                  （其间：2010.09--2012.06  省委党校在职研究生班学习）
2012.03--         示例经济开发区管理委员会招商发展局副局长"""


def jpeg(colour: str = "navy", **save) -> bytes:
    output = BytesIO()
    Image.new("RGB", (90, 126), colour).save(output, "JPEG", **save)
    return output.getvalue()


def lrmx(*, drop: str = "", **texts: str) -> bytes:
    """The form with other texts per tag (`XingBie="女"`); `drop` leaves one tag out."""
    values = {
        "XingMing": "汪示例",
        "XingBie": "男",
        "ChuShengNianYue": "198503",
        "MinZu": "汉族",
        "RuDangShiJian": "200606",
        "CanJiaGongZuoShiJian": "200707",
        "JianKangZhuangKuang": "健康",
        "QuanRiZhiJiaoYu_XueLi": "大学",
        "XianRenZhiWu": "示例经济开发区管理委员会招商发展局副局长",
        "JianLi": RESUME,
        "NianDuKaoHeJieGuo": "2023年度优秀；2024年度称职",
        "JiaTingChengYuan": (
            "<Item><ChengWei>妻子</ChengWei><XingMing>李示例</XingMing><ChuShengRiQi>1986.07</ChuShengRiQi></Item>"
            "<Item><ChengWei></ChengWei></Item>"
        ),
        "ShenFenZheng": ID,
        "ZhaoPian": base64.b64encode(jpeg()).decode(),
        "Version": "3.2.1.16",
    } | texts
    values.pop(drop, None)
    body = "".join(f"<{tag}>{text}</{tag}>" for tag, text in values.items())
    return f'<?xml version="1.0" encoding="utf-8"?><Person>{body}</Person>'.encode()
