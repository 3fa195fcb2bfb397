"""A query as clauses, any of which a paper must fit: within a clause nothing but words stands under an OR.

That is what both databases can ask an index and join with: words that are wanted, words that are not, and filters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from bot.rules.query.tree import Either, Every, Filter, Node, Quoted, Without, Word, every, leaves

MOST = 8
"""Clauses that are asked; who writes more alternatives of filters gets the first ones."""


@dataclass(frozen=True, slots=True)
class Clause:
    """All of it must fit."""

    wanted: Node | None = None
    """Words and quotations, none of them unwanted."""
    unwanted: tuple[Word | Quoted, ...] = ()
    filters: tuple[tuple[Filter, bool], ...] = ()
    """And whether each must fit or must not."""


def clauses_of(node: Node | None) -> tuple[Clause, ...]:
    """Nothing for nothing."""
    return tuple(dict.fromkeys(alternatives(node, True)))[:MOST] if node else ()


def alternatives(node: Node, wanted: bool) -> list[Clause]:
    """The clauses of ``node``, or of its contrary."""
    match node:
        case Without(part):
            return alternatives(part, not wanted)
        case Filter():
            return [Clause(filters=((node, wanted),))]
        case _ if wanted and only_words(node):
            return [Clause(wanted=node)]
        case Word() | Quoted():
            return [Clause(unwanted=(node,))]
        case Every(parts) | Either(parts):
            found = [alternatives(part, wanted) for part in parts]
            return product(found) if isinstance(node, Every) == wanted else [one for each in found for one in each]


def only_words(node: Node) -> bool:
    return all(wanted and not isinstance(leaf, Filter) for leaf, wanted in leaves(node))


def product(found: Iterable[list[Clause]]) -> list[Clause]:
    return reduce(lambda done, more: [both(a, b) for a in done for b in more][:MOST], found, [Clause()])


def both(one: Clause, other: Clause) -> Clause:
    wanted = every([part for part in (one.wanted, other.wanted) if part])
    return Clause(wanted, (*one.unwanted, *other.unwanted), (*one.filters, *other.filters))
