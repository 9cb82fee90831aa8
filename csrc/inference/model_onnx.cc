// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <utility>

#include "error.h"
#include "inference/heatmap.h"
#include "inference/model.h"
#include "inference/model_source.h"
#include "inference/network_onnx.h"
#include "inference/tracker_onnx.h"

#if SMARTCROP_HAS_ONNXRUNTIME

namespace smartcrop {
namespace {

using Device = OnnxSession::Device;

// The picture's part of the interface, from the network's metadata.
template <typename Interface>
class OnnxPictureModel : public Interface {
 public:
  OnnxPictureModel(const OrtRuntime& runtime, const ModelSource& source, ModelKind kind,
                   Device device, int threads)
      : network_(runtime, source, kind, device, threads) {}

  Size input_size() const override { return network_.metadata().input.size; }
  ModelFit fit() const override { return network_.metadata().input.fit; }
  uint8_t pad_value() const override { return network_.metadata().input.pad_value; }
  const ModelMetadata& metadata() const { return network_.metadata(); }

 protected:
  OnnxNetwork network_;
};

class OnnxHeatmapModel : public OnnxPictureModel<Model> {
 public:
  OnnxHeatmapModel(const OrtRuntime& runtime, const ModelSource& source, Device device, int threads)
      : OnnxPictureModel(runtime, source, ModelKind::kHeatmap, device, threads) {}

  HeatMap run(const Proxy& rgb) override { return run_once(rgb, /*must_be_finite=*/true); }
  void reset_state() override { network_.reset_state(); }

  // Runs it once on an even picture, since a runtime or device may accept a network that it cannot
  // run and the shapes of outputs may only then be known.
  void try_out() {
    run_once(grey_picture(input_size()), /*must_be_finite=*/false);
    reset_state();
  }

 private:
  HeatMap run_once(const Proxy& rgb, bool must_be_finite);
};

HeatMap OnnxHeatmapModel::run_once(const Proxy& rgb, bool must_be_finite) {
  OnnxNetwork::Outputs outputs = network_.run(rgb);
  const OnnxSession::Contents map = network_.contents(outputs.front());
  const Size size = map_size(map.shape, network_.binding().answers[0], network_.subject());
  const bool finite = std::all_of(map.values, map.values + count_of(map.shape),
                                  [](float value) { return std::isfinite(value); });
  if (!finite && !must_be_finite) return HeatMap();
  if (!finite) {
    throw Error(SMARTCROP_ERROR_MODEL,
                network_.subject() + ": inference failed: its map has values that are not finite");
  }
  HeatMap result = softmax_map(map.values, size);
  network_.carry(std::move(outputs));
  return result;
}

class OnnxBoxModel : public OnnxPictureModel<BoxModel> {
 public:
  OnnxBoxModel(const OrtRuntime& runtime, const ModelSource& source, Device device, int threads)
      : OnnxPictureModel(runtime, source, ModelKind::kBoxes, device, threads) {}

  const BoxFormat& format() const override { return network_.metadata().boxes; }
  std::vector<Subject> run(const Proxy& rgb) override {
    OnnxNetwork::Outputs outputs = network_.run(rgb);
    std::vector<BoxTensor> tensors;
    const std::vector<std::string>& names = network_.binding().answers;
    for (size_t i = 0; i < names.size(); ++i) {
      const OnnxSession::Contents contents = network_.contents(outputs[i]);
      tensors.push_back({names[i], contents.values, contents.shape});
    }
    std::vector<Subject> found = decode_boxes(format(), input_size(), tensors, network_.subject());
    network_.carry(std::move(outputs));
    return found;
  }
  void reset_state() override { network_.reset_state(); }
  void try_out() {
    run(grey_picture(input_size()));
    reset_state();
  }
};

template <typename OnnxModel>
std::unique_ptr<OnnxModel> open_on(const OrtRuntime& runtime, const ModelSource& source,
                                   Device device, int threads, const Log& log) {
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

// On the device that the options name.
template <typename OnnxModel>
std::unique_ptr<OnnxModel> open_model(const ModelSource& source, const ModelOptions& options,
                                      const Log& log) {
  const OrtRuntime& runtime = ort_runtime();
  const bool listed = runtime.has_provider("CUDAExecutionProvider");
  if (options.device == DeviceChoice::kCuda && !listed) {
    throw Error(SMARTCROP_ERROR_MODEL, "device=cuda: ONNX Runtime " + runtime.version + " (" +
                                           runtime.file +
                                           ") is built without CUDA; pip install onnxruntime-gpu, "
                                           "or use device=cpu");
  }
  if (options.device == DeviceChoice::kCuda) {
    try {
      return open_on<OnnxModel>(runtime, source, Device::kCuda, options.threads, log);
    } catch (const Error& error) {
      throw Error(error.status(),
                  std::string("device=cuda: ") + error.what() +
                      "; CUDA and cuDNN have to be installed where the loader finds "
                      "them (LD_LIBRARY_PATH), or use device=cpu");
    }
  }
  // Opening CUDA takes seconds, and an inference of the built-in ones is hardly faster there.
  const bool built_in = source.bytes != nullptr;
  if (options.device == DeviceChoice::kAuto && listed && !built_in) {
    try {
      return open_on<OnnxModel>(runtime, source, Device::kCuda, options.threads, log);
    } catch (const Error& error) {
      if (error.status() != SMARTCROP_ERROR_MODEL) throw;
      log.info(std::string("device=auto: the CPU it is, since ") + error.what());
    }
  }
  return open_on<OnnxModel>(runtime, source, Device::kCpu, options.threads, log);
}

}  // namespace

std::unique_ptr<Model> load_model(const ModelOptions& options, const Log& log) {
  return open_model<OnnxHeatmapModel>(find_model(ModelKind::kHeatmap, options.name), options, log);
}

std::unique_ptr<BoxModel> load_box_model(const ModelOptions& options, const Log& log) {
  return open_model<OnnxBoxModel>(find_model(ModelKind::kBoxes, options.name), options, log);
}

std::unique_ptr<TrackerModel> load_tracker(const ModelOptions& options, const Log& log) {
  return open_model<OnnxTracker>(find_model(ModelKind::kTracker, options.name), options, log);
}

}  // namespace smartcrop

#else

namespace smartcrop {

std::unique_ptr<Model> load_model(const ModelOptions& options, const Log&) {
  find_model(ModelKind::kHeatmap, options.name);
  throw RuntimeMissing(describe_runtime());
}

std::unique_ptr<BoxModel> load_box_model(const ModelOptions& options, const Log&) {
  find_model(ModelKind::kBoxes, options.name);
  throw RuntimeMissing(describe_runtime());
}

std::unique_ptr<TrackerModel> load_tracker(const ModelOptions& options, const Log&) {
  find_model(ModelKind::kTracker, options.name);
  throw RuntimeMissing(describe_runtime());
}

}  // namespace smartcrop

#endif
