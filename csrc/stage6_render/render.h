// SPDX-License-Identifier: MIT
// Draws what was decided for a frame, in layers:
//
//   1. the background: what the panes leave free is padded
//   2. the panes: parts of the source, each in its part of the output, the later above the earlier
//
// An effect of a subject's mask would be a third layer. It belongs behind the last pane in
// Renderer::render(), where output and source are both at hand.
#ifndef SMARTCROP_STAGE6_RENDER_RENDER_H_
#define SMARTCROP_STAGE6_RENDER_RENDER_H_

#include <memory>
#include <vector>

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

// A window is one pane: of another shape than the output's, it is fitted into it, and the rest is
// padded. What falls on whole samples is copied.
class Renderer {
 public:
  Renderer(const smartcrop_stream& stream, Size output, const RenderOptions& options);
  ~Renderer();

  // True if the window is the output, sample by sample, on every plane. Then x and y are its top
  // left. A window of an interlaced frame has to keep the fields apart, too. Panes are exact where
  // there is one that fills the output so.
  bool is_exact(const Window& window, int* x, int* y) const;
  bool is_exact(const std::vector<Pane>& panes, int* x, int* y) const;

  void render(const Window& window, const smartcrop_frame& frame, const smartcrop_picture& picture);
  void render(const std::vector<Pane>& panes, const smartcrop_frame& frame,
              const smartcrop_picture& picture);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_RENDER_H_
