from django import template

from ladder import text

register = template.Library()


@register.filter
def markdown(value):
    """A person's Markdown as harmless HTML."""
    return text.render(value)
