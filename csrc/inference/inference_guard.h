// SPDX-License-Identifier: MIT
// What happens where a network cannot be run, once for all networks.
#ifndef SMARTCROP_INFERENCE_INFERENCE_GUARD_H_
#define SMARTCROP_INFERENCE_INFERENCE_GUARD_H_

#include <functional>
#include <string>

#include "inference/model.h"
#include "log.h"

namespace smartcrop {

// Inference that fails is logged once per run of failures, and once more when it works again. With
// strict it throws.
class InferenceGuard {
 public:
  struct Words {
    std::string name;     // of the network, in the log
    std::string instead;  // what serves while it fails
  };
  // The model is borrowed. Its state is zeroed after a failure, for that may be what made it fail.
  InferenceGuard(PictureModel* model, Words words, bool strict, Log log);

  // Runs it. False where it threw Error(ERROR_MODEL); everything else that it throws goes on.
  bool run(double time_s, const std::function<void()>& inference);
  // The last run failed.
  bool failing() const { return failing_; }

 private:
  PictureModel* model_;
  Words words_;
  bool strict_;
  Log log_;
  bool failing_ = false;
};

// The words of the warning that leaves a network out.
struct LeftOut {
  std::string what;       // is left out
  std::string advice;     // to be rid of the warning
  bool expected = false;  // nobody asked for the network, so that this is no warning
};

// Opens a source that runs a network. Where there is no runtime for it: with strict throws
// RuntimeMissing, else says so in one line and gives nullptr. What is wrong with the network itself
// is always an error.
template <typename Open>
auto open_or_leave_out(const LeftOut& words, bool strict, const Log& log, Open open)
    -> decltype(open()) {
  try {
    return open();
  } catch (const RuntimeMissing& missing) {
    if (strict) throw;
    const std::string line = words.what + ": " + missing.what() + "; " + words.advice;
    words.expected ? log.info(line) : log.warning(line);
    return nullptr;
  }
}

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_INFERENCE_GUARD_H_
