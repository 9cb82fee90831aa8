// SPDX-License-Identifier: MIT
// Samples of a picture to the values of a network's tensor.
#ifndef SMARTCROP_INFERENCE_PICTURE_VALUES_H_
#define SMARTCROP_INFERENCE_PICTURE_VALUES_H_

#include <array>
#include <vector>

#include "inference/model_metadata.h"

namespace smartcrop {

class PictureValues {
 public:
  explicit PictureValues(const ModelInput& input);

  // Writes the three channels of an R, G, B picture, one after the other, in the network's order.
  void fill(const Proxy& rgb, std::vector<float>* values) const;

 private:
  std::array<std::array<float, 256>, 3> tables_;  // sample to value, for each channel
  bool bgr_;
};

// An even picture, to try a network with.
Proxy grey_picture(Size size);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_PICTURE_VALUES_H_
