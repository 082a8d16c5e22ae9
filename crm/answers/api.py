"""Canned answers for programs."""

from django.core.exceptions import ValidationError as Invalid
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from crm.answers import services
from crm.answers.forms import MOVES, known_variables
from crm.answers.models import CannedAnswer
from crm.people.masking import reader_of
from crm.people.permissions import check, needs
from crm.tickets.api import TicketWithStory, WordsSerializer
from crm.tickets.models import Ticket


class CannedAnswerSerializer(serializers.ModelSerializer):
    verbs = serializers.ListField(child=serializers.ChoiceField(choices=[verb for verb, _label in MOVES]), required=False, max_length=5)

    class Meta:
        model = CannedAnswer
        fields = ["id", "name", "name_en", "category", "text", "text_en", "verbs", "position", "is_active"]

    def validate_text(self, text):
        return _known(text)

    def validate_text_en(self, text):
        return _known(text)


def _known(text):
    try:
        return known_variables(text)
    except Invalid as error:
        raise ValidationError(error.messages) from error


class MacroSerializer(WordsSerializer):
    ticket = serializers.IntegerField(min_value=1)
    language = serializers.ChoiceField(choices=sorted(services.LANGUAGES), required=False)


class CannedAnswerViewSet(viewsets.ReadOnlyModelViewSet):
    """What is said many times, in two languages, with `{customer}`, `{number}`, `{due}` and the rest; with moves it is a macro."""

    queryset = CannedAnswer.objects.none()
    serializer_class = CannedAnswerSerializer
    permission_classes = [needs("crm.view_ticket")]
    sorts = {"position": "position"}
    default_sort = "position"

    def get_queryset(self):
        return CannedAnswer.objects.all()

    def create(self, request):
        """Add one."""
        return self._save(request, None, status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def change(self, request, pk=None):
        """Change one: any of its fields; `is_active` false takes it off the tickets."""
        return self._save(request, self.get_object(), status.HTTP_200_OK)

    def _save(self, request, row, code):
        check(request.user, "crm.edit_desk")
        asked = self.get_serializer(row, data=request.data, partial=row is not None)
        asked.is_valid(raise_exception=True)
        answer = row or CannedAnswer()
        for name, value in asked.validated_data.items():
            setattr(answer, name, value)
        return Response(self.get_serializer(services.save(answer=answer, by=request.user)).data, status=code)

    @extend_schema(
        parameters=[OpenApiParameter("ticket", int, required=True), OpenApiParameter("language", str, enum=sorted(services.LANGUAGES))],
        responses=inline_serializer("FilledAnswer", {"text": serializers.CharField()}),
    )
    @action(detail=True, methods=["get"])
    def filled(self, request, pk=None):
        """The text for a ticket you may see, its variables filled."""
        ticket = self._ticket(request.query_params.get("ticket", ""))
        language = request.query_params.get("language") or get_language() or "en"
        told = {"ticket": ticket, "reader": reader_of(request), "language": language, "by": request.user}
        return Response({"text": services.filled(answer=self.get_object(), **told)})

    @extend_schema(request=MacroSerializer, responses=TicketWithStory)
    @action(detail=True, methods=["post"])
    def run(self, request, pk=None):
        """Make the moves of a macro on a ticket you may work, with its text or with yours; all or none."""
        asked = MacroSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        words = asked.validated_data
        ticket = self._ticket(str(words["ticket"]))
        if not ticket.may_be_worked_by(request.user):
            raise PermissionDenied
        answer = self.get_object()
        told = {
            "ticket": ticket,
            "reader": reader_of(request),
            "language": words.get("language") or get_language() or "en",
            "by": request.user,
        }
        text = words["text"] or services.filled(answer=answer, **told)
        services.run(answer=answer, ticket=ticket, text=text, words=dict(words), by=request.user, at=timezone.now())
        return Response(TicketWithStory(ticket, context=self.get_serializer_context()).data)

    def _ticket(self, number):
        if not number.isdecimal() or len(number) > 18:
            raise ValidationError({"ticket": "The number of a ticket."})
        found = Ticket.objects.visible_to(self.request.user).select_related("account__customer", "account__unit", "clock_policy")
        return get_object_or_404(found, pk=int(number))


ROUTES = [("canned-answers", CannedAnswerViewSet, "canned-answer")]
