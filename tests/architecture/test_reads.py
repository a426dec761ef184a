"""What reaches a person begins with `visible_to(viewer)`; this finds reads that do not (architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.project import APPS, files, name

ROOMS = {"views", "api", "exports", "jobs"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}

# "file: expression" of reads that are right without a viewer, with the reason.
ALLOWED: dict[str, str] = {
    "people/api/auth.py: AuthToken.objects.create": "makes a token for the user who has just logged in",
}


def in_a_room(path: Path) -> bool:
    """people/views.py as well as people/views/cadres.py; core/jobs is the ground under jobs, not one."""
    app, *rooms = Path(name(path)).with_suffix("").parts
    return rooms[-1] in ROOMS if app == "core" else rooms[0] in ROOMS


OUTWARD = [path for app in APPS for path in files("*.py", under=app) if in_a_room(path)]


def is_manager(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}


def open_reads(tree: ast.AST) -> Iterator[str]:
    """Uses of a manager that go on with anything but visible_to, and shortcuts given a bare model."""
    guarded = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "visible_to" and is_manager(node.value)
    }
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if is_manager(node) and id(node) not in guarded:
            yield ast.unparse(parents.get(id(node), node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SHORTCUTS:
            first = node.args[0]
            if isinstance(first, ast.Name) and first.id[:1].isupper():
                yield ast.unparse(node)


def test_the_search_finds_open_reads() -> None:
    text = (
        "Cadre.objects.filter(pk=1)\nCadre.objects.visible_to(v).get(pk=1)\nget_object_or_404(Cadre, pk=1)\n"
    )
    assert list(open_reads(ast.parse(text))) == ["get_object_or_404(Cadre, pk=1)", "Cadre.objects.filter"]


@pytest.mark.parametrize("path", OUTWARD, ids=name)
def test_reads_begin_with_visible_to(path: Path) -> None:
    found = {f"{name(path)}: {read}" for read in open_reads(ast.parse(path.read_text()))}
    assert found - set(ALLOWED) == set()


def test_allowed_reads_still_exist() -> None:
    present = {
        f"{name(path)}: {read}" for path in OUTWARD for read in open_reads(ast.parse(path.read_text()))
    }
    assert set(ALLOWED) - present == set()
