"""Files that were given and kept, shown to whoever may read them."""

from __future__ import annotations

from django.http import HttpResponse

MIME = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_answer(content: bytes, kind: str) -> HttpResponse:
    """A stored file, shown or saved by its kind."""
    answer = HttpResponse(content, content_type=MIME.get(kind, "application/octet-stream"))
    answer["Content-Disposition"] = f'inline; filename="paper.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
