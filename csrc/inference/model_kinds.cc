// SPDX-License-Identifier: MIT
#include "inference/model_kinds.h"

#include <algorithm>
#include <iterator>

namespace smartcrop {
namespace {

struct Words {
  ModelKind kind;
  const char *name, *answer, *option;
};
constexpr Words kKinds[] = {
    {ModelKind::kHeatmap, "heatmap", "a heatmap", "model"},
    {ModelKind::kBoxes, "boxes", "boxes", "subjects"},
    {ModelKind::kTracker, "tracker", "where a subject went", "tracker"},
    {ModelKind::kFeatures, "features", "the features of a tracker", "tracker"},
};

const Words& words_of(ModelKind kind) {
  return *std::find_if(std::begin(kKinds), std::end(kKinds),
                       [kind](const Words& each) { return each.kind == kind; });
}

}  // namespace

std::optional<ModelKind> kind_named(const std::string& name) {
  for (const Words& each : kKinds) {
    if (name == each.name) return each.kind;
  }
  return std::nullopt;
}

std::string kind_names() {
  std::string names;
  for (const Words& each : kKinds) {
    names += (names.empty() ? "\"" : ", \"") + std::string(each.name) + "\"";
  }
  return names;
}

const char* option_of(ModelKind kind) { return words_of(kind).option; }

const char* answer_of(ModelKind kind) { return words_of(kind).answer; }

}  // namespace smartcrop
