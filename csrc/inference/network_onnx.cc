// SPDX-License-Identifier: MIT
#include "inference/network_onnx.h"

#if SMARTCROP_HAS_ONNXRUNTIME

#include <algorithm>
#include <iterator>
#include <utility>

#include "error.h"

namespace smartcrop {
namespace {

ModelMetadata metadata_of(const OnnxSession& session, ModelKind kind, const std::string& subject) {
  ModelMetadata metadata = parse_model_metadata(session.properties(), subject);
  if (metadata.kind == kind) return metadata;
  throw Error(SMARTCROP_ERROR_MODEL, subject + ": it answers " + answer_of(metadata.kind) +
                                         ", not " + answer_of(kind) + "; give it as " +
                                         option_of(metadata.kind) + "= instead");
}

}  // namespace

size_t count_of(const TensorShape& shape) {
  size_t count = 1;
  for (const int64_t size : shape) count *= static_cast<size_t>(size);
  return count;
}

OnnxNetwork::OnnxNetwork(const OrtRuntime& runtime, const ModelSource& source, ModelKind kind,
                         OnnxSession::Device device, int threads)
    : subject_(source.subject),
      session_(runtime, source, device, threads),
      metadata_(metadata_of(session_, kind, subject_)),
      binding_(bind_model(metadata_, session_.signature(), subject_)),
      output_names_(binding_.answers),
      picture_tensor_(nullptr, runtime.api->ReleaseValue) {
  prepare_tables();
  const Size size = metadata_.input.size;
  const TensorShape shape{1, 3, size.height, size.width};
  picture_.resize(count_of(shape));
  picture_tensor_ = session_.tensor(picture_.data(), picture_.size(), shape);
  input_names_.push_back(binding_.image);
  for (const ModelBinding::State& state : binding_.state) {
    input_names_.push_back(state.input);
    output_names_.push_back(state.output);
    zeros_.emplace_back(count_of(state.shape), 0.0f);
  }
  reset_state();
}

void OnnxNetwork::prepare_tables() {
  const ModelInput& input = metadata_.input;
  for (size_t channel = 0; channel < 3; ++channel) {
    for (size_t sample = 0; sample < 256; ++sample) {
      const double value = static_cast<double>(sample) * input.range / 255;
      tables_[channel][sample] =
          static_cast<float>((value - input.mean[channel]) / input.std[channel]);
    }
  }
}

void OnnxNetwork::reset_state() {
  state_.clear();
  for (size_t i = 0; i < zeros_.size(); ++i) {
    state_.push_back(session_.tensor(zeros_[i].data(), zeros_[i].size(), binding_.state[i].shape));
  }
}

void OnnxNetwork::fill_picture(const Proxy& rgb) {
  const Size size = metadata_.input.size;
  const size_t count = picture_.size() / 3;
  if (rgb.width != size.width || rgb.height != size.height) {
    throw Error(SMARTCROP_ERROR_INTERNAL, "the network got a picture of another size");
  }
  for (size_t channel = 0; channel < 3; ++channel) {
    const std::vector<uint8_t>& plane = rgb.planes[metadata_.input.bgr ? 2 - channel : channel];
    const std::array<float, 256>& table = tables_[channel];
    std::transform(plane.begin(), plane.begin() + static_cast<ptrdiff_t>(count),
                   picture_.begin() + static_cast<ptrdiff_t>(channel * count),
                   [&](uint8_t sample) { return table[sample]; });
  }
}

Proxy OnnxNetwork::grey_picture() const {
  Proxy grey;
  grey.width = metadata_.input.size.width;
  grey.height = metadata_.input.size.height;
  for (auto& plane : grey.planes) plane.assign(picture_.size() / 3, 128);
  return grey;
}

// The runtime compares what goes in with what the file declares; an output of open size that does
// not fit its input would fail a run later and in less clear words.
void OnnxNetwork::check_state(const Outputs& outputs) const {
  for (size_t i = 0; i < binding_.state.size(); ++i) {
    const ModelBinding::State& state = binding_.state[i];
    if (contents(outputs[binding_.answers.size() + i]).shape != state.shape) {
      throw Error(SMARTCROP_ERROR_MODEL, subject_ + ": state output \"" + state.output +
                                             "\" came in another size than its input \"" +
                                             state.input + "\"");
    }
  }
}

OnnxNetwork::Outputs OnnxNetwork::run(const Proxy& rgb) {
  fill_picture(rgb);
  std::vector<const OrtValue*> inputs{picture_tensor_.get()};
  for (const auto& value : state_) inputs.push_back(value.get());
  Outputs outputs = session_.run(input_names_, inputs, output_names_);
  check_state(outputs);
  return outputs;
}

void OnnxNetwork::carry(Outputs outputs) {
  const auto first = outputs.begin() + static_cast<ptrdiff_t>(binding_.answers.size());
  state_.assign(std::make_move_iterator(first), std::make_move_iterator(outputs.end()));
}

}  // namespace smartcrop

#endif  // SMARTCROP_HAS_ONNXRUNTIME
