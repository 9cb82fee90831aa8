# SPDX-License-Identifier: MIT
"""Work done ahead, in another thread."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")

_DEPTH = 6
_WAKE_S = 0.1


class _End:
    """Comes after the last item; carries the error that ended the work, if any."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class Ahead(Generic[Item]):
    """Runs an iterator in a thread of its own, a few items ahead of who takes them.

    A decoder that exports motion vectors works in one thread. This lets it work while the frames
    before are looked at.

    Parameters
    ----------
    items : generator
        Only the thread touches it; an error in it is raised where the items are taken.
    """

    def __init__(self, items: Generator[Item, None, None]) -> None:
        self._items = items
        self._waiting: Queue[Item | _End] = Queue(_DEPTH)
        self._stopped = Event()
        self._thread = Thread(target=self._work, name="smartcrop reader", daemon=True)

    def start(self) -> None:
        """Begin the work. Who calls this can close it already, also where an interrupt comes."""
        self._thread.start()

    def __iter__(self) -> Iterator[Item]:
        """Give the items in order."""
        while True:
            item = self._waiting.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item

    def close(self) -> None:
        """End the work and wait until it has ended."""
        self._stopped.set()
        while self._thread.is_alive():
            try:
                self._waiting.get_nowait()
            except Empty:
                self._thread.join(_WAKE_S)

    def _work(self) -> None:
        error: BaseException | None = None
        if self._stopped.is_set():
            return
        try:
            for item in self._items:
                self._put(item)
                if self._stopped.is_set():
                    break
            self._items.close()
        except BaseException as failure:
            error = failure
        self._put(_End(error))

    def _put(self, item: Item | _End) -> None:
        while not self._stopped.is_set():
            try:
                self._waiting.put(item, timeout=_WAKE_S)
            except Full:
                continue
            return
