// SPDX-License-Identifier: MIT
// Draws a window of a full-size frame. It is copied if it falls on whole samples, else resampled.
// It is padded if it does not fill the output.
#ifndef SMARTCROP_STAGE6_RENDER_RENDER_H_
#define SMARTCROP_STAGE6_RENDER_RENDER_H_

#include <memory>

#include "choices.h"
#include "option_kinds.h"
#include "types.h"

namespace smartcrop {

struct RenderOptions {
  ScaleFilter scaler = ScaleFilter::kSpline36;
  PadKind pad = PadKind::kBlur;
  Colour pad_colour = {0, 0, 0};
  // Width over height, in source pixels, of a window that fills the output; 0: the output's own.
  double shape = 0;
};

// A window of another shape than the output's is fitted into it, and the rest is padded.
class Renderer {
 public:
  Renderer(const smartcrop_stream& stream, Size output, const RenderOptions& options);
  ~Renderer();

  // True if the window is the output, sample by sample, on every plane. Then x and y are its top
  // left. A window of an interlaced frame has to keep the fields apart, too.
  bool is_exact(const Window& window, int* x, int* y) const;

  void render(const Window& window, const smartcrop_frame& frame, const smartcrop_picture& picture);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_RENDER_H_
