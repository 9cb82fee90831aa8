// SPDX-License-Identifier: MIT
// Resamples a rectangle of one plane, whatever its address, stride and position.
//
// Planes are scaled one by one, as grey pictures: so odd sides, any subsampling, alpha and fields
// need no cases of their own, and the phase of chroma is the caller's to say.
#ifndef SMARTCROP_PICTURE_PLANE_SCALER_H_
#define SMARTCROP_PICTURE_PLANE_SCALER_H_

#include <memory>

#include "choices.h"
#include "picture/planes.h"
#include "picture/zimg_graph.h"

namespace smartcrop {

// A rectangle in samples: sample i covers [i, i + 1).
struct Region {
  double left = 0, top = 0, width = 0, height = 0;
};

// Everything about the work but where in the plane it is done.
struct ScaleShape {
  int depth = 8;  // 8 to 16, 32: float
  ScaleFilter filter = ScaleFilter::kBilinear;
  Size source;    // samples that are read
  Region region;  // within them, becomes the target
  Size target;

  bool operator==(const ScaleShape& other) const;
};

struct Origin {
  int x = 0, y = 0;
};

// The shape that reads all of a plane, and mirrors it where region leaves it.
ScaleShape whole_plane(int depth, ScaleFilter filter, Size plane, const Region& region,
                       Size target);

// The shape that reads the samples that region needs and no others, and where they begin: regions
// that differ by whole samples have one shape. Origins may lie outside of the plane.
ScaleShape window_of_plane(int depth, ScaleFilter filter, const Region& region, Size target,
                           Origin* origin);

// Memory that scalers share; one for each thread.
struct ScaleScratch {
  AlignedBuffer graph, input, output;
};

class PlaneScaler {
 public:
  explicit PlaneScaler(const ScaleShape& shape);

  const ScaleShape& shape() const { return shape_; }
  // Reads shape().source samples from origin on; where they lie outside of the plane, its edge
  // stands in for them. A region on whole samples that needs no scaling is copied bit by bit.
  void run(const ConstPlane& source, Origin origin, const Plane& target,
           ScaleScratch* scratch) const;

 private:
  struct Unpacker;
  struct Packer;

  bool is_copy() const;
  // The plane itself where zimg can read (write) it, else a ring and the callback that feeds it.
  zimg_image_buffer_const input(bool inside, Unpacker* unpacker, ZimgGraph::Callback* unpack,
                                ScaleScratch* scratch) const;
  zimg_image_buffer output(Packer* packer, ZimgGraph::Callback* pack, ScaleScratch* scratch) const;

  ScaleShape shape_;
  int sample_bytes_;
  std::unique_ptr<ZimgGraph> graph_;  // none where the samples are only copied
};

}  // namespace smartcrop

#endif  // SMARTCROP_PICTURE_PLANE_SCALER_H_
