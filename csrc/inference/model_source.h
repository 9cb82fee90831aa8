// SPDX-License-Identifier: MIT
// Where a network comes from: the library itself, a file, or the user's networks. Knows nothing of
// the runtime.
#ifndef SMARTCROP_INFERENCE_MODEL_SOURCE_H_
#define SMARTCROP_INFERENCE_MODEL_SOURCE_H_

#include <cstddef>
#include <string>

#include "inference/model.h"

namespace smartcrop {

struct ModelSource {
  std::string subject;          // what a message calls it: "model a.onnx", "built-in model center"
  std::string path;             // of a file; empty: built in
  const void* bytes = nullptr;  // an ONNX file in the library's own memory; nullptr: a file
  size_t size = 0;
};

// Names of the built-in models, in order; nullptr past the end.
const char* builtin_model_at(int index);

// What the option for networks of a kind means. A built-in name wins over a file of that name
// ("./saliency" is the file). A name without a slash that is no file is that of one of the user's
// networks, NAME.onnx in their folder. Throws Error(ERROR_MODEL) where it is neither, where the
// file cannot be read, or where the built-in model is of another kind, since no installation of a
// runtime would mend that.
ModelSource find_model(ModelKind kind, const std::string& name);
// The file of this name that makes the features for a tracker; it lies beside the tracker's.
ModelSource find_trunk(const ModelSource& tracker, const std::string& file);

// The folder of the user's networks: $SMARTCROP_MODELS, else smartcrop/models in $XDG_CACHE_HOME or
// ~/.cache; empty where there is no home. python/smartcrop/models/zoo.py fetches into it.
std::string models_folder();

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_MODEL_SOURCE_H_
