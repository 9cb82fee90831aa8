# SPDX-License-Identifier: MIT
"""How a picture is to be encoded."""

from __future__ import annotations

from dataclasses import dataclass, field

import av
import av.error
from av.codec.codec import find_best_pix_fmt_of_list

from ..errors import Error


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the picture is encoded."""

    codec: str = "libx264"
    crf: float | None = None
    preset: str | None = None
    pixel_format: str | None = None
    container: str | None = None
    options: dict[str, str] = field(default_factory=dict)

    def encoder(self) -> av.Codec:
        """Find the encoder."""
        try:
            codec = av.Codec(self.codec, "w")
        except (av.error.FFmpegError, ValueError) as error:
            raise Error(
                f"encoder {self.codec!r} is not in this build of FFmpeg; libx264, libx265, "
                "libsvtav1 and ffv1 are",
                "option",
            ) from error
        if codec.type != "video":
            raise Error(f"{self.codec} encodes {codec.type}, not video", "option")
        return codec

    def choose_pixel_format(self, source: str) -> str:
        """Choose the encoder's pixel format that loses the least."""
        formats = self.encoder().video_formats
        names = [each.name for each in formats or []]
        if self.pixel_format:
            if names and self.pixel_format not in names:
                raise Error(
                    f"{self.codec} does not take pixel format {self.pixel_format}; it takes "
                    + ", ".join(names),
                    "option",
                )
            return self.pixel_format
        if not names or source in names:
            return source
        best, _ = find_best_pix_fmt_of_list(names, source)
        return best.name if best else names[0]
