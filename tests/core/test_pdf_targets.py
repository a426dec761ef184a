"""Page numbers of other places: the same paper as WeasyPrint's own, with less work."""

import pytest

from core.pdf.engine import load_engine

STYLE = """
body { font-family: cadre-song }
@page { size: 80mm 60mm; margin: 5mm; @bottom-right { content: counter(page) } }
section { break-before: page }
a::after { content: "第" target-counter(attr(href), page) "页" }
a.own::after { content: counter(page) "→" target-counter(attr(href), page) }
"""
BACK = "<section id='a'>甲</section><section id='b'>乙</section>"
MANY = "".join(f"<p id='{to}{n}'><a href='#{to}'>{n}</a></p>" for n in range(20) for to in "ab")


def both(body: str) -> tuple[bytes, bytes]:
    weasyprint = load_engine()
    from core.pdf.engine import _font_config
    from core.pdf.targets import lay_out

    page = (
        f"<html lang='zh-CN'><style>{STYLE}</style><body style='font-family:cadre-song'>{body}</body></html>"
    )
    html = weasyprint.HTML(string=page)
    fonts = _font_config()
    return (
        html.render(font_config=fonts).write_pdf(pdf_identifier=b"x"),
        lay_out(html, font_config=fonts).write_pdf(pdf_identifier=b"x"),
    )


@pytest.mark.parametrize(
    "body",
    [
        f"{BACK}<section>{MANY}</section>",
        f"<section>{MANY}</section>{BACK}",
        f"{BACK}<p><a href='#b'>同页</a></p><section><a href='#a'>后页</a></section>",
        f"<section><a href='#b'>先</a></section>{BACK}<a href='#a'>后</a><a href='#none'>无</a>",
        f"{BACK}<section><a class='own' href='#a'>自己和别处</a></section>",
    ],
    ids=["behind", "before", "same-page", "both-ways", "own-page-too"],
)
def test_the_paper_is_the_one_that_weasyprint_makes(body: str) -> None:
    stock, ours = both(body)
    assert stock == ours


def test_pages_behind_their_targets_are_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    weasyprint = load_engine()
    from weasyprint.layout import page

    from core.pdf.engine import _font_config
    from core.pdf.targets import lay_out

    made: list[int] = []
    real = page.make_page

    def counted(context, root, kind, resume, number, state):  # type: ignore[no-untyped-def]
        made.append(number)
        return real(context, root, kind, resume, number, state)

    monkeypatch.setattr(page, "make_page", counted)
    html = weasyprint.HTML(string=f"<style>{STYLE}</style>{BACK}<section>{MANY}</section>")
    pages = len(lay_out(html, font_config=_font_config()).pages)
    assert pages > 4
    assert made == list(range(1, pages + 1))
