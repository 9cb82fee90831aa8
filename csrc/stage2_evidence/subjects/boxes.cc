// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/boxes.h"

#include <algorithm>
#include <utility>

namespace smartcrop {

BoxesSource::BoxesSource(const smartcrop_stream& stream, std::unique_ptr<BoxModel> model,
                         Settings settings, Log log)
    : model_(std::move(model)), picture_(stream, *model_), settings_(settings), log_(log) {}

void BoxesSource::reset() {
  model_->reset_state();
  tracker_.reset();
  beat_.reset();
}

// From shares of the network's input to shares of the picture in it.
std::vector<Detection> BoxesSource::look(const smartcrop_frame& picture) {
  std::vector<Detection> found = model_->run(picture_.make(picture));
  const Box place = picture_.place();
  std::vector<Detection> kept;
  for (Detection& each : found) {
    Box& box = each.box;
    const double left = std::clamp((box.x - place.x) / place.width, 0.0, 1.0);
    const double top = std::clamp((box.y - place.y) / place.height, 0.0, 1.0);
    const double right = std::clamp((box.x + box.width - place.x) / place.width, 0.0, 1.0);
    const double bottom = std::clamp((box.y + box.height - place.y) / place.height, 0.0, 1.0);
    box = {left, top, right - left, bottom - top};
    if (box.width > 0 && box.height > 0) kept.push_back(each);
  }
  return kept;
}

void BoxesSource::look_or_note(const Observation& observation) {
  try {
    tracker_.look(look(*observation.picture), observation.time_s);
    if (failing_)
      log_.info("the detector works again at " + std::to_string(observation.time_s) + " s");
    failing_ = false;
  } catch (const Error& error) {
    if (settings_.strict || error.status() != SMARTCROP_ERROR_MODEL) throw;
    if (!failing_) log_.warning(std::string(error.what()) + "; no boxes until it works again");
    failing_ = true;
    // What it carries may be what made it fail.
    model_->reset_state();
  }
}

void BoxesSource::observe(const Observation& observation, Evidence* out) {
  if (!observation.analyse) return;
  if (beat_.strikes(observation.time_s)) look_or_note(observation);
  out->fallback = out->fallback || failing_;
  const BoxFormat& format = model_->format();
  for (const Detection& each : tracker_.boxes(observation.time_s)) {
    out->regions.push_back({each.box, static_cast<float>(format.weight) * each.score,
                            format.required || settings_.required, format.kind});
  }
}

std::unique_ptr<BoxesSource> open_boxes(const smartcrop_stream& stream, const ModelOptions& options,
                                        BoxesSource::Settings settings, const Log& log) {
  try {
    return std::make_unique<BoxesSource>(stream, load_box_model(options, log), settings, log);
  } catch (const RuntimeMissing& missing) {
    if (settings.strict) throw;
    log.warning("boxes=" + options.name + " is left out: " + missing.what() +
                "; strict=1 makes it an error");
    return nullptr;
  }
}

}  // namespace smartcrop
