# SPDX-License-Identifier: MIT
"""Who is in a video: the subjects of each shot, from the boxes behind its windows."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from .frames.boxes import Box
from .frames.window import Window
from .models.class_names import ClassNames, label_of

# What is seen for less is a flicker.
LEAST_SEEN_S = 0.3
# A view has to be so much better than the best before, for a picture is made of it.
_BETTER = 1.05


@dataclass(frozen=True, slots=True)
class Subject:
    """A face, person or other thing that was followed through a shot.

    Attributes
    ----------
    shot : int
        Number of the shot, from 0.
    id : int
        The number of the subject; no other has it in the whole video. One that comes back has it
        again, where it is known for sure.
    label : str
        Its class, as its detector calls it; ``class 7`` where that has no names.
    kind : str
        As in ``Box``.
    first, last : float
        When it was seen first and last, in seconds.
    share : float
        The share of the shot's frames in which it was seen.
    size : float
        The mean share of the picture that it takes.
    score : float
        How sure its detector was, on average; 0 to 1.
    frame : int
        The frame in which it is seen best: large, and surely.
    time : float
        The time of that frame.
    box : Box
        Where it is there.
    face : int
        Of a person, the id of her face, where one is seen; it is not listed by itself. Else 0.
    """

    shot: int
    id: int
    label: str
    kind: str
    first: float
    last: float
    share: float
    size: float
    score: float
    frame: int
    time: float
    box: Box
    face: int = 0

    @property
    def weight(self) -> float:
        """How much of a shot it is: how long and how large it is seen."""
        return self.share * math.sqrt(self.size)


@dataclass(frozen=True, slots=True)
class ShotSubjects:
    """The subjects of a shot.

    Attributes
    ----------
    shot, frames : int
        Its number, and how many frames it has.
    first, last : float
        The times of its first and last frame.
    subjects : tuple of Subject
        By when they were seen first.
    flickers : int
        How many more were seen too briefly to count.
    """

    shot: int
    frames: int
    first: float
    last: float
    subjects: tuple[Subject, ...]
    flickers: int

    @property
    def weight(self) -> float:
        """How much there is to see of its subjects."""
        return sum(each.weight for each in self.subjects)


@dataclass(slots=True)
class _Track:
    """What is known of a subject up to now; sums run over the frames that showed it."""

    first: float
    label: str
    last: float = 0.0
    frames: int = 0
    size: float = 0.0
    score: float = 0.0
    worth: float = 0.0  # of its best view
    frame: int = 0
    time: float = 0.0
    box: Box = field(default_factory=lambda: Box(0, 0, 1, 1))
    owner: int = 0  # of a face, as it was known last


class ShotTally:
    """Gathers the subjects of one shot from its windows, which come with their evidence.

    Parameters
    ----------
    shot : int
        Its number.
    picture : tuple of int
        Width and height of the frames.
    names : tuple of str
        What the detector calls its classes.
    """

    def __init__(self, shot: int, picture: tuple[int, int], names: ClassNames) -> None:
        self.shot = shot
        self._area = float(picture[0] * picture[1])
        self._names = names
        self._tracks: dict[int, _Track] = {}
        self._times: list[float] = []  # of the first and the last frame
        self._frames = 0
        self._boxes: tuple[Box, ...] | None = None
        self._most = -1.0

    def take(self, window: Window) -> list[Box]:
        """Take the next window; gives the boxes of subjects that were never seen better."""
        boxes = () if window.evidence is None else window.evidence.boxes
        # Boxes are of an analysed frame and serve until the next one. Of these only the first
        # shows what lies in them.
        fresh, self._boxes = boxes != self._boxes, boxes
        self._times[1:] = [window.time]
        if not self._frames:
            self._times = [window.time, window.time]
        self._frames += 1
        best = []
        for box in boxes:
            if not box.id:
                continue
            known = self._tracks.get(box.id)
            if known is None:
                known = self._tracks[box.id] = _Track(window.time, label_of(box, self._names))
            known.last = window.time
            known.frames += 1
            known.size += box.width * box.height / self._area
            known.score += box.score
            known.owner = box.owner or known.owner
            worth = worth_of(box, self._area)
            if known.frames == 1 or (fresh and worth > _BETTER * known.worth):
                known.worth, known.box = worth, box
                known.frame, known.time = window.frame, window.time
                best.append(box)
        return best

    def shows_most(self) -> bool:
        """Say whether the window taken last shows more of its subjects than any before it."""
        seen = sum(worth_of(box, self._area) for box in self._boxes or () if box.id)
        if seen <= _BETTER * self._most:
            return False
        self._most = seen
        return True

    def result(self) -> ShotSubjects:
        """Give what was gathered, without flickers."""
        first, last = self._times
        # A shot of few frames shows nobody for longer.
        least = min(LEAST_SEEN_S, last - first)
        listed = {
            number: track
            for number, track in self._tracks.items()
            if track.last - track.first >= least
        }
        flickers = len(self._tracks) - len(listed)
        faces = {
            number: track.owner
            for number, track in sorted(listed.items(), key=lambda each: each[1].frames)
            if track.owner in listed
        }
        # Of several the one that was seen longest.
        face_of = {owner: number for number, owner in faces.items()}
        subjects = [
            Subject(
                shot=self.shot,
                id=number,
                label=track.label,
                kind=track.box.kind,
                first=track.first,
                last=track.last,
                share=track.frames / self._frames,
                size=track.size / track.frames,
                score=track.score / track.frames,
                frame=track.frame,
                time=track.time,
                box=track.box,
                face=face_of.get(number, 0),
            )
            for number, track in listed.items()
            if number not in faces
        ]
        subjects.sort(key=lambda each: (each.first, each.id))
        return ShotSubjects(self.shot, self._frames, first, last, tuple(subjects), flickers)


def worth_of(box: Box, area: float) -> float:
    """Say how well a box shows its subject; area is that of the picture."""
    return (box.score or 1.0) * math.sqrt(box.width * box.height / area)
