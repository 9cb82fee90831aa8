// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "error.h"
#include "stage2_evidence/heatmap.h"
#include "stage2_evidence/model.h"
#include "stage2_evidence/model_source.h"
#include "stage2_evidence/session_onnx.h"

#if SMARTCROP_HAS_ONNXRUNTIME

namespace smartcrop {
namespace {

using Device = OnnxSession::Device;

size_t count_of(const TensorShape& shape) {
  size_t count = 1;
  for (const int64_t size : shape) count *= static_cast<size_t>(size);
  return count;
}

class OnnxModel : public Model {
 public:
  OnnxModel(const OrtRuntime& runtime, const ModelSource& source, Device device, int threads);

  Size input_size() const override { return metadata_.input.size; }
  ModelFit fit() const override { return metadata_.input.fit; }
  uint8_t pad_value() const override { return metadata_.input.pad_value; }
  HeatMap run(const Proxy& rgb) override;
  void reset_state() override;

  // Runs it once on an even picture, since a runtime or device may accept a network that it cannot
  // run and the shapes of outputs may only then be known.
  void try_out();
  const ModelMetadata& metadata() const { return metadata_; }

 private:
  void prepare_tables();
  void fill_picture(const Proxy& rgb);
  void check_state(const std::vector<OnnxSession::Value>& outputs) const;
  HeatMap run_once(const Proxy& rgb, bool must_be_finite);

