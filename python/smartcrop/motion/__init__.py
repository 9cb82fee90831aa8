# SPDX-License-Identifier: MIT
"""Where a clip moves, from the motion vectors of its codec: one box a clip, without a network.

A network that recognises actions sees the action larger in such a box: Huang et al., "MoCrop:
Training Free Motion Guided Cropping for Efficient Video Action Recognition", arXiv 2509.18473.

>>> from smartcrop import motion
>>> motion.clip_box("kickflip.mp4", area=0.75)                             # doctest: +SKIP
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import TypeVar

from .. import arguments
from ..errors import Error, OptionError
from ..progress import Progress
from ..video.clip_motion import read_vectors
from .search import ClipBox, Density, Search

__all__ = ["ClipBox", "clip_box", "clip_boxes", "density"]

Path = str | os.PathLike[str]
AnyPath = TypeVar("AnyPath", bound=Path)


def clip_box(
    path: Path,
    area: float = 0.75,
    grid: tuple[int, int] = (6, 8),
    *,
    seed: int = 0,
    samples: int = 4096,
    compat: bool = False,
    video_stream: int | None = None,
    progress: Progress | None = None,
) -> ClipBox:
    """Find the part of the picture where a clip moves, from the motion vectors of its codec.

    Vectors are brought to motion over one frame, the camera's is taken out, and what goes another
    way than what is around it, or no faster, counts less. How often something moves counts, not how
    fast. Places drawn with the probability of the motion that was added up there (importance
    sampling) make the density over the grid. The box is the rectangle of cells that holds the most
    motion beyond its share of the picture, of those whose area is within a tenth of the one wanted;
    what is near the middle counts more, as it is more often what a clip is of.

    A picture that the file says is to be turned is turned: box and density are those of the upright
    picture.

    Parameters
    ----------
    path : str or path
        A video; where it is damaged, what can be decoded of it counts.
    area : float
        Share of the picture that the box is to have, above 0 to 1.
    grid : (int, int)
        Rows and columns, 1 to 256 each.
    seed : int
        The same seed draws the same places on every platform.
    samples : int
        How many places are drawn, up to 100,000,000; 0: the density is exact.
    compat : bool
        Do as the published code does, to compare with it. Its search takes the largest sum of all
        rectangles within a tenth of the area, which of nested ones is always the largest, and the
        first of equal ones, by height, width, top and left. The denoising and the sampling of the
        paper are not in its code, which starts at files of densities; here the lengths of all
        vectors of the clip are added up where the middles of their blocks are, the camera's motion
        included, and ``seed`` and ``samples`` are not read. Where no rectangle has about the area
        it takes the cell at the top left; here the area that is nearest counts. Its grid of cells
        lies on 320 x 240 pixels and is cut off where these do not divide; here it spans the
        picture.
    video_stream : int, optional
        Which video stream, from 0; by default the one that FFmpeg finds best.
    progress : callable, optional
        Called after each frame with the frames done, and the seconds done and in all.

    Returns
    -------
    ClipBox
        The whole picture, with one warning of the logger ``smartcrop``, where no motion is known:
        HEVC, VP9 and AV1 tell no vectors, nor do intra frames or a single one.

    Raises
    ------
    Error
        Where the file is no video, or an argument is out of its range.
    """
    search = Search(area, grid, seed, samples, compat)
    name = arguments.path("path", path)
    video_stream = arguments.optional(arguments.natural, "video_stream", video_stream)
    progress = arguments.function("progress", progress)
    clip = read_vectors(name, video_stream, progress=progress, with_lengths=compat)
    return search(name, clip)


def clip_boxes(
    paths: Iterable[AnyPath],
    area: float = 0.75,
    grid: tuple[int, int] = (6, 8),
    *,
    seed: int = 0,
    samples: int = 4096,
    compat: bool = False,
    video_stream: int | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[AnyPath, ClipBox | Error]]:
    """Find the boxes of many clips, several at a time.

    Parameters
    ----------
    paths : iterable of str or path
        The clips.
    jobs : int, optional
        How many are read at a time; by default one for each processor.
    progress : callable, optional
        Called after each clip with the number done and the number in all.

    Yields
    ------
    path, ClipBox or Error
        Of each clip, in the order given; the others go on after one that cannot be read. For the
        other parameters see ``clip_box``.
    """
    search = Search(area, grid, seed, samples, compat)
    if not isinstance(paths, Iterable) or isinstance(paths, (str, bytes)):
        arguments.refuse("paths", paths, "a list of clips")
    if jobs is not None and arguments.natural("jobs", jobs) < 1:
        raise OptionError(f"jobs {jobs}: has to be 1 or more")
    video_stream = arguments.optional(arguments.natural, "video_stream", video_stream)
    clips = _Clips(search, video_stream, jobs or _processors())
    return clips.boxes(list(paths), arguments.function("progress", progress))


def density(
    path: Path,
    grid: tuple[int, int] = (6, 8),
    *,
    seed: int = 0,
    samples: int = 4096,
    compat: bool = False,
    video_stream: int | None = None,
) -> Density:
    """Give the density of a clip's motion alone; see ``clip_box``.

    Returns
    -------
    ndarray
        (rows, columns) float32 that sum to 1.
    """
    return clip_box(
        path,
        1.0,
        grid,
        seed=seed,
        samples=samples,
        compat=compat,
        video_stream=video_stream,
    ).density


class _Clips:
    """Reads several clips at a time."""

    def __init__(self, search: Search, video_stream: int | None, jobs: int) -> None:
        self._search = search
        self._video_stream = video_stream
        self._jobs = jobs
        self._ended = Event()

    def boxes(
        self, paths: list[AnyPath], progress: Callable[[int, int], None] | None
    ) -> Iterator[tuple[AnyPath, ClipBox | Error]]:
        """Give the boxes in the order of the paths."""
        pool = ThreadPoolExecutor(self._jobs)
        waiting: deque[tuple[AnyPath, Future[ClipBox]]] = deque()
        rest = iter(paths)
        try:
            for done in range(1, len(paths) + 1):
                while len(waiting) < 2 * self._jobs and (path := next(rest, None)) is not None:
                    waiting.append((path, pool.submit(self._box, path)))
                path, future = waiting.popleft()
                try:
                    found: ClipBox | Error = future.result()
                except Error as error:
                    found = error
                if progress is not None:
                    progress(done, len(paths))
                yield path, found
        finally:
            self._ended.set()
            pool.shutdown(cancel_futures=True)

    def _box(self, path: Path) -> ClipBox:
        # Clips are short: several at a time use processors better than threads in a decoder.
        threads = 1 if self._jobs > 1 else 0
        name = arguments.path("path", path)
        clip = read_vectors(
            name, self._video_stream, threads, self._go_on, with_lengths=self._search.compat
        )
        return self._search(name, clip)

    def _go_on(self, *_: object) -> None:
        """End the reading of a clip that nobody waits for any more."""
        if self._ended.is_set():
            raise OptionError("the boxes are no longer asked for", "argument")


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
