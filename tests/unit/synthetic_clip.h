// SPDX-License-Identifier: MIT
// Moving pictures for tests, painted with whole numbers only.
#ifndef SMARTCROP_TESTS_UNIT_SYNTHETIC_CLIP_H_
#define SMARTCROP_TESTS_UNIT_SYNTHETIC_CLIP_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "test_picture.h"

namespace smartcrop {

// How bright a scene's background is: tiles in an order of its own, since a cut between
// pictures that differ by their light alone is none.
inline int background(Size size, int scene, int x, int y) {
  const auto tile = static_cast<uint32_t>(x * 5 / size.width + 8 * (y * 3 / size.height));
  const uint32_t hash = (tile + 1 + 97 * static_cast<uint32_t>(scene)) * 2654435761U;
  return 20 + 35 * static_cast<int>(hash >> 30);
}

// A scene is a background; the subject is a bright, coloured, checked square whose
// centre is at a permille of the width (half-way down).
inline void paint_scene(TestPicture* picture, const smartcrop_pixel_format& format, int scene,
                        int permille) {
  const double scale = peak(format) / 255;
  const Size size = picture->size(0);
  const int side = std::max(2, std::min(size.width, size.height) / 4);
  const int centre = size.width * permille / 1000;
  for (int plane = 0; plane < picture->planes(); ++plane) {
    const Size samples = picture->size(plane);
    picture->fill(plane, [&](int column, int row) {
      const int x = column * size.width / samples.width;
      const int y = row * size.height / samples.height;
      const bool subject =
          std::abs(x - centre) * 2 <= side && std::abs(y - size.height / 2) * 2 <= side;
      const int check = (x / 2 + y / 2) % 2;
      if (plane == 0) return scale * (subject ? 170 + 60 * check : background(size, scene, x, y));
      if (format.family == SMARTCROP_RGB) return scale * (subject ? 40.0 : 50 + 30 * (scene % 4));
      return scale * (subject ? 200.0 : 128 + 40 * (scene % 3 - 1));
    });
  }
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_SYNTHETIC_CLIP_H_
