// SPDX-License-Identifier: MIT
// Moving pictures for tests, painted with whole numbers only.
#ifndef SMARTCROP_TESTS_UNIT_SYNTHETIC_CLIP_H_
#define SMARTCROP_TESTS_UNIT_SYNTHETIC_CLIP_H_

#include <algorithm>
#include <cstdlib>

#include "test_picture.h"

namespace smartcrop {

// A scene is a dim background of its own; the subject is a bright, coloured, checked square whose
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
      if (plane == 0) return scale * (subject ? 170 + 60 * check : 40 + 35 * (scene % 4));
      if (format.family == SMARTCROP_RGB) return scale * (subject ? 40.0 : 50 + 30 * (scene % 4));
      return scale * (subject ? 200.0 : 128 + 12 * (scene % 3 - 1));
    });
  }
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_SYNTHETIC_CLIP_H_
