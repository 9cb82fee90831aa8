// SPDX-License-Identifier: MIT
// A network that describes itself, opened in ONNX Runtime: pictures in, tensors out, the state
// carried in between. What the tensors mean is its user's business.
#ifndef SMARTCROP_INFERENCE_NETWORK_ONNX_H_
#define SMARTCROP_INFERENCE_NETWORK_ONNX_H_

#include "inference/session_onnx.h"

#if SMARTCROP_HAS_ONNXRUNTIME

#include <string>
#include <vector>

#include "inference/model_metadata.h"
#include "inference/model_signature.h"
#include "inference/model_source.h"
#include "inference/picture_values.h"

namespace smartcrop {

class OnnxNetwork {
 public:
  // Throws Error(ERROR_MODEL) where the file is no network of this kind that can be run.
  OnnxNetwork(const OrtRuntime& runtime, const ModelSource& source, ModelKind kind,
              OnnxSession::Device device, int threads);

  const std::string& subject() const { return subject_; }
  const ModelMetadata& metadata() const { return metadata_; }
  const ModelBinding& binding() const { return binding_; }

  // The answers in the binding's order, then the new state, which carry() keeps.
  using Outputs = std::vector<OnnxSession::Value>;
  Outputs run(const Proxy& rgb);
  void carry(Outputs outputs);
  void reset_state();
  OnnxSession::Contents contents(const OnnxSession::Value& value) const {
    return session_.contents(value.get());
  }

 private:
  void fill_picture(const Proxy& rgb);
  void check_state(const Outputs& outputs) const;

  std::string subject_;
  OnnxSession session_;
  ModelMetadata metadata_;
  ModelBinding binding_;
  std::vector<std::string> input_names_, output_names_;  // picture or answers first, then the state
  PictureValues values_;
  std::vector<float> picture_;
  OnnxSession::Value picture_tensor_;
  std::vector<std::vector<float>> zeros_;  // one for each state
  std::vector<OnnxSession::Value> state_;  // what the next run gets
};

// Values in a tensor of this shape.
size_t count_of(const TensorShape& shape);

}  // namespace smartcrop

#endif  // SMARTCROP_HAS_ONNXRUNTIME

#endif  // SMARTCROP_INFERENCE_NETWORK_ONNX_H_
