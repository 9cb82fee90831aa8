// SPDX-License-Identifier: MIT
// Turns the tensors of a detector into boxes. Knows nothing of the runtime.
#ifndef SMARTCROP_INFERENCE_BOX_DECODER_H_
#define SMARTCROP_INFERENCE_BOX_DECODER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "types.h"

namespace smartcrop {

// How a network writes its boxes (python/docs/models.md).
enum class BoxLayout {
  kYolox,  // rows of centre, size, object score and a score for each class, all strides in one
  kYunet,  // for each stride: class scores, object scores, and rows of centre and size
  kXyxy    // rows of left, top, right, bottom, score and, where there is a sixth, class
};

struct BoxFormat {
  BoxLayout layout = BoxLayout::kXyxy;
  std::vector<std::string> outputs;  // empty: the only one
  std::vector<int> strides{8, 16, 32};
  bool decoded = false;      // kYolox: pixels already, no offsets from the cells of a grid
  bool normalised = false;   // kXyxy: shares of the input, not its pixels
  std::vector<int> classes;  // wanted; empty: all
  double threshold = 0.5;    // of the score
  double overlap = 0.45;     // IoU above which the box with the lower score is dropped
  RegionKind kind = RegionKind::kSubject;
  double weight = 1;
  bool required = false;
};

struct Detection {
  Box box;  // shares of the network's input
  float score = 0;
};

// An output of the network, borrowed.
struct BoxTensor {
  std::string name;
  const float* values = nullptr;
  std::vector<int64_t> shape;
};

// The boxes of the wanted classes whose score is above the threshold, best first. A box that
// overlaps a better one is dropped. Boxes are clipped to the input, and there are at most
// kMostDetections. The tensors come in the order of format.outputs. Throws Error(ERROR_MODEL) if a
// tensor is not of the layout's shape. Values that are not finite make no box.
constexpr size_t kMostDetections = 32;
std::vector<Detection> decode_boxes(const BoxFormat& format, Size input,
                                    const std::vector<BoxTensor>& tensors,
                                    const std::string& subject);

// Intersection over union; 0 if the boxes do not touch.
double overlap_of(const Box& a, const Box& b);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_BOX_DECODER_H_
