"""Serializers of the dashboard and of documents."""

from rest_framework import serializers

from procurement.supplier.models import SupportingDocument


class FolderPaperSerializer(serializers.ModelSerializer):
    class Meta:
        model = SupportingDocument
        fields = ("id", "kind", "file_kind", "valid_until", "added_at")


class NoticeBody(serializers.Serializer):
    project = serializers.CharField(source="project.number")
    title = serializers.CharField(source="project.title")
    bids_until = serializers.DateTimeField(source="project.bids_until")
    fits = serializers.BooleanField(source="project.fits")
    invited = serializers.BooleanField(source="project.is_invited")
    lacking = serializers.ListField(child=serializers.CharField())
    draft_at = serializers.DateTimeField(allow_null=True)
    bid = serializers.IntegerField(source="bid.pk", allow_null=True, default=None)


class DateBody(serializers.Serializer):
    key = serializers.CharField()
    at = serializers.CharField()
    words = serializers.CharField()
    address = serializers.CharField()


class DeskBody(serializers.Serializer):
    notices = NoticeBody(many=True)
    dates = DateBody(many=True)
