"""What goes in and comes out: bodies that name every field, and ids found through the rules."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from competencies.core.permissions import rule_of
from competencies.core.querysets import Guarded
from competencies.evidence.links import LONGEST, check_link
from ladder.web.validators import fits_on_one_line

LARGEST_ID = 2**63 - 1
LARGEST_VERSION = 2**31 - 1


class Body(serializers.Serializer):
    """The body of a request. A key that it does not declare is refused by name, not passed over."""

    default_error_messages = {"unknown": _("This field doesn't exist, or you can't set it.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict) and (unknown := sorted(data.keys() - self.fields.keys())):
            raise serializers.ValidationError({name: [self.error_messages["unknown"]] for name in unknown})
        return super().to_internal_value(data)


class Line(serializers.CharField):
    """A text on one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators.append(fits_on_one_line)


class Link(serializers.CharField):
    """The address of a page on the web or in the company's own network, on one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST, validators=[check_link, fits_on_one_line], **options)


class Nothing(Body):
    """An empty body: `{}` or none at all."""


class Version(serializers.IntegerField):
    """The version that the client last read, so that it overwrites nothing it has not seen."""

    def __init__(self, **options: Any) -> None:
        options = {"help_text": "The version you last read."} | options
        super().__init__(min_value=0, max_value=LARGEST_VERSION, **options)


class Allowed(serializers.PrimaryKeyRelatedField):
    """The id of a row on which the client may take `action`; gives the row.

    A row that is missing and one that is refused are the same error.
    """

    default_error_messages = {"does_not_exist": _("There is no such record: {pk_value}.")}

    def __init__(self, action: str, **options: Any) -> None:
        self.action = action
        rows = rule_of(action).model.objects.all()
        super().__init__(queryset=rows, pk_field=serializers.IntegerField(min_value=1), **options)

    def get_queryset(self) -> Guarded[Any]:
        return allowing(self.action, self.context["request"])


class AllowedSet(serializers.ListField):
    """Ids of rows on which the client may take `action`, each once; gives the rows. One query."""

    default_error_messages = {"missing": _("There is no such record: {listed}.")}

    def __init__(self, action: str, **options: Any) -> None:
        self.action = action
        child = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
        super().__init__(child=child, max_length=100, **options)

    def to_internal_value(self, data: Any) -> list[Any]:
        pks = dict.fromkeys(super().to_internal_value(data))
        rows = allowing(self.action, self.context["request"]).in_bulk(pks)
        if missing := [pk for pk in pks if pk not in rows]:
            self.fail("missing", listed=", ".join(map(str, missing)))
        return [rows[pk] for pk in pks]


class NamedSerializer(serializers.Serializer):
    """A part of a career framework: its id, the key that is the same in every edition, and its title."""

    id = serializers.IntegerField(source="pk")
    key = serializers.CharField()
    title = serializers.CharField()


class SomebodySerializer(serializers.Serializer):
    """A person by name, wherever one is mentioned."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


def allowing(action: str, request: HttpRequest | Request | None) -> Guarded[Any]:
    """Return the rows on which the client may take `action`; none without a request."""
    rows: Guarded[Any] = rule_of(action).model.objects.all()
    return rows.allowing(getattr(request, "user", None), action)
