# SPDX-License-Identifier: MIT
from __future__ import annotations

import logging
from fractions import Fraction

import av
import numpy as np
import pytest
from conftest import PLAIN, moving_square

import smartcrop
from smartcrop.video.frames import planar


def plain_cropper(width: int, height: int, **options: object) -> smartcrop.Cropper:
    """A cropper without a network."""
    return smartcrop.Cropper(width, height, **{**PLAIN, **options})  # type: ignore[arg-type]


def pictures(count: int = 40) -> list[np.ndarray]:
    return [moving_square(index, 160, 90) for index in range(count)]


def test_every_frame_gets_one_window_in_order_inside_the_picture() -> None:
    cropper = plain_cropper(160, 90, aspect="9:16", fps=25)
    pairs = list(cropper.run(pictures()))
    assert [window.frame for _, window in pairs] == list(range(40))
    for _, window in pairs:
        assert 0 <= window.x <= 160 - window.width
        assert 0 <= window.y <= 90 - window.height
    assert pairs[25][1].time == pytest.approx(1.0)
    assert pairs[0][1].start


def test_run_pairs_each_frame_with_its_own_window() -> None:
    frames = pictures()
    cropper = plain_cropper(160, 90, fps=25)
    for index, (frame, window) in enumerate(cropper.run(frames)):
        assert frame is frames[index]
        assert window.frame == index


def test_push_and_flush_give_the_windows_of_run() -> None:
    one = plain_cropper(160, 90, fps=25)
    other = plain_cropper(160, 90, fps=25)
    pushed = [window for frame in pictures() for window in one.push(frame)] + one.flush()
    assert pushed == [window for _, window in other.run(pictures())]
    assert one.flush() == []


def test_reset_starts_again_with_the_same_answers() -> None:
    cropper = plain_cropper(160, 90, fps=25)
    first = [window for _, window in cropper.run(pictures())]
    cropper.reset()
    assert [window for _, window in cropper.run(pictures())] == first


def test_a_push_after_flush_is_refused() -> None:
    cropper = plain_cropper(160, 90)
    cropper.push(pictures(1)[0])
    cropper.flush()
    with pytest.raises(smartcrop.Error, match="reset"):
        cropper.push(pictures(1)[0])


def test_no_more_frames_wait_than_max_delay_says() -> None:
    cropper = plain_cropper(160, 90, fps=25, lookahead=0.4)
    decided = 0
    for sent, frame in enumerate(pictures(), 1):
        decided += len(cropper.push(frame))
        assert sent - decided <= cropper.max_delay


def test_a_window_on_whole_pixels_is_rendered_sample_by_sample() -> None:
    frames = pictures(3)
    cropper = plain_cropper(160, 90, fps=25)
    for frame, window in cropper.run(frames):
        picture = cropper.render(frame, window)
        x, y = int(window.x), int(window.y)
        width, height = cropper.output_size
        assert picture.shape == (height, width, 3)
        assert np.array_equal(picture, frame[y : y + height, x : x + width])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_scaled_window_keeps_the_type_of_samples(dtype: type) -> None:
    scale = 1 if dtype is np.uint8 else 257
    frames = [frame.astype(dtype) * dtype(scale) for frame in pictures(3)]
    cropper = plain_cropper(160, 90, fps=25, size=(72, 128))
    for frame, window in cropper.run(frames):
        picture = cropper.render(frame, window)
        assert picture.shape == (128, 72, 3)
        assert picture.dtype == dtype
        x, y, w, h = (round(each) for each in (window.x, window.y, window.width, window.height))
        kept = frame[y : y + h, x : x + w]
        assert np.abs(picture.mean(axis=(0, 1)) - kept.mean(axis=(0, 1))).max() < 8 * scale


def test_grey_pictures_and_planes_are_read_and_rendered_in_kind() -> None:
    grey = [frame[:, :, 0] for frame in pictures(3)]
    cropper = plain_cropper(160, 90, fps=25)
    for frame, window in cropper.run(grey):
        assert cropper.render(frame, window).ndim == 2

    planes = [(g, g[::2, ::2].copy(), g[::2, ::2].copy()) for g in grey]
    cropper = plain_cropper(160, 90, fps=25)
    for frame, window in cropper.run(planes):
        luma, chroma, _ = cropper.render(frame, window)
        x, y = int(window.x), int(window.y)
        height, width = luma.shape
        assert np.array_equal(luma, frame[0][y : y + height, x : x + width])
        halves = frame[1][y // 2 : (y + height) // 2, x // 2 : (x + width) // 2]
        assert np.array_equal(chroma, halves)


@pytest.mark.parametrize(
    "name",
    [
        "yuv420p",
        "yuv422p10le",
        "yuv444p",
        "gbrp",
        "gray",
        "gray10le",
        "nv12",
        "rgb24",
        "p010le",
        "bgra",
        "yuyv422",
        "yuva420p",
        "rgb48le",
        "yuvj420p",
        "yuv411p",
        "ya8",
    ],
)
def test_frames_of_pyav_are_cropped_in_any_pixel_format(name: str) -> None:
    cropper = plain_cropper(160, 90)
    frames = []
    for index, picture in enumerate(pictures(3)):
        frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=name)
        frame.pts, frame.time_base = 100 + index * 40, Fraction(1, 1000)
        frames.append(frame)
    for frame, window in cropper.run(frames):
        assert window.pts == frame.pts
        cut = cropper.render(frame, window)
        assert (cut.width, cut.height) == cropper.output_size
        assert (cut.pts, cut.time_base) == (frame.pts, frame.time_base)
        x, y, (width, height) = int(window.x), int(window.y), cropper.output_size
        wanted = planar(frame).reformat(format="gbrp").to_ndarray()[y : y + height, x : x + width]
        difference = np.abs(cut.reformat(format="gbrp").to_ndarray().astype(int) - wanted)
        assert np.median(difference) <= 1  # chroma at the edges may be interpolated otherwise


