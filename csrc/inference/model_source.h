// SPDX-License-Identifier: MIT
// Where a network comes from: the library itself, or a file. Knows nothing of the runtime.
#ifndef SMARTCROP_INFERENCE_MODEL_SOURCE_H_
#define SMARTCROP_INFERENCE_MODEL_SOURCE_H_

#include <cstddef>
#include <string>

namespace smartcrop {

struct ModelSource {
  std::string subject;          // what a message calls it: "model a.onnx", "built-in model center"
  std::string path;             // of a file; empty: built in
  const void* bytes = nullptr;  // an ONNX file in the library's own memory; nullptr: a file
  size_t size = 0;
};

// Names of the built-in models, in order; nullptr past the end.
const char* builtin_model_at(int index);

// What the option `model` means. A built-in name wins over a file of that name ("./saliency" is the
// file). Throws Error(ERROR_MODEL) where it is neither a name nor a file that can be read, since no
// installation of a runtime would mend that.
ModelSource find_model(const std::string& name);
// The file that the option `boxes` names; there are no built-in ones.
ModelSource find_box_model(const std::string& path);
// What the option `tracker` means, and the file of this name beside it that makes its features.
ModelSource find_tracker(const std::string& name);
ModelSource find_trunk(const ModelSource& tracker, const std::string& file);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_MODEL_SOURCE_H_
