"""What the template of a letter may say: so little that whatever it says ends, and soon.

It fills blocks with words, variables, conditions and loops over what the letter lists; a loop inside a loop runs over
what the outer one holds. Nothing is called, reckoned, set or fetched from elsewhere. So the text it makes is at most as
long as the template for each line of the letter.
"""

from collections.abc import Iterator

from jinja2 import nodes

BLOCKS = ("subject", "greeting", "opening", "next")
LISTS = frozenset({"cases", "points"})
WORDS = frozenset({
    "unit", "why", "organiser", "enquiries", "day", "sentence", "note", "received_until", "process_until",
})  # fmt: skip
OF_A_CASE = frozenset({"place", "number", "name", "old", "new", "notes"})
OF_A_LOOP = frozenset({"index", "first", "last", "length"})
FILTERS = frozenset({"first", "last", "length", "lower", "rejectattr", "selectattr", "trim", "upper"})
TESTS = frozenset({"defined", "none", "undefined"})
LONGEST = 10_000
"""Characters of the longest template."""
DEEPEST = 30
"""Nodes within nodes, so that neither reading nor compiling one runs out of room."""

_PLAIN = (
    nodes.Output, nodes.If, nodes.Const, nodes.TemplateData, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.CondExpr, nodes.Concat,
)  # fmt: skip
_PRINTED = (nodes.Output, nodes.Concat)


class TemplateUnfit(Exception):
    """A template that writes no letter. code: of the sentence that says why; values fill it. line: of it, from 1."""

    def __init__(self, code: str, line: int, **values: object) -> None:
        super().__init__(code, line, values)
        self.code, self.line, self.values = code, line, values


def check_tree(tree: nodes.Template) -> None:
    """Hold a template against the grammar. Raises TemplateUnfit for the first thing that it does not allow."""
    for node in tree.body:
        if isinstance(node, nodes.Block):
            if node.name not in BLOCKS:
                raise TemplateUnfit("template-block-unknown", node.lineno, block=node.name, known=list(BLOCKS))
            for inner in node.body:
                _check(inner, frozenset(), 0)
        elif not _is_blank(node):
            raise TemplateUnfit("template-outside-blocks", node.lineno, known=list(BLOCKS))


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
    )


def _check(node: nodes.Node, held: frozenset[str], depth: int) -> None:
    """held: the names that the loops around the node hold."""
    if depth > DEEPEST:
        raise TemplateUnfit("template-too-deep", node.lineno)
    if isinstance(node, nodes.For):
        _check_loop(node, held, depth)
        return
    if isinstance(node, nodes.Name):
        _check_name(node, held)
    elif isinstance(node, _PRINTED) and any(_is_list(child) for child in node.iter_child_nodes()):
        raise TemplateUnfit("template-list-printed", node.lineno)
    elif not isinstance(node, _PLAIN):
        _check_access(node)
    for child in node.iter_child_nodes():
        _check(child, held, depth + 1)


def _check_access(node: nodes.Node) -> None:
    match node:
        case nodes.Getattr(node=nodes.Name(name="loop"), attr=name):
            known = OF_A_LOOP
        case nodes.Getattr(attr=name):
            known = OF_A_CASE
        case nodes.Filter(name=name):
            known = FILTERS
        case nodes.Test(name=name):
            known = TESTS
        case nodes.Getitem(arg=nodes.Const(value=int())):
            return
        case _:
            raise TemplateUnfit("template-not-for-letters", node.lineno, what=type(node).__name__.lower())
    if name not in known:
        raise TemplateUnfit("template-name-unknown", node.lineno, name=name, known=sorted(known))


def _check_loop(loop: nodes.For, held: frozenset[str], depth: int) -> None:
    if loop.recursive or (held and loop.find(nodes.For)):
        raise TemplateUnfit("template-not-for-letters", loop.lineno, what="recursive" if loop.recursive else "for")
    run_over = set(_names(loop.iter))
    if run_over <= WORDS or (held and not run_over <= held):
        raise TemplateUnfit("template-loops-over", loop.lineno, known=sorted(LISTS))
    _check(loop.iter, held, depth + 1)
    inside = held | {"loop", *_names(loop.target)}
    for child in [*loop.body, *([loop.test] if loop.test else [])]:
        _check(child, inside, depth + 1)
    for child in loop.else_:
        _check(child, held, depth + 1)


def _names(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Name):
        yield node.name
    yield from (name.name for name in node.find_all(nodes.Name))


def _check_name(node: nodes.Name, held: frozenset[str]) -> None:
    if node.name in held:
        return
    if node.name in LISTS and held:
        raise TemplateUnfit("template-list-in-a-loop", node.lineno, name=node.name)
    if node.name not in LISTS | WORDS:
        raise TemplateUnfit("template-name-unknown", node.lineno, name=node.name, known=sorted(LISTS | WORDS))


def _is_list(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name in LISTS
