"""One's own background jobs over HTTP."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import exports
from core.api.files import FILE_ANSWER, FileRenderer
from core.api.permissions import Open
from core.api.viewsets import ScopedViewSet
from core.jobs import services
from core.models import Job


class Failure(serializers.Serializer):
    name = serializers.CharField()
    reason = serializers.CharField()


class JobSerializer(serializers.ModelSerializer):
    failures = Failure(many=True, read_only=True, label="没有做成的项")

    class Meta:
        model = Job
        fields = (
            "uid",
            "key",
            "title",
            "label",
            "state",
            "done",
            "total",
            "message",
            "attempts",
            "failures",
            "result_name",
            "result_size",
            "created_at",
            "started_at",
            "finished_at",
            "expires_at",
        )
        read_only_fields = fields


class JobViewSet(ScopedViewSet):
    """本人的后台任务。"""

    label = "后台任务"
    model = Job
    permission = Open.LOGGED_IN
    serializer_class = JobSerializer
    lookup_field = "uid"
    lookup_value_regex = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

    @extend_schema(summary="停止任务", request=None, responses={200: JobSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        job = services.cancel(job=self.get_object(), by=self.viewer, at=timezone.now())
        return Response(self.get_serializer(job).data)

    @extend_schema(summary="下载结果文件", responses={200: FILE_ANSWER})
    @action(detail=True, renderer_classes=[FileRenderer])
    def download(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        job = self.get_object()
        pieces = services.open_result(job=job, by=self.viewer)
        return exports.download_stream(pieces, job.result_name, size=job.result_size)
