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
  double overlap = 0.45;     // share of their union from which the lower of two boxes goes
  std::vector<SubjectKind> kinds{SubjectKind::kSubject};  // one for all classes, or one for each
  std::vector<std::string> names;                         // of the classes; empty: they have none
  double weight = 1;
  bool required = false;

  SubjectKind kind_of(int label) const;
  bool wants(int label) const;
};

// An output of the network, borrowed.
struct BoxTensor {
  std::string name;
  const float* values = nullptr;
  std::vector<int64_t> shape;
};

// What a tracker may still join to what it knows already: boxes of a lower score are never handed
// over, unless the format's own threshold is lower. On the training clips ids hold longer with 0.05
// than with 0.1 (box_tracker.h).
constexpr double kLeastScore = 0.05;

// All boxes of that score or more, with class, kind and score, in shares of the input and clipped
// to it, in the tensors' order; whatever overlaps. Of a place with scores for several classes: the
// best of the wanted classes, and the best of the others. tensors: in the order of format.outputs.
// Throws Error(ERROR_MODEL) where a tensor is not of the layout's shape; values that are not finite
// make no box.
std::vector<Subject> decode_boxes(const BoxFormat& format, Size input,
                                  const std::vector<BoxTensor>& tensors,
                                  const std::string& subject);

// Of such boxes those of the wanted classes with at least that score, best first, without those
// that overlap a better one; a face hides no body, and no body a face. Of those above the format's
// threshold at most kMostSubjects, and as many below it.
constexpr size_t kMostSubjects = 32;
std::vector<Subject> best_boxes(const BoxFormat& format, std::vector<Subject> found, double least);

// Faces and what is no face are never taken for one another.
bool is_face(const Subject& subject);

// Intersection over union; 0 if the boxes do not touch.
double overlap_of(const Box& a, const Box& b);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_BOX_DECODER_H_
