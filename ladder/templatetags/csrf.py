"""The tag of every form: its token against forgery, and the key under which it is sent once."""

import secrets

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from ladder.web.idempotency import FIELD

register = template.Library()


class FormNode(CsrfTokenNode):
    """Django's token, and beside it a key made anew each time the form is drawn, for whoever is signed in."""

    child_nodelists = ()

    def __init__(self, *, keyed):
        self.keyed = keyed

    def render(self, context):
        token = super().render(context)
        person = getattr(getattr(context, "request", None), "user", None)
        if not token or not self.keyed or not getattr(person, "is_authenticated", False):
            return token
        key = format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_urlsafe(18))
        return token + key


@register.tag
def csrf_token(parser, token):
    """`{% csrf_token %}`, or `{% csrf_token alone %}` in a form that saves itself under a version."""
    _name, *words = token.split_contents()
    if words not in ([], ["alone"]):
        raise template.TemplateSyntaxError("csrf_token takes nothing, or the word alone")
    return FormNode(keyed=not words)
