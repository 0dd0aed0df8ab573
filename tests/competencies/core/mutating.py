"""Mutants of the rules: the source of an `access.py` with one thing changed that a slip could change."""

import ast
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from unittest import mock

from django.apps import apps
from django.db.models import Choices, Q

from competencies.core import permissions
from competencies.people.models import RoleGrant
from competencies.trail import visibility

from .tables import WHO_MAY

KEPT = ("_quiet", "_between", "_dated", "_unnamed")  # the sets of actions that `visibility` holds
EVERYTHING, NOTHING = "~Q(pk__in=())", "Q(pk__in=())"
OPPOSITE = {"reports": "below", "below": "reports", "above": "beside", "beside": "above"}
OTHER_WAYS = {"gte": ("gt", "lt"), "gt": ("gte", "lte"), "lte": ("lt", "gt"), "lt": ("lte", "gte")}


@dataclass(frozen=True)
class Mutant:
    """One change: where it stands (`module:line`), in which function, what it was, and what it is now."""

    module: str
    line: int
    function: str
    was: str
    now: str
    tree: ast.Module
    slot: tuple
    replacement: ast.AST

    @property
    def name(self):
        """The change without its line, which moves: for the list of those that change nothing."""
        return f"{self.module.split('.')[1]}.{self.function}: {self.was} -> {self.now}"

    def __str__(self):
        return f"{self.module}:{self.line} {self.name}"

    def loaded(self):
        """Run the changed source; return what `load` returns."""
        with _swapped(self.slot, self.replacement):
            code = compile(self.tree, self.module, "exec")
        return load(self.module, code)


def modules():
    """Return the names of the modules in which rules are declared."""
    named = [f"{config.name}.access" for config in apps.get_app_configs() if _is_ours(config.name)]
    return [name for name in named if find_spec(name)]


def _is_ours(name):
    return name.startswith("competencies.") and name != "competencies.core"


def load(module, code):
    """Run `code` as `module` would run; return `(rules by action, {name of a set of actions: actions})`."""
    space = {"__name__": module, "__package__": module.rpartition(".")[0], "Q": Q}
    kept = mock.patch.multiple(visibility, **{name: set() for name in KEPT})
    with mock.patch.dict(permissions._rules, clear=True), kept:
        exec(code, space)
        return dict(permissions._rules), {name: getattr(visibility, name) for name in KEPT}


def source_of(module):
    return ast.parse(Path(find_spec(module).origin).read_text())


def mutants_of(module):
    """Yield each `Mutant` of a module, one change each."""
    tree = source_of(module)
    slots = {child: slot for parent in ast.walk(tree) for child, slot in _slots(parent)}
    for block in tree.body:
        for function, node, now in _changes_in(block, module):
            replacement = ast.parse(now, mode="eval").body if isinstance(now, str) else now
            ast.fix_missing_locations(ast.copy_location(replacement, node))
            told = ast.unparse(node), ast.unparse(replacement)
            yield Mutant(module, node.lineno, function, *told, tree, slots[node], replacement)


def _slots(parent):
    """Yield each node right below `parent` with the list or the fields in which it stands, and where."""
    for field, value in ast.iter_fields(parent):
        if isinstance(value, list):
            yield from ((child, (value, place)) for place, child in enumerate(value))
        elif isinstance(value, ast.AST):
            yield value, (vars(parent), field)


@contextmanager
def _swapped(slot, replacement):
    holder, place = slot
    original, holder[place] = holder[place], replacement
    try:
        yield
    finally:
        holder[place] = original


def _changes_in(block, module):
    """Yield `(where it stands, node, what could stand in its place)` for each change of a top-level block."""
    space = vars(import_module(module))
    match block:
        case ast.FunctionDef(name=name, body=body):
            parts = body
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if isinstance(space[name], Q):
            parts = [value]
        case ast.Expr(value=ast.Call(args=actions)):
            yield from (("keep_quiet", action, "''") for action in actions)
            return
        case _:
            return
    for part in parts:
        for node in ast.walk(part):
            yield from ((name, node, now) for now in _changes(node, space))


def _changes(node, space):
    """Yield what could stand in the place of `node`: sources, or nodes."""
    match node:
        case ast.Return(value=value) if value is not None:
            for now in (EVERYTHING, NOTHING, f"~({ast.unparse(value)})"):
                yield ast.Return(value=ast.parse(now, mode="eval").body)
        case ast.BinOp(left=left, right=right, op=ast.BitAnd() | ast.BitOr()):
            yield from _of_pair(ast.unparse(left), "&" if isinstance(node.op, ast.BitAnd) else "|", right)
        case ast.UnaryOp(op=ast.Invert(), operand=operand):
            yield ast.unparse(operand)
        case ast.Call():
            yield from _of_call(node, space)
        case ast.Attribute(value=ast.Attribute()):
            yield from _of_choice(node, space)
        case ast.Tuple(elts=several) if len(several) > 1:
            for left_out in several:
                yield ast.Tuple(elts=[one for one in several if one is not left_out], ctx=ast.Load())


def _of_pair(left, sign, right):
    right, other = ast.unparse(right), {"&": "|", "|": "&"}[sign]
    yield left
    yield right
    yield f"({left}) {other} ({right})"
    yield f"~({left}) {sign} ({right})"
    yield f"({left}) {sign} ~({right})"


def _of_call(call, space):
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called in OPPOSITE and not call.args:
        yield f"{ast.unparse(call.func.value)}.{OPPOSITE[called]}()"
    if called == "over":
        yield f"Q({call.args[0].value}__in={ast.unparse(call.func.value)}.reports().values('pk'))"
    if called == "holding":
        for role in set(RoleGrant.Role.values) - {call.args[0].value}:
            yield f"{ast.unparse(call.func.value)}.holding({role!r})"
    if called == "allowing":
        yield f"{ast.unparse(call.func.value)}.all()"
        for action in _others(call.args[1].value):
            yield f"{ast.unparse(call.func.value)}.allowing({ast.unparse(call.args[0])}, {action!r})"
    if called in ("Q", "filter", "exclude"):
        yield from _of_conditions(call, called)


def _of_conditions(call, called):
    for keyword in call.keywords:
        others = [one for one in call.keywords if one is not keyword]
        if others:
            yield _with(call, others)
        if called == "Q":
            denied = f"~Q({keyword.arg}={ast.unparse(keyword.value)})"
            rest = f"{ast.unparse(_with(call, others))} & " if others else ""
            yield f"({rest}{denied})"
        field, _sep, way = keyword.arg.rpartition("__")
        for other in OTHER_WAYS.get(way, ()):
            yield _with(call, [*others, ast.keyword(arg=f"{field}__{other}", value=keyword.value)])
    if called == "Q" and len(call.keywords) > 1:
        each = [f"Q({one.arg}={ast.unparse(one.value)})" for one in call.keywords]
        yield f"({' | '.join(each)})"


def _with(call, keywords):
    return ast.Call(func=call.func, args=call.args, keywords=keywords)


def _of_choice(node, space):
    try:
        chosen = eval(ast.unparse(node), space)
    except (AttributeError, NameError):
        return
    if isinstance(chosen, Choices):
        for other in type(chosen):
            if other != chosen:
                yield f"{ast.unparse(node.value)}.{other.name}"


def _others(action):
    """Return the actions on the same model of which the table says something else."""
    model = permissions.rule_of(action).model_label
    others = [rule.action for rule in permissions.every_rule() if rule.model_label == model]
    return [other for other in others if WHO_MAY[other] != WHO_MAY[action]]
