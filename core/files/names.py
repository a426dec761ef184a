"""File names from outside: kept readable for the download, harmless everywhere else."""

import re
import unicodedata
from pathlib import PurePosixPath

from core.errors import DomainError

LONGEST = 200
# Controls, what no file system takes, and marks that turn the reading direction ("gpj.exe" read backwards).
_UNSAFE = re.compile(r'[\x00-\x1f\x7f:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.I)
# A second ending that a careless click would run.
_RUNS = re.compile(r"\.(exe|com|bat|cmd|scr|msi|jse?|vb[se]|wsf|ps1|lnk|hta|jar|php|html?|svg)", re.I)


def clean(name: str) -> str:
    """The last part of the name with nothing but visible characters; an ending is asked for."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    last = _UNSAFE.sub("_", last).strip(". ")
    path = PurePosixPath(last)
    if not path.suffix or any(_RUNS.fullmatch(suffix) for suffix in path.suffixes[:-1]):
        message = "文件名应有一个正常的扩展名（如 .jpg、.pdf），请改好文件名后再上传。"
        raise DomainError(message, code="wrong_type")
    stem = f"_{path.stem}" if _DEVICES.fullmatch(path.stem) else path.stem
    return stem[: LONGEST - len(path.suffix)] + path.suffix[:LONGEST]


def suffix_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def with_suffix(name: str, suffix: str) -> str:
    return PurePosixPath(name).stem[: LONGEST - len(suffix)] + suffix
