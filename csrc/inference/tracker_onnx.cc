// SPDX-License-Identifier: MIT
#include "inference/tracker_onnx.h"

#if SMARTCROP_HAS_ONNXRUNTIME

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "error.h"

namespace smartcrop {
namespace {

constexpr int64_t kMostCells = 256;  // of a row

ModelMetadata tracker_metadata(const OnnxSession& head, const std::string& subject) {
  ModelMetadata metadata = parse_model_metadata(head.properties(), subject);
  check_kind(metadata, ModelKind::kTracker, subject);
  return metadata;
}

bool has(const std::vector<TensorInfo>& tensors, const std::string& name) {
  return std::any_of(tensors.begin(), tensors.end(),
                     [&](const TensorInfo& each) { return each.name == name; });
}

float sigmoid(float value) { return 1 / (1 + std::exp(-value)); }

}  // namespace

OnnxTracker::OnnxTracker(const OrtRuntime& runtime, const ModelSource& source,
                         OnnxSession::Device device, int threads)
    : subject_(source.subject),
      head_(runtime, source, device, threads),
      metadata_(tracker_metadata(head_, subject_)),
      trunk_(runtime, find_trunk(source, metadata_.tracker.trunk), device, threads),
      values_(metadata_.input) {
  const ModelSignature trunk = trunk_.signature();
  if (trunk.inputs.size() != 1 || trunk.outputs.size() != 1) {
    fail("its trunk " + metadata_.tracker.trunk + " has other than one input and one output");
  }
  check_type(trunk.inputs[0], "its trunk's input", subject_);
  check_type(trunk.outputs[0], "its trunk's output", subject_);
  picture_name_ = trunk.inputs[0].name;
  features_name_ = trunk.outputs[0].name;
  check_names();
}

void OnnxTracker::fail(const std::string& problem) const {
  throw Error(SMARTCROP_ERROR_MODEL, subject_ + ": " + problem);
}

void OnnxTracker::check_names() const {
  const ModelSignature head = head_.signature();
  for (const std::string& name : format().inputs) {
    if (!has(head.inputs, name))
      fail("it has no input \"" + name + "\"; name them in smartcrop.tracker");
  }
  for (const std::string& name : format().outputs) {
    if (!has(head.outputs, name)) {
      fail("it has no output \"" + name + "\"; name them in smartcrop.tracker");
    }
  }
  if (head.inputs.size() != 2) fail("it has other than two inputs, the features of two pictures");
  for (const TensorInfo& each : head.inputs) check_type(each, "input", subject_);
  for (const TensorInfo& each : head.outputs) check_type(each, "output", subject_);
}

OnnxSession::Value OnnxTracker::features_of(const Proxy& rgb) {
  values_.fill(rgb, &picture_);
  const OnnxSession::Value picture =
      trunk_.tensor(picture_.data(), picture_.size(), {1, 3, rgb.height, rgb.width});
  return std::move(trunk_.run({picture_name_}, {picture.get()}, {features_name_}).front());
}

TrackerMemory OnnxTracker::remember(const Proxy& rgb) {
  const OnnxSession::Value features = features_of(rgb);
  const OnnxSession::Contents contents = trunk_.contents(features.get());
  size_t count = 1;
  for (const int64_t side : contents.shape) count *= static_cast<size_t>(side);
  return {{contents.values, contents.values + count}, contents.shape};
}

TrackerAnswer OnnxTracker::look(const TrackerMemory& memory, const Proxy& rgb) {
  const OnnxSession::Value search = features_of(rgb);
  std::vector<float> remembered = memory.values;
  const OnnxSession::Value kept = head_.tensor(remembered.data(), remembered.size(), memory.shape);
  const std::vector<OnnxSession::Value> outputs =
      head_.run(format().inputs, {kept.get(), search.get()}, format().outputs);
  const OnnxSession::Contents scores = head_.contents(outputs[0].get());
  const OnnxSession::Contents sides = head_.contents(outputs[1].get());
  const int64_t channels = format().score == ScoreKind::kSoftmax ? 2 : 1;
  const int64_t cells = scores.shape.size() == 4 ? scores.shape[2] : 0;
  if (cells < 2 || cells > kMostCells || scores.shape != TensorShape{1, channels, cells, cells}) {
    fail("its scores are no square grid of " + std::to_string(channels) + " values a cell");
  }
  if (sides.shape != TensorShape{1, 4, cells, cells}) {
    fail("its boxes are not four values for each cell of the scores");
  }
  const auto count = static_cast<size_t>(cells * cells);
  TrackerAnswer answer{static_cast<int>(cells), std::vector<float>(count),
                       std::vector<std::array<float, 4>>(count)};
  for (size_t i = 0; i < count; ++i) {
    const float* const score = scores.values + i;
    bool finite = true;
    for (size_t side = 0; side < 4; ++side) {
      answer.sides[i][side] = sides.values[side * count + i];
      finite = finite && std::isfinite(answer.sides[i][side]);
    }
    float value = score[0];
    if (format().score == ScoreKind::kSigmoid) value = sigmoid(value);
    if (format().score == ScoreKind::kSoftmax) value = sigmoid(score[count] - score[0]);
    answer.scores[i] = finite && std::isfinite(value) ? std::clamp(value, 0.0F, 1.0F) : 0.0F;
  }
  return answer;
}

// Runs it once, since the runtime may accept files that do not fit together.
void OnnxTracker::try_out() {
  const int side = format().template_side;
  look(remember(grey_picture({side, side})), grey_picture(input_size()));
}

}  // namespace smartcrop

#endif  // SMARTCROP_HAS_ONNXRUNTIME
