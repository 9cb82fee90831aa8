// SPDX-License-Identifier: MIT
// A picture small enough to be worked on in floats, and its way there and back.
#ifndef SMARTCROP_STAGE6_RENDER_SMALL_PICTURE_H_
#define SMARTCROP_STAGE6_RENDER_SMALL_PICTURE_H_

#include <cstdint>
#include <vector>

#include "picture/planes.h"

namespace smartcrop {

// A small picture in floats.
struct Small {
  Size size;
  std::vector<float> values;

  float& at(int x, int y) {
    return values[static_cast<size_t>(y) * static_cast<size_t>(size.width) +
                  static_cast<size_t>(x)];
  }
};

// A small picture in the samples of the output, tightly packed.
struct Samples {
  std::vector<uint8_t> bytes;
  Plane plane;

  // It cannot be copied, since the plane points into the bytes.
  Samples(Samples&&) = default;
  Samples& operator=(Samples&&) = default;
  Samples(Size size, int depth) {
    const int sample_bytes = depth == 8 ? 1 : depth == 32 ? 4 : 2;
    const int stride = size.width * sample_bytes;
    bytes.resize(static_cast<size_t>(stride) * static_cast<size_t>(size.height));
    plane = {bytes.data(), stride, size};
  }
};

// From samples to floats and back. The depth is 8 to 16 bits, or 32 for floats. The way back
// rounds, and stays within the depth.
Small floats_of(const Samples& from, int depth);
Samples samples_of_depth(const Small& from, int depth);

// Sets each sample of a plane to the value.
void fill_plane(const Plane& plane, double value, int depth);

// The weights of a normal distribution, which sum to 1, out to three standard deviations.
std::vector<float> bell(double sigma);
// Blurs `count` samples that lie `step` apart. The first and the last sample go on beyond the ends.
void blur_line(float* line, int count, int step, const std::vector<float>& weights,
               std::vector<float>* scratch);
// Blurs along both axes.
void blur(Small* picture, const std::vector<float>& weights);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_SMALL_PICTURE_H_
