// SPDX-License-Identifier: MIT
#include "stage2_evidence/maps/network.h"

#include <algorithm>
#include <string>
#include <utility>

namespace smartcrop {
namespace {

// Of its map beside others: see training_free.cc.
constexpr float kWeight = 0.5F;

}  // namespace

NetworkSource::NetworkSource(const smartcrop_stream& stream, Size grid,
                             std::unique_ptr<Model> model, bool strict, Log log)
    : grid_(grid),
      model_(std::move(model)),
      picture_(stream, *model_),
      guard_(model_.get(), {"the network", "the training-free map serves until it works again"},
             strict, log) {}

void NetworkSource::reset(Reset) {
  model_->reset_state();
  beat_.reset();
}

HeatMap NetworkSource::look(Pictures* pictures) {
  const Box place = picture_.place();
  const MapRegion region{place.x, place.y, place.x + place.width, place.y + place.height};
  HeatMap map = resample_map(model_->run(picture_.make(pictures)), region, grid_);
  // That the padding was left empty says nothing about the picture.
  if (picture_.is_padded()) map.confidence = std::min(map.confidence, concentration(map.values));
  return map;
}

Findings NetworkSource::observe(const Observation& observation) {
  if (!observation.analyse) return {};
  if (beat_.strikes(observation.time_s)) {
    last_ = Findings();
    last_.weight = kWeight;
    const auto look_once = [&] { last_.map = look(observation.pictures); };
    last_.failed = !guard_.run(observation.time_s, look_once);
  }
  return last_;
}

std::unique_ptr<NetworkSource> open_network(const smartcrop_stream& stream, Size grid,
                                            const ModelOptions& options, bool strict,
                                            const Log& log) {
  const LeftOut words{"model=" + options.name + " is left out, the training-free map serves alone",
                      "model=none silences this, strict=1 makes it an error"};
  return open_or_leave_out(words, strict, log, [&] {
    return std::make_unique<NetworkSource>(stream, grid, load_model(options, log), strict, log);
  });
}

}  // namespace smartcrop
