"""Page numbers of earlier places, set the first time a page is laid out (ADR 0017).

WeasyPrint lays a page with `target-counter()` out without the number, then once more with it, even if the
place it points to stands on a page that is already finished. The appendix of a growth file consists of such
references: half of the time went into pages that were thrown away. Imported with WeasyPrint, so never at
start-up.
"""

from collections import defaultdict
from functools import cached_property
from typing import Any

from weasyprint import DEFAULT_OPTIONS, HTML
from weasyprint.css.targets import TargetCollector
from weasyprint.document import Document

Missing = dict[str | None, list[str]]


def lay_out(html: HTML, *, font_config: Any, **options: Any) -> Document:
    """The same document as `html.render()` gives, sooner."""
    return _Document._render(html, font_config, None, None, DEFAULT_OPTIONS | options)


class _Document(Document):
    @classmethod
    def _build_layout_context(cls, *args: Any) -> Any:
        context = super()._build_layout_context(*args)
        context.target_collector = PromptTargets(context.target_collector)
        return context


class PromptTargets(TargetCollector):
    """Fills a reference in as soon as its target has a page.

    What was filled in during one page is up to date on every later one. A reference on the page of its own
    target was laid out before: it stays pending, and WeasyPrint makes that page again.
    """

    def __init__(self, collected: TargetCollector) -> None:
        super().__init__()
        self.target_lookup_items = collected.target_lookup_items
        self._names = {id(item): name for name, item in self.target_lookup_items.items()}
        self._named: dict[Any, list[str]] = defaultdict(list)
        self._filled: list[Any] = []
        self._page = -1

    def lookup_target(self, anchor_token: Any, source_box: Any, css_token: str, parse_again: Any) -> Any:
        item = super().lookup_target(anchor_token, source_box, css_token, parse_again)
        if self.collecting and (name := self._names.get(id(item))):
            self._named[source_box, css_token].append(name)
        return item

    def collect_missing_counters(
        self, parent_box: Any, css_token: str, parse_again: Any, own: list[str], of_targets: Missing
    ) -> None:
        """WeasyPrint 70 does not know the name behind `attr(href)`, and takes the counters of the target for
        those of the box, which change on every page: here each reference waits for its own target only."""
        names = self._named.get((parent_box, css_token))
        if names and list(of_targets) == [None] and own is of_targets[None] and _only_points(parent_box):
            own, of_targets = [], dict.fromkeys(names, own)
        super().collect_missing_counters(parent_box, css_token, parse_again, own, of_targets)

    def cache_target_page_counters(
        self, anchor_name: str, page_counter_values: Any, page_maker_index: int, page_maker: list[Any]
    ) -> None:
        if page_maker_index != self._page:
            self._begin(page_maker_index)
        super().cache_target_page_counters(anchor_name, page_counter_values, page_maker_index, page_maker)
        for item in self._references.get(anchor_name, ()):
            if item.pending:
                item.parse_again(item.cached_page_counter_values)
                self._filled.append(item)

    def _begin(self, page: int) -> None:
        self._page = page
        for item in self._filled:
            item.pending = False
        self._filled.clear()

    @cached_property
    def _references(self) -> dict[str | None, list[Any]]:
        """By the place they point to; first asked for when all are collected."""
        found: dict[str | None, list[Any]] = defaultdict(list)
        for (_box, kind), item in self.counter_lookup_items.items():
            if kind == "content" and not item.missing_counters:
                for anchor in item.missing_target_counters:
                    found[anchor].append(item)
        return found


def _only_points(box: Any) -> bool:
    """Whether the content shows counters of other places and none of its own page."""
    return not any(kind in {"counter()", "counters()"} for kind, _value in box.style["content"])
