"""What a template says in every request of one language: rendered once and kept with the template.

Addresses that hang on keys are filled in, where Django looks for their pattern each time.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

from django.template import Context, Node, NodeList, Template
from django.template.base import FilterExpression, TextNode, TokenType
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from competencies.core.addresses import address_of
from ladder.ops.warming_up import made_ahead, page_templates

Tag = TypeVar("Tag", bound=Callable[..., Any])
constant_tags: set[Callable[..., Any]] = set()


def constant(tag: Tag) -> Tag:
    """Declare of a tag that what it says hangs on its arguments and the language alone."""
    constant_tags.add(tag)
    return tag


class Constant(Node):
    """Neighbours that ask nothing of the request: text, translations, addresses without arguments, icons."""

    child_nodelists = ("nodes",)

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.rendered: dict[tuple[str | None, str, bool], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = get_language(), get_script_prefix(), context.autoescape
        if (known := self.rendered.get(key)) is None:
            known = self.rendered[key] = self.nodes.render(context)
        return known


class Address(Node):
    """An address with keys of rows: `{% url "review" review.pk %}`."""

    child_nodelists = ()

    def __init__(self, node: URLNode) -> None:
        self.node = node
        self.name = str(node.view_name.var)

    def render(self, context: Context) -> str:
        keys = [key.resolve(context) for key in self.node.args]
        if not all(type(key) is int for key in keys):
            return self.node.render(context)
        address = address_of(self.name, *keys)
        if self.node.asvar:
            context[self.node.asvar] = address
            return ""
        return address


class FoldingLoader(BaseLoader):
    """Folds each template that it makes."""

    def get_template(self, *asked: Any, **more: Any) -> Template:
        template = super().get_template(*asked, **more)
        fold(template.nodelist)
        return template


class Loader(CachedLoader, FoldingLoader):
    """Keeps what its loaders find, as the loader of Django does, and folds it before."""


@made_ahead
def constants() -> Iterator[Callable[[], object]]:
    """Give what renders the constants of each template of pages."""
    for template in page_templates():
        yield partial(render_constants, template)


def render_constants(template: Template) -> None:
    """Render what a template says in every request; what belongs to a part that is off has no address."""
    context = Context()
    with context.bind_template(template):
        for node in template.nodelist.get_nodes_by_type(Constant):
            with suppress(NoReverseMatch):
                node.render(context)


def fold(nodes: NodeList) -> None:
    """Put one `Constant` in the place of each run of constant nodes, here and in all that is inside."""
    for node in nodes:
        for inner in _inside(node):
            fold(inner)
    nodes[:] = list(_folded(nodes))


def _inside(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (branch for _condition, branch in node.conditions_nodelists)
    else:
        yield from (found for name in node.child_nodelists if (found := getattr(node, name, None)))


def _folded(nodes: NodeList) -> Iterator[Node]:
    for constant, run in groupby(nodes, _is_constant):
        together = list(run)
        if constant and not all(isinstance(node, TextNode) for node in together):
            yield Constant(together)
        else:
            yield from map(_with_keys, together)


def _is_constant(node: Node) -> bool:
    match node:
        case TextNode() | CommentNode() | LoadNode():
            return True
        case TranslateNode():
            return not (node.asvar or node.message_context) and _is_literal(node.filter_expression)
        case BlockTranslateNode():
            more = (node.extra_context, node.plural, node.message_context, node.asvar)
            return not any(more) and all(token.token_type == TokenType.TEXT for token in node.singular)
        case StaticNode():
            return not node.varname and _is_literal(node.path)
        case URLNode():
            return not (node.asvar or node.args or node.kwargs) and _is_literal(node.view_name)
        case SimpleNode():
            asked = [*node.args, *node.kwargs.values()]
            return not node.target_var and node.func in constant_tags and all(map(_is_literal, asked))
    return False


def _with_keys(node: Node) -> Node:
    if isinstance(node, URLNode) and node.args and not node.kwargs and _is_literal(node.view_name):
        return Address(node)
    return node


def _is_literal(expression: FilterExpression) -> bool:
    return not expression.filters and (not expression.is_var or expression.var.lookups is None)
