"""Answering with uploaded files."""

from __future__ import annotations

from django.http import HttpResponse

MIME = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_answer(content: bytes, kind: str) -> HttpResponse:
    """A stored file, shown in the browser if it can show that kind."""
    answer = HttpResponse(content, content_type=MIME.get(kind, "application/octet-stream"))
    answer["Content-Disposition"] = f'inline; filename="paper.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
