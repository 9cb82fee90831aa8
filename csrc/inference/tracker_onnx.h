// SPDX-License-Identifier: MIT
// A tracker of two files in ONNX Runtime: a trunk makes features of a picture of any size, and a
// head compares those of the subject with those of the search picture.
#ifndef SMARTCROP_INFERENCE_TRACKER_ONNX_H_
#define SMARTCROP_INFERENCE_TRACKER_ONNX_H_

#include "inference/session_onnx.h"

#if SMARTCROP_HAS_ONNXRUNTIME

#include <string>
#include <vector>

#include "inference/model.h"
#include "inference/model_metadata.h"
#include "inference/picture_values.h"

namespace smartcrop {

class OnnxTracker : public TrackerModel {
 public:
  // The source is the head; its metadata names the trunk. Throws Error(ERROR_MODEL) where the two
  // are no tracker that can be run.
  OnnxTracker(const OrtRuntime& runtime, const ModelSource& source, OnnxSession::Device device,
              int threads);

  Size input_size() const override { return metadata_.input.size; }
  ModelFit fit() const override { return metadata_.input.fit; }
  uint8_t pad_value() const override { return metadata_.input.pad_value; }
  void reset_state() override {}
  const TrackerFormat& format() const override { return metadata_.tracker; }
  TrackerMemory remember(const Proxy& rgb) override;
  TrackerAnswer look(const TrackerMemory& memory, const Proxy& rgb) override;

  const ModelMetadata& metadata() const { return metadata_; }
  void try_out();

 private:
  void check_names() const;
  OnnxSession::Value features_of(const Proxy& rgb);
  [[noreturn]] void fail(const std::string& problem) const;

  std::string subject_;
  OnnxSession head_;
  ModelMetadata metadata_;
  OnnxSession trunk_;
  std::string picture_name_, features_name_;
  PictureValues values_;
  std::vector<float> picture_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_HAS_ONNXRUNTIME

#endif  // SMARTCROP_INFERENCE_TRACKER_ONNX_H_
