// SPDX-License-Identifier: MIT
// The kinds of networks, as files and messages call them.
#ifndef SMARTCROP_INFERENCE_MODEL_KINDS_H_
#define SMARTCROP_INFERENCE_MODEL_KINDS_H_

#include <optional>
#include <string>

#include "inference/model.h"

namespace smartcrop {

// The kind that a file calls so in smartcrop.kind; nothing for a word that is none.
std::optional<ModelKind> kind_named(const std::string& name);
// All these words, quoted.
std::string kind_names();
// The option that takes networks of a kind, and what they answer.
const char* option_of(ModelKind kind);
const char* answer_of(ModelKind kind);

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_MODEL_KINDS_H_
