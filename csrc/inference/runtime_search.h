// SPDX-License-Identifier: MIT
// Where an ONNX Runtime may be. Only names of files: nothing is opened here.
#ifndef SMARTCROP_INFERENCE_RUNTIME_SEARCH_H_
#define SMARTCROP_INFERENCE_RUNTIME_SEARCH_H_

#include <string>
#include <vector>

namespace smartcrop {

struct RuntimeSearch {
  std::vector<std::string> files;   // to open, best first; a name without a slash is the loader's
  std::vector<std::string> places;  // where it looked, for a message
};

// The value of SMARTCROP_ONNXRUNTIME; empty where it is not set.
std::string chosen_runtime();

// With `chosen` (a library, or a folder that holds one or the wheel of one) that place alone: who
// names a runtime does not want another. Without: the wheel in the site-packages that this library
// is installed in, then of $VIRTUAL_ENV, then the system's libraries.
RuntimeSearch search_runtime(const std::string& chosen);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_RUNTIME_SEARCH_H_
