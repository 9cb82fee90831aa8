// SPDX-License-Identifier: MIT
#include "inference/inference_guard.h"

#include <utility>

#include "error.h"

namespace smartcrop {

InferenceGuard::InferenceGuard(PictureModel* model, Words words, bool strict, Log log)
    : model_(model), words_(std::move(words)), strict_(strict), log_(log) {}

bool InferenceGuard::run(double time_s, const std::function<void()>& inference) {
  try {
    inference();
  } catch (const Error& error) {
    if (strict_ || error.status() != SMARTCROP_ERROR_MODEL) throw;
    if (!failing_) log_.warning(std::string(error.what()) + "; " + words_.instead);
    failing_ = true;
    model_->reset_state();
    return false;
  }
  if (failing_) log_.info(words_.name + " works again at " + std::to_string(time_s) + " s");
  failing_ = false;
  return true;
}

}  // namespace smartcrop
