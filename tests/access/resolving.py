"""Every address of the product and the methods it takes, read from the URL resolver."""

from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

WITHOUT_NAME = {"api/^": "api-missing"}


@dataclass(frozen=True)
class Route:
    """One address: its name, how it is written, and the methods it takes, None where only asking tells."""

    name: str
    address: str
    methods: frozenset | None


def routes():
    """Return every `Route` by name. An address without a name has to be known here."""
    found = {}
    for address, pattern in _below(get_resolver(), ""):
        name = pattern.name or WITHOUT_NAME[address]
        if name in found:
            raise ValueError(f"two routes are called {name}")
        found[name] = Route(name, address, methods_of(pattern.callback))
    return found


def methods_of(view):
    """Return the methods that a view says it takes, HEAD and OPTIONS apart; None when it does not say."""
    while view is not None:
        if methods := _required(view):
            return frozenset(methods) - {"HEAD", "OPTIONS"}
        if actions := getattr(view, "actions", None):
            return frozenset(method.upper() for method in actions) - {"HEAD"}
        if view_class := getattr(view, "view_class", getattr(view, "cls", None)):
            names = getattr(view, "view_initkwargs", {}).get(
                "http_method_names", view_class.http_method_names
            )
            methods = (name for name in names if hasattr(view_class, name))
            return frozenset(name.upper() for name in methods) - {"HEAD", "OPTIONS"}
        view = getattr(view, "__wrapped__", None)
    return None


def _required(view):
    """Return the methods in the closure of `require_http_methods`, or None."""
    names = getattr(getattr(view, "__code__", None), "co_freevars", ())
    if "request_method_list" in names:
        return view.__closure__[names.index("request_method_list")].cell_contents
    return None


def _below(resolver, base):
    for part in resolver.url_patterns:
        address = base + str(part.pattern)
        if isinstance(part, URLPattern):
            yield address, part
        else:
            yield from _below(part, address)
