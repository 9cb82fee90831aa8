# SPDX-License-Identifier: MIT
"""What moves against the camera, from the brightness of two frames; nothing here is learned.

The camera's shift and zoom are found from coarse to fine by Gauss-Newton steps on the brightness
(Lucas and Kanade, "An iterative image registration technique", IJCAI 1981), in which samples that
fit badly count little (weights of Geman and McClure, as in Black and Anandan, CVIU 1996): a moving
subject does not pull the estimate along. What is left of the difference, over the gradient, is the
speed along the gradient (Irani, Rousso and Peleg, "Computing occluding and transparent motions",
IJCV 1994). The library's training-free map follows the same plan at a finer scale
(``csrc/stage2_evidence/motion/motion.cc``).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
_LEVELS = 127.5  # of brightness, in one unit of the network's input
_RIDGE = 1e-4  # on the normal equations: a picture without structure has not moved
_LIFT = 1e4  # levels; far from any brightness
_MOST_RESIDUAL = 60.0  # levels; what is worse is not seen, or something else
_LEAST_SCALE = 1.0  # levels; a residual below is noise
_NOISE_GRADIENT = 8.0  # levels a sample; gradients that count as much as the noise
_MOST_SPEED = 2.0  # samples between two frames; faster is not told apart

Size = tuple[int, int]


def grey(image: Tensor) -> Tensor:
    """Levels of brightness about the middle grey at half the size: (N, 1, height/2, width/2)."""
    weights = torch.tensor(_LUMA, device=image.device).view(1, 3, 1, 1) * (_LEVELS / 4)
    with torch.autocast(image.device.type, enabled=False):
        return functional.conv2d(image.float(), weights.expand(1, 3, 2, 2), stride=2)


def inverse(matrix: Tensor) -> Tensor:
    """Of symmetric (N, 3, 3) matrices, by the cross products of their rows."""
    flat = matrix.flatten(1)
    after, before = ([3 * ((row + step) % 3) for row in range(3)] for step in (1, 2))

    def turned(rows: list[int], step: int) -> Tensor:
        return flat[:, [row + (column + step) % 3 for row in rows for column in range(3)]]

    crossed = turned(after, 1) * turned(before, 2) - turned(after, 2) * turned(before, 1)
    crossed = crossed.unflatten(1, (3, 3))
    return crossed / (matrix * crossed).sum(2, keepdim=True)  # the determinant, from each row


class Level(nn.Module):
    """One size of picture: warps by a camera, and steps towards the camera that fits.

    A camera is (N, 3, 1): shift in x and y, in shares of half the picture's sides, and zoom, from
    where the newer frame's samples come in the older one. Pictures are about ``_LIFT``, so that
    what the older one does not show, which is 0, fits nowhere.
    """

    places: Tensor
    across: Tensor
    down: Tensor
    slope_x: Tensor
    slope_y: Tensor

    def __init__(self, size: Size) -> None:
        super().__init__()
        height, width = size
        # In samples from the middle, which half precision stores exactly.
        x = (torch.arange(width) + 0.5 - width / 2)[:, None]
        y = (torch.arange(height) + 0.5 - height / 2)[:, None]
        tables = {
            "places": torch.stack([x.T.expand(size), y.expand(size)]).flatten(1),
            # What each part of a camera moves the columns and the rows by.
            "across": torch.cat([torch.full_like(x, width / 2), 0 * x, x], 1),
            "down": torch.cat([0 * y, torch.full_like(y, height / 2), y], 1),
            "slope_x": central_differences(width).T.contiguous(),
            "slope_y": central_differences(height),
        }
        for name, table in tables.items():
            self.register_buffer(name, table, persistent=False)

    def gradients(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Central differences along x and y, levels a sample; (N, 1, h w) each."""
        along_x = torch.matmul(picture, self.slope_x)
        return along_x.flatten(2), torch.matmul(self.slope_y, picture).flatten(2)

    def residual(self, frames: Tensor, camera: Tensor) -> Tensor:
        """The newer picture less the older one as the newer camera sees it, (N, 1, h w)."""
        before, now = frames[:, 0], frames[:, 1]
        across, down = taps(self.across, camera), taps(self.down, camera)
        warped = torch.matmul(torch.matmul(down, before), across.transpose(1, 2))
        return (now - warped).flatten(1)[:, None]

    def refine(self, frames: Tensor, camera: Tensor, steps: int) -> Tensor:
        """A camera that fits the frames, older and newer, better than this one."""
        width, height = self.across.shape[0], self.down.shape[0]
        along_x, along_y = self.gradients(frames[:, 1:])
        zoom = along_x * self.places[0] + along_y * self.places[1]
        # Of the brightness with the camera, (N, 3, h w).
        slopes = torch.cat([along_x * (width / 2), along_y * (height / 2), zoom], 1)
        ridge = torch.eye(3, device=slopes.device) * (_RIDGE * width**3 * height)
        solution = ridge
        for step in range(steps):
            residual = self.residual(frames, camera)
            weighed = slopes * weigh(residual)
            if step == 0:  # later weights would change it little
                solution = inverse(torch.matmul(weighed, slopes.transpose(1, 2)) + ridge)
            right = torch.matmul(weighed, residual.transpose(1, 2))
            camera = camera + torch.matmul(solution, right)
        return camera


