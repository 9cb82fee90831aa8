# SPDX-License-Identifier: MIT
"""How a picture is to be encoded."""

from __future__ import annotations

from dataclasses import dataclass, field

import av
import av.error

from .. import arguments
from ..errors import OptionError


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the picture is encoded."""

    codec: str = "libx264"
    crf: float | None = None
    preset: str | None = None
    pixel_format: str | None = None
    container: str | None = None
    options: dict[str, str] = field(default_factory=dict)

    def checked(self) -> Encoding:
        """Check what a caller gave, and that there is such an encoder.

        Raises
        ------
        Error
            With the name of the argument that is wrong.
        """
        given = Encoding(
            arguments.text("codec", self.codec),
            arguments.optional(arguments.number, "crf", self.crf),
            arguments.optional(arguments.text, "preset", self.preset),
            arguments.optional(arguments.text, "pixel_format", self.pixel_format),
            arguments.optional(arguments.text, "container", self.container),
            arguments.encoder_options(self.options),
        )
        given.encoder()
        return given

    def encoder(self) -> av.Codec:
        """Find the encoder; its name is the encoder's own, also where a codec was named."""
        if self.codec == "copy":
            raise OptionError("a crop cannot be copied; name an encoder, such as libx264")
        try:
            codec = av.Codec(self.codec, "w")
        except (av.error.FFmpegError, ValueError) as error:
            raise OptionError(
                f"encoder {self.codec!r} is not in this build of FFmpeg; libx264, libx265, "
                "libsvtav1 and ffv1 are",
            ) from error
        if codec.type != "video":
            raise OptionError(f"{self.codec} encodes {codec.type}, not video")
        return codec

    def user_options(self) -> dict[str, str]:
        """Give the options of the encoder that the user set, by FFmpeg's names."""
        options = dict(self.options)
        if self.crf is not None:
            options["crf"] = f"{self.crf:g}"
        if self.preset is not None:
            options["preset"] = self.preset
        return options
