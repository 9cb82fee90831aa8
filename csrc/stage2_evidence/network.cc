// SPDX-License-Identifier: MIT
#include "stage2_evidence/network.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "error.h"

namespace smartcrop {
namespace {

int rounded(double value, int largest) {
  return std::clamp(static_cast<int>(std::lround(value)), 1, largest);
}

}  // namespace

Placement place_picture(const smartcrop_stream& stream, Size input, ModelFit fit) {
  Placement placement{0, 0, input};
  if (fit == ModelFit::kStretch) return placement;
  const bool square = stream.sar_num <= 0 || stream.sar_den <= 0;
  const double width = stream.width * (square ? 1.0 : 1.0 * stream.sar_num / stream.sar_den);
  const double scale = std::min(input.width / width, 1.0 * input.height / stream.height);
  placement.size = {rounded(width * scale, input.width),
                    rounded(stream.height * scale, input.height)};
  placement.x = (input.width - placement.size.width) / 2;
  placement.y = (input.height - placement.size.height) / 2;
  return placement;
}

NetworkSource::NetworkSource(const smartcrop_stream& stream, Size grid,
                             std::unique_ptr<Model> model, bool strict, Log log)
    : EvidenceSource(grid, 0),
      model_(std::move(model)),
      placement_(place_picture(stream, model_->input_size(), model_->fit())),
      maker_(stream, placement_.size, ProxyColour::kRgb),
      strict_(strict),
      log_(log) {
  const Size input = model_->input_size();
  input_.width = input.width;
  input_.height = input.height;
  const size_t count = static_cast<size_t>(input.width) * static_cast<size_t>(input.height);
  for (auto& plane : input_.planes) plane.assign(count, model_->pad_value());
}

void NetworkSource::reset() {
  model_->reset_state();
  beat_.reset();
}

HeatMap NetworkSource::look(const smartcrop_frame& picture) {
  maker_.make(picture, &picture_);
  const Size input = model_->input_size();
  const bool whole = placement_.size.width == input.width && placement_.size.height == input.height;
  if (whole) return resample_map(model_->run(picture_), MapRegion(), grid());
  const auto width = static_cast<ptrdiff_t>(placement_.size.width);
  for (size_t p = 0; p < input_.planes.size(); ++p) {
    for (ptrdiff_t y = 0; y < placement_.size.height; ++y) {
      const auto row = picture_.planes[p].begin() + y * width;
      const ptrdiff_t to = (placement_.y + y) * input_.width + placement_.x;
      std::copy(row, row + width, input_.planes[p].begin() + to);
    }
  }
  const double across = 1.0 / input.width;
  const double down = 1.0 / input.height;
  const MapRegion region{placement_.x * across, placement_.y * down,
                         (placement_.x + placement_.size.width) * across,
                         (placement_.y + placement_.size.height) * down};
  HeatMap map = resample_map(model_->run(input_), region, grid());
  // That the padding was left empty says nothing about the picture.
  map.confidence = std::min(map.confidence, concentration(map.values));
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
