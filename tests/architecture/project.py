"""What the architecture tests look at: our files, wherever they are tracked."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "people", "growth", "training", "rotation", "wellbeing", "park")
PACKAGES = ("cadre_dev", *APPS)
NOT_OURS = {".git", ".venv", ".tools", "data", "vendor", "__pycache__", ".mypy_cache", ".ruff_cache"}


def files(*patterns: str, under: str = ".") -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted((ROOT / under).rglob(pattern)):
            if path.is_file() and NOT_OURS.isdisjoint(path.relative_to(ROOT).parts):
                yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
