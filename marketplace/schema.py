"""The OpenAPI schema, cached in each process, since making it takes a second."""

from __future__ import annotations

import hashlib
from functools import cache
from threading import Lock
from typing import Any, cast

from django.conf import settings
from django.http import HttpResponseBase
from django.http.response import HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SCHEMA_KWARGS, SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from foundation.permissions import ANYONE, access

_MAKING = Lock()


@method_decorator(gzip_page, name="dispatch")
class Schema(SpectacularAPIView):
    """The OpenAPI schema of the API."""

    access = access(GET=ANYONE)

    @extend_schema(**SCHEMA_KWARGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The schema, the same for everybody; ``lang`` chooses the language."""
        language = request.GET.get("lang", "")
        if language not in dict(settings.LANGUAGES):
            language = translation.get_language() or settings.LANGUAGE_CODE
        renderer = request.accepted_renderer
        with _MAKING:  # others wait instead of making it as well
            content, etag = _rendered(language, cast(Any, type(renderer)))
        answer = HttpResponse(content, content_type=renderer.media_type)
        answer["ETag"], answer["Cache-Control"] = etag, "no-cache"
        answer["Content-Disposition"] = f'inline; filename="liandong.{renderer.format}"'
        patch_vary_headers(answer, ["Accept", "Accept-Language", "Cookie"])
        return cast(HttpResponseBase, get_conditional_response(request._request, etag=etag, response=answer))


@cache
def _rendered(language: str, renderer: type[BaseRenderer]) -> tuple[bytes, str]:
    """The schema as it is sent, and its ETag."""
    content = cast(bytes, renderer().render(_schema(language), renderer_context={}))
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@cache
def _schema(language: str) -> dict[str, Any]:
    """The schema in a language."""
    with translation.override(language):
        generator = Schema.generator_class(api_version=Schema.api_version)
        return cast(dict[str, Any], generator.get_schema(request=None, public=True))
