"""The only door through which a document gets anything. Imported with WeasyPrint, so never at start-up."""

import mimetypes
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.pdf.result import Blob


def asset_path(name: str) -> Path | None:
    """The file behind `<app>/<path>`, looked up in the app's own `assets` folder and nowhere else."""
    app, _, path = name.partition("/")
    spec = find_spec(app) if app.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]).resolve() / "assets"
    file = (folder / path).resolve()
    return file if file.is_relative_to(folder) and file.is_file() else None


class LockedFetcher(URLFetcher):
    """Serves `asset:<app>/<file>` and `blob:<name>`; everything else is refused and remembered.

    The refusal is an ordinary exception, which WeasyPrint swallows; so the caller must look at `blocked`.
    """

    def __init__(self, blobs: Mapping[str, Blob]) -> None:
        super().__init__(allowed_protocols={"asset", "blob"}, allow_redirects=False)
        self.blobs = blobs
        self.blocked: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme == "blob" and name in self.blobs:
            blob = self.blobs[name]
            return self._response(url, blob.data, blob.mime)
        if scheme == "asset" and (path := asset_path(name)):
            return self._response(url, path.read_bytes(), mimetypes.guess_type(path.name)[0] or "")
        self.blocked.append(url[:200])
        raise ValueError(f"blocked: {url[:200]}")

    def _response(self, url: str, data: bytes, mime: str) -> URLFetcherResponse:
        headers: dict[str, Any] = {"Content-Type": mime or "application/octet-stream"}
        return URLFetcherResponse(url, body=data, headers=headers)