  std::string subject_;
  OnnxSession session_;
  ModelMetadata metadata_;
  ModelBinding binding_;
  std::vector<std::string> input_names_, output_names_;  // picture or map first, then the state
  std::array<std::array<float, 256>, 3> tables_;         // sample to tensor value, per channel
  std::vector<float> picture_;
  OnnxSession::Value picture_tensor_;
  std::vector<std::vector<float>> zeros_;  // one for each state
  std::vector<OnnxSession::Value> state_;  // what the next run gets
};

OnnxModel::OnnxModel(const OrtRuntime& runtime, const ModelSource& source, Device device,
                     int threads)
    : subject_(source.subject),
      session_(runtime, source, device, threads),
      metadata_(parse_model_metadata(session_.properties(), subject_)),
      binding_(bind_model(metadata_, session_.signature(), subject_)),
      picture_tensor_(nullptr, runtime.api->ReleaseValue) {
  prepare_tables();
  const Size size = metadata_.input.size;
  const TensorShape shape{1, 3, size.height, size.width};
  picture_.resize(count_of(shape));
  picture_tensor_ = session_.tensor(picture_.data(), picture_.size(), shape);
  input_names_.push_back(binding_.image);
  output_names_.push_back(binding_.map);
  for (const ModelBinding::State& state : binding_.state) {
    input_names_.push_back(state.input);
    output_names_.push_back(state.output);
    zeros_.emplace_back(count_of(state.shape), 0.0f);
  }
  reset_state();
}

void OnnxModel::prepare_tables() {
  const ModelInput& input = metadata_.input;
  for (size_t channel = 0; channel < 3; ++channel) {
    for (size_t sample = 0; sample < 256; ++sample) {
      const double value = static_cast<double>(sample) * input.range / 255;
      tables_[channel][sample] =
          static_cast<float>((value - input.mean[channel]) / input.std[channel]);
    }
  }
}

void OnnxModel::reset_state() {
  state_.clear();
  for (size_t i = 0; i < zeros_.size(); ++i) {
    state_.push_back(session_.tensor(zeros_[i].data(), zeros_[i].size(), binding_.state[i].shape));
  }
}

void OnnxModel::fill_picture(const Proxy& rgb) {
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

// The runtime compares what goes in with what the file declares; an output of open size that does
// not fit its input would fail a run later and in less clear words.
void OnnxModel::check_state(const std::vector<OnnxSession::Value>& outputs) const {
  for (size_t i = 0; i < binding_.state.size(); ++i) {
    const ModelBinding::State& state = binding_.state[i];
    if (session_.contents(outputs[i + 1].get()).shape != state.shape) {
      throw Error(SMARTCROP_ERROR_MODEL, subject_ + ": state output \"" + state.output +
                                             "\" came in another size than its input \"" +
                                             state.input + "\"");
    }
  }
}

HeatMap OnnxModel::run_once(const Proxy& rgb, bool must_be_finite) {
  fill_picture(rgb);
  std::vector<const OrtValue*> inputs{picture_tensor_.get()};
  for (const auto& value : state_) inputs.push_back(value.get());
  std::vector<OnnxSession::Value> outputs = session_.run(input_names_, inputs, output_names_);
  check_state(outputs);
  const OnnxSession::Contents map = session_.contents(outputs.front().get());
  const Size size = map_size(map.shape, binding_.map, subject_);
  const bool finite = std::all_of(map.values, map.values + count_of(map.shape),
                                  [](float value) { return std::isfinite(value); });
  if (!finite && !must_be_finite) return HeatMap();
  if (!finite) {
    throw Error(SMARTCROP_ERROR_MODEL,
                subject_ + ": inference failed: its map has values that are not finite");
  }
  state_.assign(std::make_move_iterator(outputs.begin() + 1),
                std::make_move_iterator(outputs.end()));
  return softmax_map(map.values, size);
}

HeatMap OnnxModel::run(const Proxy& rgb) { return run_once(rgb, /*must_be_finite=*/true); }

void OnnxModel::try_out() {
  Proxy grey;
  grey.width = metadata_.input.size.width;
  grey.height = metadata_.input.size.height;
  for (auto& plane : grey.planes) plane.assign(picture_.size() / 3, 128);
  run_once(grey, /*must_be_finite=*/false);
  reset_state();
}

std::unique_ptr<Model> open_on(const OrtRuntime& runtime, const ModelSource& source, Device device,
                               int threads, const Log& log) {
  auto model = std::make_unique<OnnxModel>(runtime, source, device, threads);
  model->try_out();
  const ModelMetadata& metadata = model->metadata();
  std::string line = source.subject;
  if (!metadata.version.empty()) line += ", version " + metadata.version;
  if (!metadata.trained_on.empty()) line += ", trained on " + metadata.trained_on;
  if (!metadata.licence.empty()) line += ", licence " + metadata.licence;
  line += device == Device::kCuda ? ", on CUDA" : ", on the CPU";
  line += ", ONNX Runtime " + runtime.version;
  std::replace(line.begin(), line.end(), '\n', ' ');
  log.info(line);
  return model;
}

}  // namespace

std::unique_ptr<Model> load_model(const ModelOptions& options, const Log& log) {
  const ModelSource source = find_model(options.name);
  const OrtRuntime& runtime = ort_runtime();
  const bool listed = runtime.has_provider("CUDAExecutionProvider");
  if (options.device == "cuda" && !listed) {
    throw Error(SMARTCROP_ERROR_MODEL, "device=cuda: ONNX Runtime " + runtime.version + " (" +
                                           runtime.file +
                                           ") is built without CUDA; pip install onnxruntime-gpu, "
                                           "or use device=cpu");
  }
  if (options.device == "cuda") {
    try {
      return open_on(runtime, source, Device::kCuda, options.threads, log);
    } catch (const Error& error) {
      throw Error(error.status(),
                  std::string("device=cuda: ") + error.what() +
                      "; CUDA and cuDNN have to be installed where the loader finds "
                      "them (LD_LIBRARY_PATH), or use device=cpu");
    }
  }
  if (options.device == "auto" && listed) {
    try {
      return open_on(runtime, source, Device::kCuda, options.threads, log);
    } catch (const Error& error) {
      if (error.status() != SMARTCROP_ERROR_MODEL) throw;
      log.info(std::string("device=auto: the CPU it is, since ") + error.what());
    }
  }
  return open_on(runtime, source, Device::kCpu, options.threads, log);
}

}  // namespace smartcrop

#else

namespace smartcrop {

std::unique_ptr<Model> load_model(const ModelOptions& options, const Log&) {
  find_model(options.name);
  throw RuntimeMissing(describe_runtime());
}

}  // namespace smartcrop

#endif
