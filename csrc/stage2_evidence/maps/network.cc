// SPDX-License-Identifier: MIT
#include "stage2_evidence/maps/network.h"

#include <algorithm>
#include <utility>

#include "error.h"

namespace smartcrop {

NetworkSource::NetworkSource(const smartcrop_stream& stream, Size grid,
                             std::unique_ptr<Model> model, bool strict, Log log)
    : EvidenceSource(grid),
      model_(std::move(model)),
      picture_(stream, *model_),
      strict_(strict),
      log_(log) {}

void NetworkSource::reset() {
  model_->reset_state();
  beat_.reset();
}

HeatMap NetworkSource::look(const smartcrop_frame& picture) {
  const Box place = picture_.place();
  const MapRegion region{place.x, place.y, place.x + place.width, place.y + place.height};
  HeatMap map = resample_map(model_->run(picture_.make(picture)), region, grid());
  // That the padding was left empty says nothing about the picture.
  if (picture_.is_padded()) map.confidence = std::min(map.confidence, concentration(map.values));
  return map;
}

Evidence NetworkSource::look_or_fall_back(const Observation& observation) {
  Evidence evidence;
  try {
    evidence.map = look(*observation.picture);
    if (failing_)
      log_.info("the network works again at " + std::to_string(observation.time_s) + " s");
    failing_ = false;
  } catch (const Error& error) {
    if (strict_ || error.status() != SMARTCROP_ERROR_MODEL) throw;
    if (!failing_) {
      log_.warning(std::string(error.what()) +
                   "; the training-free map serves until it works again");
    }
    failing_ = true;
    evidence.fallback = true;
    evidence.map.width = grid().width;
    evidence.map.height = grid().height;
    const size_t cells = static_cast<size_t>(grid().width) * static_cast<size_t>(grid().height);
    evidence.map.values.assign(cells, 1.0f / static_cast<float>(cells));
    // What it carries may be what made it fail.
    model_->reset_state();
  }
  return evidence;
}

void NetworkSource::do_observe(const Observation& observation, std::vector<Evidence>* out) {
  if (!observation.analyse) return;
  if (beat_.strikes(observation.time_s)) last_ = look_or_fall_back(observation);
  last_.frame = observation.frame;
  last_.time_s = observation.time_s;
  out->push_back(last_);
}

std::unique_ptr<NetworkSource> open_network(const smartcrop_stream& stream, Size grid,
                                            const ModelOptions& options, bool strict,
                                            const Log& log) {
  try {
    return std::make_unique<NetworkSource>(stream, grid, load_model(options, log), strict, log);
  } catch (const RuntimeMissing& missing) {
    if (strict) throw;
    log.warning("model=" + options.name + " is left out, the training-free map serves alone: " +
                missing.what() + "; model=none silences this, strict=1 makes it an error");
    return nullptr;
  }
}

}  // namespace smartcrop
