// SPDX-License-Identifier: MIT
// What is shown beside a window that does not fill the output picture.
#ifndef SMARTCROP_STAGE6_RENDER_PAD_H_
#define SMARTCROP_STAGE6_RENDER_PAD_H_

#include <array>

#include "choices.h"
#include "option_kinds.h"
#include "picture/planes.h"
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
  // colour: of PadKind::kColour.
  Padder(const smartcrop_stream& stream, Size output, PadKind kind, const Colour& colour);

  // Fills what of a plane (or of one field of it) lies outside of inner, where the window is
  // already.
  void fill(int plane, const Plane& whole, const Rectangle& inner);

 private:
  void fill_blur(int plane, const Plane& whole, const Rectangle& inner);
  void fill_edge(const Plane& whole, const Rectangle& inner, const Rectangle& bar);
  Size small_size(Size samples, Size whole, double side) const;

  PadKind kind_;
  int depth_;
  int sample_bytes_;
  int alpha_plane_;  // -1: none
  Size output_;
  std::array<double, 4> colour_, black_;
  ScalerCache scalers_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_PAD_H_
