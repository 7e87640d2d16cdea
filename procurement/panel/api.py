"""The API of seats on evaluation panels."""

from foundation.api.base import resource
from foundation.permissions import access
from foundation.roles import READS_PANELS
from procurement.panel.serializers import PanelSeatSerializer

urlpatterns = [
    *resource(
        "panel-seats", PanelSeatSerializer, filters=("status", "project"), declared=access(GET=READS_PANELS)
    )
]
