"""Growth files over HTTP: the list, making one (201) or many (202, a job), and the PDF itself."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core import exports
from core.access import Permission
from core.api.files import FILE_ANSWER, FileRenderer
from core.api.jobs import JobSerializer
from core.api.permissions import Declaration
from core.api.serializers import StrictSerializer
from core.api.viewsets import ScopedViewSet
from growth.completeness import state_of_file
from growth.contracts import Edition, Order, Output
from growth.filters import CorrectionFilter, GrowthFileFilter, ReadingFilter
from growth.models import (
    EDITION_PERMISSIONS,
    CorrectionRequest,
    GrowthFile,
    GrowthReading,
    ReadingWay,
)
from growth.services import MOST_AT_ONCE, make_growth_file, order_growth_files, read_growth_file
from growth.verification import Verification, changes_since, verify_bytes, verify_code
from people.models import Cadre

ANY_EDITION = tuple(EDITION_PERMISSIONS.values())


class GrowthFileSerializer(serializers.ModelSerializer):
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)

    class Meta:
        model = GrowthFile
        fields = (
            "id",
            "number",
            "cadre",
            "cadre_name",
            "edition",
            "as_of",
            "made_at",
            "pages",
            "size",
            "sha256",
            "filename",
        )
        read_only_fields = fields


class GrowthFileOrder(StrictSerializer):
    """For whom, which edition, as of which day (today when left out)."""

    cadres = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=MOST_AT_ONCE,
        label="干部编号",
    )
    edition = serializers.ChoiceField(Edition.choices, label="版本")
    as_of = serializers.DateField(label="数据截至", required=False)
    output = serializers.ChoiceField(Output.choices, label="多人时的交付方式", default=Output.ZIP)
    order = serializers.ChoiceField(Order.choices, label="多人时的排列次序", default=Order.ROSTER)

    def cadres_in_scope(self) -> list[Cadre]:
        """In the order given; one that the viewer may not see refuses the whole order."""
        wanted = list(dict.fromkeys(self.validated_data["cadres"]))
        found = Cadre.objects.visible_to(self.viewer).in_bulk(wanted)
        if len(found) < len(wanted):
            raise Http404
        return [found[pk] for pk in wanted]


class DifferenceSerializer(serializers.Serializer):
    """One line that would stand differently today."""

    kind = serializers.CharField()
    place = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class VerificationSerializer(serializers.Serializer):
    """What the check says; `file` only for those who may read it."""

    status = serializers.CharField()
    words = serializers.CharField(source="status_words")
    detail = serializers.CharField()
    file = serializers.IntegerField(source="file.pk", default=None)
    newest = serializers.IntegerField(source="newest.pk", default=None)
    signer = serializers.CharField(source="seal.signer", default=None)
    signed_at = serializers.DateTimeField(source="seal.signed_at", default=None)
    changes = DifferenceSerializer(many=True)


class UploadedFileSerializer(StrictSerializer):
    file = serializers.FileField(label="PDF 文件")


class MissingSerializer(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # DRF's own attribute of that name
    supplier = serializers.CharField()


class CompletenessSerializer(serializers.Serializer):
    percent = serializers.IntegerField()
    settled = serializers.IntegerField()
    missing = MissingSerializer(many=True)


class CorrectionSerializer(serializers.ModelSerializer):
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)

    class Meta:
        model = CorrectionRequest
        fields = (
            "uid",
            "cadre",
            "cadre_name",
            "label",
            "line",
            "wanted",
            "new_line",
            "state",
            "asked_at",
            "decided_at",
            "answer",
        )
        read_only_fields = fields


class FileReadingSerializer(serializers.ModelSerializer):
    class Meta:
        model = GrowthReading
        fields = ("id", "file", "reader_name", "way", "purpose", "at", "pages")
        read_only_fields = fields


class GrowthFileViewSet(ScopedViewSet):
    """成长档案。"""

    label = "成长档案"
    model = GrowthFile
    permission: ClassVar[Declaration] = {
        "list": ANY_EDITION,
        "retrieve": ANY_EDITION,
        "download": ANY_EDITION,
        "changes": ANY_EDITION,
        "verify": ANY_EDITION,
        "verify_upload": ANY_EDITION,
        "completeness": (Permission.VIEW_GROWTH_SELF, Permission.VIEW_RESUME),
        "create": Permission.MAKE_GROWTH,
    }
    filterset_class = GrowthFileFilter
    serializer_class = GrowthFileSerializer
    detail_parameters = ("purpose", "code")
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"made_at": ("made_at",), "as_of": ("as_of",)}

    def rows(self, rows: QuerySet[GrowthFile]) -> QuerySet[GrowthFile]:
        return rows.select_related("cadre")

    @extend_schema(
        summary="生成成长档案",
        request=GrowthFileOrder,
        responses={
            201: GrowthFileSerializer,
            202: OpenApiResponse(JobSerializer, description="多人：在后台任务中生成"),
        },
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        order = GrowthFileOrder(data=request.data, context=self.get_serializer_context())
        order.is_valid(raise_exception=True)
        cadres, edition = order.cadres_in_scope(), Edition(order.validated_data["edition"])
        as_of = order.validated_data.get("as_of", self.viewer.on)
        if len(cadres) > 1:
            job = order_growth_files(
                cadres=cadres,
                edition=edition,
                as_of=as_of,
                by=self.viewer,
                output=Output(order.validated_data["output"]),
                order=Order(order.validated_data["order"]),
            )
            return Response(JobSerializer(job).data, status=202)
        file = make_growth_file(cadre=cadres[0], edition=edition, as_of=as_of, by=self.viewer)
        return Response(self.get_serializer(file).data, status=201)

    @extend_schema(
        summary="下载 PDF",
        parameters=[OpenApiParameter("purpose", str, description="查阅事由；领导查阅归档版时必填")],
        responses={200: FILE_ANSWER},
    )
    @action(detail=True, renderer_classes=[FileRenderer])
    def download(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        file = self.get_object()
        purpose = request.query_params.get("purpose", "")
        data = read_growth_file(file=file, by=self.viewer, way=ReadingWay.API, purpose=purpose)
        return exports.download(data, file.filename)

    @extend_schema(summary="此后有何变化", responses={200: DifferenceSerializer(many=True)})
    @action(detail=True)
    def changes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = changes_since(self.get_object(), on=self.viewer.on, by=self.viewer)
        return Response(DifferenceSerializer(found, many=True).data)

    @extend_schema(
        summary="按核验码核验",
        parameters=[OpenApiParameter("code", str, required=True, description="形如 K7QD-2M5A-XR3T")],
        responses={200: VerificationSerializer},
    )
    @action(detail=False, pagination_class=None, filterset_class=None, parser_classes=[MultiPartParser])
    def verify(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._verified(verify_code(request.query_params.get("code", ""), by=self.viewer))

    @extend_schema(
        summary="上传 PDF 核验",
        request={"multipart/form-data": UploadedFileSerializer},
        responses={200: VerificationSerializer},
    )
    @verify.mapping.post
    def verify_upload(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        upload = UploadedFileSerializer(data=request.data, context=self.get_serializer_context())
        upload.is_valid(raise_exception=True)
        return self._verified(verify_bytes(upload.validated_data["file"].read(), by=self.viewer))

    def _verified(self, answer: Verification) -> Response:
        return Response(VerificationSerializer(answer).data)

    @extend_schema(summary="档案完整度", responses={200: CompletenessSerializer})
    @action(detail=False, url_path="completeness/(?P<cadre>[0-9]{1,18})", pagination_class=None)
    def completeness(self, request: Request, cadre: str, *args: Any, **kwargs: Any) -> Response:
        known = Cadre.objects.visible_to(self.viewer, Permission.VIEW_RESUME).filter(pk=cadre)
        own = Cadre.objects.visible_to(self.viewer, Permission.VIEW_GROWTH_SELF).filter(pk=cadre)
        found = known.first() or own.first()
        if found is None:
            raise Http404
        return Response(CompletenessSerializer(state_of_file(found, on=self.viewer.on)).data)


class CorrectionViewSet(ScopedViewSet):
    """更正申请：本人的，或管辖范围内的；在页面上处理。"""

    label = "更正申请"
    model = CorrectionRequest
    lookup_field = "uid"
    lookup_value_regex = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    permission: ClassVar[Declaration] = {
        "list": (Permission.VIEW_GROWTH_SELF, Permission.EDIT_CADRE),
        "retrieve": (Permission.VIEW_GROWTH_SELF, Permission.EDIT_CADRE),
    }
    filterset_class = CorrectionFilter
    serializer_class = CorrectionSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"asked_at": ("asked_at",)}

    def rows(self, rows: QuerySet[CorrectionRequest]) -> QuerySet[CorrectionRequest]:
        return rows.select_related("cadre")


class ReadingViewSet(ScopedViewSet):
    """查阅记录：谁在何时因何事看过哪一份档案。"""

    label = "查阅记录"
    model = GrowthReading
    permission: ClassVar[Declaration] = {"list": ANY_EDITION, "retrieve": ANY_EDITION}
    filterset_class = ReadingFilter
    serializer_class = FileReadingSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"at": ("at",)}
