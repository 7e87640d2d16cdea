"""The city in the API."""

from foundation.api.base import LifecycleSerializer
from foundation.city.models import City


class CitySerializer(LifecycleSerializer):
    """The city, its office, and the document that it carries out; its text stands at the pages of its clauses."""

    class Meta:
        model = City
        fields = (
            "name",
            "name_en",
            "province",
            "division_code",
            "postcode",
            "office",
            "office_en",
            "hotline",
            "publisher",
            "publisher_uri",
            "document_title",
            "document_called",
            "document_called_en",
            "document_number",
            "document_issuer",
            "document_issued_on",
            "demonstration",
        )
