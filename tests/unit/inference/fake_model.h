// SPDX-License-Identifier: MIT
// A network that follows a script.
#ifndef SMARTCROP_TESTS_UNIT_INFERENCE_FAKE_MODEL_H_
#define SMARTCROP_TESTS_UNIT_INFERENCE_FAKE_MODEL_H_

#include "error.h"
#include "inference/model.h"

namespace smartcrop {

// A model whose map is the brightness of the picture it gets, cell by cell of 8 samples.
class FakeModel : public Model {
 public:
  struct Script {
    Size size{64, 48};
    ModelFit fit = ModelFit::kStretch;
    bool fail = false;
    int runs = 0;
    int resets = 0;
    Proxy seen;
  };
  explicit FakeModel(Script* script) : script_(script) {}
  Size input_size() const override { return script_->size; }
  ModelFit fit() const override { return script_->fit; }
  uint8_t pad_value() const override { return 33; }
  void reset_state() override { ++script_->resets; }
  HeatMap run(const Proxy& rgb) override {
    ++script_->runs;
    if (script_->fail) throw Error(SMARTCROP_ERROR_MODEL, "model fake: inference failed");
    script_->seen = rgb;
    HeatMap map;
    map.width = rgb.width / 8;
    map.height = rgb.height / 8;
    map.confidence = 0.5f;
    double sum = 0;
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        const size_t i = static_cast<size_t>((8 * y + 4) * rgb.width + 8 * x + 4);
        map.values.push_back(static_cast<float>(rgb.planes[1][i]));
        sum += map.values.back();
      }
    }
    for (float& value : map.values) value = static_cast<float>(value / sum);
    return map;
  }

 private:
  Script* script_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_INFERENCE_FAKE_MODEL_H_
