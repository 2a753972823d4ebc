"""A cache bounded in bytes: what was made once for a render is there for the next.

Keys are hashes of all that decides a value, so that a value never goes stale and is only ever dropped.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

__all__ = ["Cache", "CacheCounts"]

_T = TypeVar("_T")


@dataclass
class CacheCounts:
    """How often one render found what it wanted in a cache, and how often it was made."""

    hits: int = 0
    misses: int = 0

    def counted(self, held_bytes: int) -> dict[str, int]:
        """The counts for a result, with what the cache holds now."""
        return {"hits": self.hits, "misses": self.misses, "bytes": held_bytes}


class Cache:
    """Values by key; those unused for longest are dropped when all together are larger than the bound.

    Several threads may use it at once: of those that want one missing value, one makes it and the others
    wait for it.
    """

    def __init__(self, max_bytes: int, size_of: Callable[[Any], int]) -> None:
        self.max_bytes = max_bytes
        self.held_bytes = 0
        self._size_of = size_of
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._guard = threading.Lock()
        self._making: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()  # a lock for each wanted key

    def once(self, key: Hashable, make: Callable[[], _T], tally: CacheCounts) -> _T:
        """The value of a key, made where it is missing. What make() raises is raised and not kept."""
        with self._guard:
            if key in self._values:
                return cast(_T, self._hit(key, tally))  # a key is used with one type of value
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._guard:
                if key in self._values:
                    return cast(_T, self._hit(key, tally))
                tally.misses += 1
            value = make()
            self.keep(key, value)
        return value

    def _hit(self, key: Hashable, tally: CacheCounts) -> Any:
        tally.hits += 1
        self._values.move_to_end(key)
        return self._values[key]

    def found(self, key: Hashable) -> Any:
        """The value of a key that is there.

        Raises:
            KeyError: it is not.
        """
        with self._guard:
            self._values.move_to_end(key)
            return self._values[key]

    def keep(self, key: Hashable, value: object) -> None:
        """Keep a value, unless it alone is larger than the bound."""
        size = self._size_of(value)
        if size > self.max_bytes:
            return
        with self._guard:
            if key in self._values:
                self.held_bytes -= self._size_of(self._values.pop(key))
            self._values[key] = value
            self.held_bytes += size
            while self.held_bytes > self.max_bytes:
                _, dropped = self._values.popitem(last=False)
                self.held_bytes -= self._size_of(dropped)

    def clear(self) -> None:
        """Drop everything."""
        with self._guard:
            self._values.clear()
            self.held_bytes = 0
