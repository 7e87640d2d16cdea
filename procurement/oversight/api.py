"""The API of red flags."""

from foundation.api.base import resource
from procurement.oversight.models import FACTS_LISTED
from procurement.oversight.serializers import RedFlagSerializer

urlpatterns = [*resource("red-flags", RedFlagSerializer, filters=("code", "buyer"), many=(FACTS_LISTED,))]
