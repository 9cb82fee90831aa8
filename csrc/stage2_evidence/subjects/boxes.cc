// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/boxes.h"

#include <algorithm>
#include <utility>

namespace smartcrop {

BoxesSource::BoxesSource(const smartcrop_stream& stream, std::unique_ptr<BoxModel> model,
                         Settings settings, Log log)
    : model_(std::move(model)),
      picture_(stream, *model_),
      settings_(settings),
      guard_(model_.get(), {"the detector", "no boxes until it works again"}, settings.strict,
             log) {}

void BoxesSource::reset(Reset reset) {
  model_->reset_state();
  tracker_.reset(reset);
  beat_.reset();
}

// From shares of the network's input to shares of the picture in it.
std::vector<Subject> BoxesSource::look(Pictures* pictures) {
  std::vector<Subject> found = best_boxes(model_->format(), model_->run(picture_.make(pictures)));
  const Box place = picture_.place();
  std::vector<Subject> kept;
  for (Subject& each : found) {
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

Findings BoxesSource::observe(const Observation& observation) {
  Findings findings;
  if (!observation.analyse) return findings;
  const double time_s = observation.time_s;
  if (beat_.strikes(time_s)) {
    guard_.run(time_s, [&] { tracker_.look(look(observation.pictures), time_s); });
  }
  findings.failed = guard_.failing();
  const BoxFormat& format = model_->format();
  findings.subjects = tracker_.boxes(time_s);
  for (Subject& subject : findings.subjects) {
    const float maps = static_cast<float>(format.weight) * subject.score;
    subject.weight = maps / kMapsOfFullWeight;
    subject.required = format.required || settings_.required;
    subject.kind = format.kind;
  }
  return findings;
}

std::unique_ptr<BoxesSource> open_boxes(const smartcrop_stream& stream, const ModelOptions& options,
                                        BoxesSource::Settings settings, const Log& log) {
  const LeftOut words{"boxes=" + options.name + " is left out", "strict=1 makes it an error"};
  return open_or_leave_out(words, settings.strict, log, [&] {
    return std::make_unique<BoxesSource>(stream, load_box_model(options, log), settings, log);
  });
}

}  // namespace smartcrop
