// SPDX-License-Identifier: MIT
// What is shown beside a window that does not fill the output picture.
#ifndef SMARTCROP_STAGE6_RENDER_PAD_H_
#define SMARTCROP_STAGE6_RENDER_PAD_H_

#include <array>
#include <string>

#include "planes.h"
#include "stage6_render/scaler_cache.h"

namespace smartcrop {

// Samples [left, right) x [top, bottom) of a plane.
struct Rectangle {
  int left = 0, top = 0, right = 0, bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

// The part of a plane; which lies inside of it.
Plane part_of(const Plane& plane, const Rectangle& part, int sample_bytes);

class Padder {
 public:
  // kind: blur, colour or edge; colour: as parse_colour() takes it.
  Padder(const smartcrop_stream& stream, Size output, const std::string& kind,
         const std::string& colour);

  // Fills what of a plane (or of one field of it) lies outside of inner, where the window is
  // already.
  void fill(int plane, const Plane& whole, const Rectangle& inner);

 private:
  enum class Kind { kBlur, kColour, kEdge };

  void fill_blur(int plane, const Plane& whole, const Rectangle& inner);
  void fill_edge(const Plane& whole, const Rectangle& inner, const Rectangle& bar);
  Size small_size(Size samples, Size whole, double side) const;

  Kind kind_ = Kind::kBlur;
  int depth_;
  int sample_bytes_;
  int alpha_plane_;  // -1: none
  Size output_;
  std::array<double, 4> colour_, black_;
  ScalerCache scalers_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_PAD_H_
