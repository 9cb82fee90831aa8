// SPDX-License-Identifier: MIT
// Checks that a model's tensors are what its metadata says. So a wrong file fails when it is
// opened, with a sentence about the file. Knows nothing of the runtime.
#ifndef SMARTCROP_INFERENCE_MODEL_SIGNATURE_H_
#define SMARTCROP_INFERENCE_MODEL_SIGNATURE_H_

#include <string>
#include <vector>

#include "inference/model_metadata.h"

namespace smartcrop {

using TensorShape = std::vector<int64_t>;  // below 0: any size

struct TensorInfo {
  std::string name;
  std::string type;  // float32, float16, int64, ...
  TensorShape shape;
};

struct ModelSignature {
  std::vector<TensorInfo> inputs, outputs;
};

// Which tensor is the picture, the answer and the state.
struct ModelBinding {
  std::string image;  // input
  std::vector<std::string>
      answers;  // outputs: the map, or the tensors that the boxes are read from
  struct State {
    std::string input, output;
    TensorShape shape;
  };
  std::vector<State> state;
};

// A message calls the model `subject`. Throws Error(ERROR_MODEL) that says what is wrong and how to
// mend it.
ModelBinding bind_model(const ModelMetadata& metadata, const ModelSignature& signature,
                        const std::string& subject);

// Of a tensor whose values are read or written: throws Error(ERROR_MODEL) where they are no
// float32. what: "input" or "output".
void check_type(const TensorInfo& tensor, const std::string& what, const std::string& subject);

// Width and height of a map of this shape; a side that may have any size is below 0. Throws
// Error(ERROR_MODEL) if the shape is not a grid of one channel: [h, w], [1, h, w] or [1, 1, h, w],
// with at least 2 cells a side.
Size map_size(const TensorShape& shape, const std::string& name, const std::string& subject);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_MODEL_SIGNATURE_H_
