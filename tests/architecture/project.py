"""What the architecture tests look at: our files, wherever they are tracked."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("core", "people", "growth", "training", "rotation", "wellbeing", "park")
PACKAGES = ("cadre_dev", *APPS)
NOT_OURS = {".git", ".venv", ".tools", "data", "vendor", "__pycache__", ".mypy_cache", ".ruff_cache"}


def files(*patterns: str, under: str = ".") -> list[Path]:
    found = [path for pattern in patterns for path in (ROOT / under).rglob(pattern) if path.is_file()]
    return sorted(path for path in found if NOT_OURS.isdisjoint(path.relative_to(ROOT).parts))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
