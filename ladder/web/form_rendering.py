"""Fields as Django draws them, without a template for each option of a choice."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDGETS = "django/forms/widgets/"


class FormRenderer(DjangoTemplates):
    """Draws the commonest fields by itself and leaves the others to Django's templates.

    The trail's page offers 140 actions: Django draws two templates for each of them.
    """

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    given = "" if value is None else format_html(' value="{}"', str(value))
    drawn = '<input type="{}" name="{}"{}{}>'
    return format_html(drawn, widget["type"], widget["name"], given, _attributes(widget))


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    drawn = '<textarea name="{}"{}>\n{}</textarea>'
    return format_html(drawn, widget["name"], _attributes(widget), widget["value"] or "")


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = ((_group(name, options),) for name, options, _place in widget["optgroups"])
    drawn = '<select name="{}"{}>\n{}\n</select>'
    return format_html(drawn, widget["name"], _attributes(widget), format_html_join("\n", "{}", groups))


def _group(name: str | None, options: list[dict[str, Any]]) -> SafeString:
    drawn = format_html_join("\n", "{}", ((_option(option),) for option in options))
    return format_html('<optgroup label="{}">\n{}\n</optgroup>', name, drawn) if name else drawn


def _option(option: Mapping[str, Any]) -> SafeString:
    drawn = '<option value="{}"{}>{}</option>'
    return format_html(drawn, str(option["value"]), _attributes(option), option["label"])


def _attributes(widget: Mapping[str, Any]) -> SafeString:
    drawn = (
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value))
        for name, value in widget["attrs"].items()
        if value is not False
    )
    return format_html_join("", "{}", ((one,) for one in drawn))


DRAWN: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    WIDGETS + "select.html": _select,
    WIDGETS + "textarea.html": _textarea,
    **{
        f"{WIDGETS}{kind}.html": _input
        for kind in ("input", "text", "number", "email", "date", "password", "hidden")
    },
}
