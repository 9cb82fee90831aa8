// SPDX-License-Identifier: MIT
// What a model file says about itself, as text in its metadata_props, read and checked: the manual,
// python/docs/models.md, lists it.
// Knows nothing of the runtime.
#ifndef SMARTCROP_INFERENCE_MODEL_METADATA_H_
#define SMARTCROP_INFERENCE_MODEL_METADATA_H_

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "inference/box_decoder.h"
#include "inference/model.h"

namespace smartcrop {

// The picture a model wants. A value of the tensor is
// (sample * range / 255 - mean) / std, mean and std in the order of the tensor's channels.
struct ModelInput {
  std::string name;
  Size size;
  bool bgr = false;
  double range = 255;
  std::array<double, 3> mean{0, 0, 0};
  std::array<double, 3> std{1, 1, 1};
  ModelFit fit = ModelFit::kStretch;
  uint8_t pad_value = 0;
};

struct ModelMetadata {
  ModelKind kind = ModelKind::kHeatmap;
  ModelInput input;
  BoxFormat boxes;                                         // where that is the kind
  TrackerFormat tracker;                                   // where that is the kind
  std::string output;                                      // the map; empty: the only one
  std::vector<std::pair<std::string, std::string>> state;  // input, output
  std::string licence, trained_on, version;                // free text, may be empty
};

// properties: the file's metadata_props. subject: what a message calls the model. Throws
// Error(ERROR_MODEL) naming it and the key.
ModelMetadata parse_model_metadata(const std::map<std::string, std::string>& properties,
                                   const std::string& subject);

// Throws Error(ERROR_MODEL) where a network of another kind was wanted.
void check_kind(const ModelMetadata& metadata, ModelKind wanted, const std::string& subject);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_MODEL_METADATA_H_
