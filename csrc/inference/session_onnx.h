// SPDX-License-Identifier: MIT
// One network opened in ONNX Runtime: where it runs, what it is made of, one run. No more than the
// C interface's calls in the words of model_signature.h.
#ifndef SMARTCROP_INFERENCE_SESSION_ONNX_H_
#define SMARTCROP_INFERENCE_SESSION_ONNX_H_

#include "inference/runtime_onnx.h"

#if SMARTCROP_HAS_ONNXRUNTIME

#include <map>
#include <string>
#include <vector>

#include "inference/model_signature.h"
#include "inference/model_source.h"

namespace smartcrop {

class OnnxSession {
 public:
  enum class Device { kCpu, kCuda };
  using Value = OrtOwned<OrtValue>;

  // Throws Error(ERROR_MODEL) where it is no model that the runtime can run on the device.
  OnnxSession(const OrtRuntime& runtime, const ModelSource& source, Device device, int threads);

  ModelSignature signature() const;
  std::map<std::string, std::string> properties() const;  // the file's metadata_props

  // A tensor on memory that outlives it.
  Value tensor(float* values, size_t count, const TensorShape& shape) const;
  // Runs the network; outputs come in the order of their names.
  std::vector<Value> run(const std::vector<std::string>& input_names,
                         const std::vector<const OrtValue*>& inputs,
                         const std::vector<std::string>& output_names);

  // What lies in a tensor of floats, borrowed.
  struct Contents {
    const float* values;
    TensorShape shape;
  };
  Contents contents(OrtValue* value) const;

 private:
  void choose_cuda(OrtSessionOptions* options) const;
  TensorInfo describe(const OrtTypeInfo* type, const std::string& name) const;
  std::string take_text(char* text) const;

  const OrtRuntime& runtime_;
  std::string subject_;
  OrtAllocator* allocator_ = nullptr;  // the runtime's own, not ours to free
  OrtOwned<OrtMemoryInfo> memory_;
  OrtOwned<OrtSession> session_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_HAS_ONNXRUNTIME

#endif  // SMARTCROP_INFERENCE_SESSION_ONNX_H_