def central_differences(count: int) -> Tensor:
    """Matrix (n, n) that takes the samples of a line to their slopes; one-sided at its ends."""
    same = torch.eye(count)
    ahead, behind = same.roll(1, 1), same.roll(-1, 1)
    ahead[-1], behind[0] = same[-1], same[0]
    return 0.5 * (ahead - behind)


def taps(moves: Tensor, camera: Tensor) -> Tensor:
    """Weights (N, n, n) by which the n samples of a line are read, linearly, after a camera's move.

    Shift and zoom move rows and columns as wholes, so that two products of matrices warp a picture,
    many times faster than sample by sample.
    """
    place = moves[:, 2:]
    return functional.relu(1 - (torch.matmul(moves, camera) + (place - place.T)).abs())


def weigh(residual: Tensor) -> Tensor:
    """Weights of samples: 1 for a good fit, next to nothing for a bad one."""
    scale = residual.abs().clamp(max=_MOST_RESIDUAL).mean(2, keepdim=True) + _LEAST_SCALE
    fit = 1 / (1 + (residual / scale).square())
    return fit * fit


class Motion(nn.Module):
    """Speed against the camera on a grid of cells."""

    CHANNELS = 6

    def __init__(self, size: Size, cells: Size, plan: tuple[tuple[int, int], ...]) -> None:
        """Of grey pictures of this size; the plan names halvings and steps, coarse to fine."""
        super().__init__()
        self.side = size[0] // cells[0]  # of a cell, in samples
        self.plan = plan
        halvings = {0, *(halvings for halvings, _ in plan)}
        self.levels = nn.ModuleDict(
            {str(n): Level((size[0] >> n, size[1] >> n)) for n in sorted(halvings)}
        )

    @staticmethod
    def about_one_level(before: Tensor, now: Tensor) -> Tensor:
        """Two pictures without a change of exposure, about ``_LIFT``: (N, 2, h, w)."""
        frames = torch.cat([before, now], 1)
        return frames + (_LIFT - frames.mean((2, 3), keepdim=True))

    def camera(self, frames: Tensor) -> Tensor:
        """The camera's motion between pictures about one level, (N, 3, 1), see ``Level``."""
        smaller = {0: frames}
        for halvings in range(max(halvings for halvings, _ in self.plan)):
            smaller[halvings + 1] = functional.avg_pool2d(smaller[halvings], 2)
        camera = frames.new_zeros(frames.shape[0], 3, 1)
        for halvings, steps in self.plan:
            camera = self.levels[str(halvings)].refine(smaller[halvings], camera, steps)
        return camera

    def forward(self, before: Tensor, now: Tensor) -> Tensor:
        """What is seen of motion between grey pictures, (N, CHANNELS, rows, columns)."""
        # Half precision would leave nothing of the differences.
        with torch.no_grad(), torch.autocast(before.device.type, enabled=False):
            return self.measure(before.float(), now.float())

    def measure(self, before: Tensor, now: Tensor) -> Tensor:
        frames = self.about_one_level(before, now)
        finest = self.levels["0"]
        residual = finest.residual(frames, self.camera(frames))
        weights = weigh(residual)
        off = residual.abs()
        noise = (weights * off).mean(2, keepdim=True) / (weights.mean(2, keepdim=True) + 1e-3)
        seen = (off < 2 * _LEVELS).to(off.dtype)
        moved = functional.relu(off - 2 * noise) * seen
        across, down = finest.gradients(now)
        squared = (across * across + down * down) * seen
        sums = torch.cat([moved * squared.sqrt(), squared, moved], 1).unflatten(2, now.shape[2:])
        product, energy, change = box(functional.avg_pool2d(sums, self.side), 3).split(1, 1)
        speed = (product / (energy + _NOISE_GRADIENT**2)).clamp(max=_MOST_SPEED)
        return describe(speed, change, noise[:, :, None])


def describe(speed: Tensor, change: Tensor, noise: Tensor) -> Tensor:
    """What a network is told of each cell, in numbers of about one."""
    fastest = speed.amax((2, 3), keepdim=True)
    parts = [
        speed,
        # Parallax moves whole regions: what is faster than its surroundings counts.
        speed - box(speed, 15),
        speed / (fastest + 0.03),
        torch.log(speed + 0.03) + 2,
        torch.log(change + 1),
        (torch.log(noise + 0.5) - 1).expand_as(speed),
    ]
    return torch.cat(parts, 1)


def box(values: Tensor, side: int) -> Tensor:
    """Means over squares of cells, as far as they lie inside."""
    for kernel in ((side, 1), (1, side)):
        padding = (kernel[0] // 2, kernel[1] // 2)
        values = functional.avg_pool2d(values, kernel, 1, padding, count_include_pad=False)
    return values
