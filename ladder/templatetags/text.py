from django import template

from ladder.pdf import pictograms
from ladder.web.markdown import AS_TYPED, render

register = template.Library()


@register.filter
def markdown(value, format=AS_TYPED):
    """A person's Markdown as harmless HTML, by the rules of the format of the packet in which it stands."""
    return render(value, format=format)


@register.filter(is_safe=True)
def without_pictograms(markup):
    """Markup with the names of pictograms in their place, as on paper."""
    return pictograms.without_pictograms(markup)


@register.filter(is_safe=True)
def below_a_heading(markup):
    """Markup of a whole page for a part of another one: its first heading is one of the second level."""
    return markup.replace("<h1 ", "<h2 ").replace("</h1>", "</h2>")