@pytest.mark.parametrize(
    ("packed", "name"),
    [("nv12", "yuv420p"), ("p010le", "yuv420p10le"), ("rgb24", "gbrp"), ("yuyv422", "yuv422p")],
)
def test_packed_formats_become_planar_without_loss(packed: str, name: str) -> None:
    picture = pictures(1)[0]
    frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=packed)
    converted = planar(frame)
    assert converted.format.name == name
    back = converted.reformat(format=packed)
    for before, after in zip(frame.planes, back.planes, strict=True):
        assert bytes(before) == bytes(after)


def test_a_frame_of_another_size_is_refused() -> None:
    cropper = plain_cropper(160, 90)
    with pytest.raises(smartcrop.Error, match=r"64x48.*160x90"):
        cropper.push(np.zeros((48, 64, 3), np.uint8))


@pytest.mark.parametrize(
    "frame",
    [np.zeros((90, 160, 2), np.uint8), np.zeros((90, 160), np.int32), "picture", (1, 2)],
)
def test_what_is_no_picture_is_refused_in_a_sentence(frame: object) -> None:
    cropper = plain_cropper(160, 90)
    with pytest.raises(smartcrop.Error):
        cropper.push(frame)  # type: ignore[arg-type]


def test_an_unknown_option_and_a_wrong_value_fail_at_once() -> None:
    with pytest.raises(smartcrop.Error, match="sharpness") as caught:
        plain_cropper(160, 90, sharpness=2)
    assert caught.value.status == "option"
    with pytest.raises(smartcrop.Error, match="lookahead"):
        plain_cropper(160, 90, lookahead=float("nan"))
    with pytest.raises(smartcrop.Error, match="aspect"):
        plain_cropper(160, 90, aspect="0:1")


def test_options_show_what_was_given_and_the_rest_at_their_defaults() -> None:
    options = plain_cropper(160, 90, lookahead=0.25, strategy="hold", strict=True).options
    assert (options.lookahead, options.strategy, options.strict) == (0.25, "hold", True)
    assert options.analysis_fps == smartcrop.Options().analysis_fps


def test_a_model_that_cannot_be_read_is_an_error_that_names_it() -> None:
    cropper = smartcrop.Cropper(160, 90, model="/nonexistent/model.onnx")
    with pytest.raises(smartcrop.Error, match=r"/nonexistent/model\.onnx|ONNX"):
        cropper.push(pictures(1)[0])


def test_the_look_ahead_shrinks_to_the_buffer_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    frames = [np.zeros((720, 1280, 3), np.uint8)] * 40
    cropper = plain_cropper(1280, 720, fps=25, lookahead=1.5, buffer=30)
    waiting = most = 0

    def counted() -> object:
        nonlocal waiting, most
        for frame in frames:
            waiting += 1
            most = max(most, waiting)
            yield frame

    with caplog.at_level(logging.WARNING, "smartcrop"):
        for _ in cropper.run(counted()):  # type: ignore[arg-type]
            waiting -= 1
    assert "look-ahead is" in caplog.text
    assert (1 + cropper.max_delay) * 1280 * 720 * 3 <= 30 << 20
    assert most <= cropper.max_delay + 1


def test_the_evidence_map_sums_to_one() -> None:
    cropper = plain_cropper(160, 90, fps=25)
    assert list(cropper.run(pictures()))
    values = cropper.last_map()
    assert values is not None
    assert values.sum() == pytest.approx(1, abs=1e-3)


def test_a_live_option_may_change_and_another_may_not() -> None:
    cropper = plain_cropper(160, 90, fps=25)
    cropper.push(pictures(1)[0])
    cropper.set_live(max_speed=0.1)
    with pytest.raises(smartcrop.Error, match="lookahead"):
        cropper.set_live(lookahead=0.1)


def test_planes_with_gaps_and_negative_strides_are_read_as_they_are() -> None:
    wide = np.zeros((90, 400), np.uint8)
    wide[:, 100:260] = pictures(1)[0][:, :, 0]
    view = wide[::-1, 100:260]
    plain = np.ascontiguousarray(view)
    windows = []
    for frame in (view, plain):
        cropper = plain_cropper(160, 90, fps=25)
        ((_, window),) = cropper.run([frame])
        windows.append(window)
        cut = cropper.render((frame,), window)
        assert np.array_equal(cut[0], cropper.render(plain, window))
    assert windows[0] == windows[1]
