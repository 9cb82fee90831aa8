// SPDX-License-Identifier: MIT
// A trained network in a file that describes itself. The only room behind which an inference
// runtime stands: model_onnx.cc.
#ifndef SMARTCROP_STAGE2_EVIDENCE_MODEL_H_
#define SMARTCROP_STAGE2_EVIDENCE_MODEL_H_

#include <memory>
#include <string>

#include "log.h"
#include "types.h"

namespace smartcrop {

struct ModelOptions {
  std::string path;
  std::string device = "auto";  // auto, cpu or cuda
  int threads = 1;
};

class Model {
 public:
  virtual ~Model() = default;
  // The picture that run() wants: R, G, B, 8 bit, of this size.
  virtual Size input_size() const = 0;
  // Answers a map at the network's own resolution, softmax taken, with its confidence. Throws
  // Error(ERROR_MODEL) when inference fails.
  virtual HeatMap run(const Proxy& rgb) = 0;
  // Zeroes the state that a recurrent network carries from call to call.
  virtual void reset_state() = 0;
};

// Throws Error(ERROR_MODEL) with a sentence that names the file and what is wrong with it, or what
// was tried to find the runtime and what to install.
std::unique_ptr<Model> load_model(const ModelOptions& options, const Log& log);

// One line for smartcrop_runtime_info().
std::string describe_runtime();

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_MODEL_H_
