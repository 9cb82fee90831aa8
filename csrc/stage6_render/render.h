// SPDX-License-Identifier: MIT
// A window out of a full-size frame: copied where it falls on whole samples, resampled where not,
// padded where it does not fill the output.
#ifndef SMARTCROP_STAGE6_RENDER_RENDER_H_
#define SMARTCROP_STAGE6_RENDER_RENDER_H_

#include <memory>
#include <string>

#include "types.h"

namespace smartcrop {

struct Window {
  double x = 0, y = 0, width = 0, height = 0;  // source pixels
};

struct RenderOptions {
  std::string scaler = "spline36";  // bilinear, bicubic, lanczos or spline36
  std::string pad = "blur";         // blur, colour or edge
  std::string pad_colour = "black";
  // Width over height, in source pixels, of a window that fills the output; 0: the output's own.
  double shape = 0;
};

// A window of another shape than the output's is fitted into it, and the rest is padded.
class Renderer {
 public:
  Renderer(const smartcrop_stream& stream, Size output, const RenderOptions& options);
  ~Renderer();

  // True where the window is the output sample by sample on every plane; then its top left.
  // (For interlaced frames also only where it keeps the fields apart.)
  bool is_exact(const Window& window, int* x, int* y) const;

  void render(const Window& window, const smartcrop_frame& frame, const smartcrop_picture& picture);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE6_RENDER_RENDER_H_
