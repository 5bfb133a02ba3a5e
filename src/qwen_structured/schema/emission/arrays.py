"""Arrays: the rules of what follows the bracket."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final

from ..ebnf import choice, compact, literal, sequence, times
from ..fidelity import Fidelity
from ..shapes import Arrays, Node
from .context import END, Context, Tail
from .numbers import NumberEmitter
from .texts import find_lengths

UNROLLED_ITEMS: Final = 8
"""Up to so many items, each small, have rules of their own instead of being counted by the engine."""
MAX_SET: Final = 8
"""A set of so many values has a rule for each of its subsets."""
MAX_LISTED: Final = 1_000
"""Values of larger sets are not counted."""
MAX_CONTAINED: Final = 4


class ArrayEmitter:
    """Writes arrays, each with its tail."""

    def __init__(self, context: Context, numbers: NumberEmitter) -> None:
        self._context = context
        self._rules = context.rules
        self._numbers = numbers

    def items(self, arrays: Arrays, path: str, end: Tail) -> str | None:
        """The rule of what follows the bracket, None if there is no such array; `end` has the other one."""
        self._find_counts(arrays, path)
        items, high = self._possible(arrays)
        low = arrays.low
        if (high is not None and low > high) or self._lacks(arrays, items):
            return None
        if arrays.unique and (high is None or high > 1):
            values = None if arrays.prefix or items is None else self._values(items)
            if values is not None and low > len(values):
                return None
            if listed := self._set(arrays, high, path, end):
                return listed
        if arrays.contains and (counted := self._containing(arrays, items, high, path, end)):
            return counted
        return _Items(self._context, arrays.prefix[:high], items, low, high, end).start()

    def _find_counts(self, arrays: Arrays, path: str) -> None:
        if arrays.low:
            self._context.find(path, f"minItems {arrays.low}", Fidelity.EXACT)
        if arrays.high is not None:
            self._context.find(path, f"maxItems {arrays.high}", Fidelity.EXACT)

    def _possible(self, arrays: Arrays) -> tuple[Node | None, int | None]:
        """The items behind the first ones, if there can be any, and the most items that there can be."""
        items = None if arrays.items is None or self._context.is_empty(arrays.items) else arrays.items
        counts = [arrays.high] if arrays.high is not None else []
        counts += [len(arrays.prefix)] if items is None else []
        counts += [i for i, node in enumerate(arrays.prefix) if self._context.is_empty(node)][:1]
        return items, min(counts, default=None)

    def _lacks(self, arrays: Arrays, items: Node | None) -> bool:
        """Whether an item that has to be contained cannot be."""
        if arrays.prefix:
            return False
        own = items.schemas if items else (False,)
        return any(
            fewest and self._context.is_empty(Node.of(*own, *node.schemas, path=node.path))
            for node, fewest, _ in arrays.contains
        )

    # --- sets --------------------------------------------------------------------------------

    def _set(self, arrays: Arrays, high: int | None, path: str, end: Tail) -> str | None:
        """Different values of a small set; None where a finding says that it is checked."""
        items = arrays.items
        values = None if arrays.prefix or items is None else self._values(items)
        if items is None or values is None or len(values) > MAX_SET or arrays.contains:
            beside = arrays.prefix or arrays.contains
            why = "beside prefixItems or contains" if beside else f"of more than {MAX_SET} values"
            self._context.find(path, "uniqueItems", Fidelity.CHECKED, why)
            return None
        self._context.find(path, "uniqueItems", Fidelity.EXACT)
        self._find_bounds(items)
        most = len(values) if high is None else min(high, len(values))
        names = {
            frozenset(chosen): self._rules.reserve("u")
            for size in range(most + 1)
            for chosen in combinations(range(len(values)), size)
        }
        for chosen, name in names.items():
            comma = "," if chosen else ""
            ways = [
                sequence(literal(comma + values[i]), names[chosen | {i}])
                for i in range(len(values))
                if i not in chosen and chosen | {i} in names
            ]
            ways += [sequence(*end.parts)] if len(chosen) >= arrays.low else []
            self._rules.put(name, choice(ways))
        return names[frozenset()]

    def _values(self, node: Node) -> list[str] | None:
        """The texts of all values of a node, each once, if they are few enough to be listed."""
        shape = self._context.normaliser.written(node)
        if shape.arrays or shape.objects:
            return None
        values: list[Any] = [None] if shape.null else []
        values += sorted(shape.booleans)
        listed: list[Sequence[Any] | None] = [numbers.listed(MAX_LISTED) for numbers in shape.numbers]
        listed += [strings.values(MAX_LISTED) for strings in shape.strings]
        for found in listed:
            if found is None:
                return None
            values += found
        return list(dict.fromkeys(map(compact, [*values, *shape.constants])))

    def _find_bounds(self, node: Node) -> None:
        """Say that the bounds hold by which the values of a node were listed."""
        shape = self._context.normaliser.shape(node)
        for numbers in shape.numbers:
            self._numbers.find_exact(numbers, node.path)
        for strings in shape.strings:
            find_lengths(self._context, strings, node.path, Fidelity.EXACT)

    # --- contained items ---------------------------------------------------------------------

    def _containing(
        self, arrays: Arrays, items: Node | None, high: int | None, path: str, end: Tail
    ) -> str | None:
        """Items of which some are of another schema too; None where a finding says that it is checked."""
        (node, fewest, most), *others = arrays.contains
        is_simple = not (others or arrays.prefix or most is not None or high is not None)
        if not is_simple or items is None or arrays.low > fewest or not 0 < fewest <= MAX_CONTAINED:
            why = f"beside other bounds, or of more than {MAX_CONTAINED} items"
            self._context.find(path, "contains", Fidelity.CHECKED, why)
            return None
        self._context.find(path, "contains", Fidelity.EXACT)
        both = Node.of(*items.schemas, *node.schemas, path=node.path)
        more = self._rules.reserve("c")
        value = self._context.value(items, Tail("", more))
        self._rules.put(more, choice([sequence(literal(","), value), sequence(*end.parts)]))
        for left in range(fewest, 0, -1):  # from behind: `more` is what follows once this one is there
            one = self._context.value(both, Tail("", more))
            more = self._rules.reserve("c")
            ways = choice([one, self._context.value(items, Tail("", more))])
            if left > 1:
                self._rules.put(more, f'"," ({ways})')
            else:
                return self._first(more, one, items)
        raise AssertionError("at least one is needed")

    def _first(self, name: str, one: str, items: Node) -> str:
        """The first item, after which the others come with a comma before them."""
        ways = choice([one, self._context.value(items, Tail("", name))])
        self._rules.put(name, f'"," ({ways})')
        return self._rules.put(self._rules.reserve("c"), ways)


class _Items:
    """The rules of one array's items, by how many there are already."""

    def __init__(
        self,
        context: Context,
        prefix: Sequence[Node],
        items: Node | None,
        low: int,
        high: int | None,
        end: Tail,
    ) -> None:
        self._context, self._rules = context, context.rules
        self._prefix, self._items, self._low, self._high, self._end = prefix, items, low, high, end
        self._following = ""

    def start(self) -> str:
        """The rule of what follows the bracket."""
        for index in range(len(self._prefix), 0, -1):  # from behind, which needs no deep recursion
            self._following = self._after(index)
        return self._after(0)

    def _after(self, index: int) -> str:
        """The rule of what follows the first `index` items."""
        if index < len(self._prefix):
            return self._one(index, self._prefix[index])
        if self._items is None or index == self._high:
            return self._rules.put(self._rules.reserve("e"), sequence(*self._end.parts))
        left = None if self._high is None else self._high - index
        needed = max(self._low - index, 0)
        if left is None and needed <= 2:
            return self._loop(index, self._items, needed)
        if left is not None and left <= UNROLLED_ITEMS and self._is_small(self._items):
            return self._one(index, self._items)
        return self._counted(index, self._items, needed, left)

    def _one(self, index: int, node: Node) -> str:
        following = self._following if index < len(self._prefix) else self._after(index + 1)
        value = self._context.value(node, Tail("", following))
        ways = [sequence(literal("," if index else ""), value)]
        ways += [sequence(*self._end.parts)] if index >= self._low else []
        return self._rules.put(self._rules.reserve("a"), choice(ways))

    def _loop(self, index: int, items: Node, needed: int) -> str:
        """Items without an end, of which some are needed."""
        more = self._rules.reserve("l")
        value = self._context.value(items, Tail("", more))
        self._rules.put(more, choice([sequence(literal(","), value), sequence(*self._end.parts)]))
        if not needed and index:
            return more
        if not needed:
            return self._rules.put(self._rules.reserve("l"), choice([value, sequence(*self._end.parts)]))
        following = more
        for _ in range(needed - 1):
            value = self._context.value(items, Tail("", following))
            following = self._rules.put(self._rules.reserve("n"), sequence(literal(","), value))
        value = self._context.value(items, Tail("", following))
        return self._rules.put(self._rules.reserve("n"), sequence(literal("," if index else ""), value))

    def _counted(self, index: int, items: Node, needed: int, left: int | None) -> str:
        """Items that the engine counts, each by a rule that ends with it."""
        item = self._context.value(items, END)
        if index:
            body = sequence(f'("," {item}){times(needed, left)}', *self._end.parts)
            return self._rules.put(self._rules.reserve("r"), body)
        more = times(max(needed - 1, 0), None if left is None else left - 1)
        filled = sequence(item, f'("," {item}){more}', *self._end.parts)
        ways = [filled] if needed else [filled, sequence(*self._end.parts)]
        return self._rules.put(self._rules.reserve("r"), choice(ways))

    def _is_small(self, node: Node) -> bool:
        shape = self._context.normaliser.written(node)
        return not (shape.arrays or shape.objects)
