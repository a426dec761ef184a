"""Why a document was not made; each says in Chinese what to do about it."""

from collections.abc import Iterable

from core.errors import DomainError


class PdfUnavailable(DomainError):  # noqa: N818  the name says what happened
    """The system libraries behind WeasyPrint are not installed."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "本机缺少排版所需的系统库，暂时不能生成 PDF。请由管理员安装 libpango-1.0-0、libpangoft2-1.0-0、"
            f"libharfbuzz-subset0 和中文字体 fonts-noto-cjk 后重试（{detail}）。",
            code="pdf_unavailable",
        )


class MissingGlyphs(DomainError):  # noqa: N818  the name says what happened
    """Some characters have no glyph in any font: the document would show empty boxes."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = "".join(sorted(set(characters)))
        named = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in self.characters)
        super().__init__(
            f"字体中没有这些字：{named}，文件没有生成，以免出现空白方框。"
            "请把含有该字的字体文件放入数据目录的 fonts/own 文件夹后重试，或先核对录入的文字。",
            code="missing_glyphs",
        )


class PdfBlocked(DomainError):  # noqa: N818  the name says what happened
    """The document asked for something that is neither a packaged asset nor bytes passed by the caller."""

    def __init__(self, urls: Iterable[str]) -> None:
        self.urls = tuple(urls)
        super().__init__(
            "文档引用了不允许的外部资源，已停止生成。请联系管理员检查文档模板：" + "、".join(self.urls[:3]),
            code="pdf_blocked",
        )
