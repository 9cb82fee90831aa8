// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/boxes.h"

#include <algorithm>
#include <string>
#include <utility>

#include "error.h"

namespace smartcrop {
namespace {

// The built-in detector that auto stands for.
constexpr char kOwnDetector[] = "subjects";

std::vector<std::string> split(const std::string& names) {
  std::vector<std::string> parts;
  for (size_t from = 0; from <= names.size();) {
    const size_t end = std::min(names.find_first_of("+,", from), names.size());
    const std::string part = names.substr(from, end - from);
    const size_t first = part.find_first_not_of(' ');
    if (first != std::string::npos) {
      parts.push_back(part.substr(first, part.find_last_not_of(' ') + 1 - first));
    }
    from = end + 1;
  }
  return parts;
}

std::string names_of(const BoxFormat& format) {
  std::string names;
  for (size_t i = 0; i < format.names.size(); ++i) {
    if (!format.wants(static_cast<int>(i))) continue;
    names += (names.empty() ? "" : ", ") + format.names[i];
  }
  return names;
}

// The wanted classes of a name; of a number, where the classes have no names.
std::vector<int> labels_of(const BoxFormat& format, const std::string& name) {
  std::vector<int> labels;
  for (size_t i = 0; i < format.names.size(); ++i) {
    const int label = static_cast<int>(i);
    if (format.names[i] == name && format.wants(label)) labels.push_back(label);
  }
  const bool is_number = name.find_first_not_of("0123456789") == std::string::npos;
  if (format.names.empty() && is_number && name.size() < 7 && format.wants(std::stoi(name))) {
    labels.push_back(std::stoi(name));
  }
  return labels;
}

std::vector<int> preferred_of(const BoxFormat& format, const std::string& prefer) {
  std::vector<int> preferred;
  for (const std::string& name : split(prefer)) {
    const std::vector<int> labels = labels_of(format, name);
    if (labels.empty()) {
      throw Error(SMARTCROP_ERROR_OPTION,
                  "option prefer: the network of the option subjects finds no '" + name + "'; " +
                      (format.names.empty() ? "its classes have numbers from 0, and no names"
                                            : "its classes are " + names_of(format)));
    }
    preferred.insert(preferred.end(), labels.begin(), labels.end());
  }
  return preferred;
}

// Whether a class is people. A network whose classes have other names, or none, may mean people by
// each of them.
std::function<bool(int)> people_of(const BoxFormat& format) {
  const std::vector<int> people = labels_of(format, "person");
  return [people](int label) {
    return people.empty() || std::find(people.begin(), people.end(), label) != people.end();
  };
}

}  // namespace

BoxesSource::BoxesSource(const smartcrop_stream& stream, std::unique_ptr<BoxModel> model,
                         Settings settings, Log log)
    : model_(std::move(model)),
      picture_(stream, *model_),
      tracker_({static_cast<double>(stream.width) / stream.height, model_->format().threshold}),
      recognition_({stream.width, stream.height}),
      owners_(people_of(model_->format())),
      settings_(std::move(settings)),
      preferred_(preferred_of(model_->format(), settings_.prefer)),
      guard_(model_.get(), {"the detector", "no boxes until it works again"}, settings_.strict,
             log),
      stream_picture_{stream.width, stream.height} {}

void BoxesSource::reset(Reset reset) {
  model_->reset_state();
  tracker_.reset(reset);
  recognition_.reset(reset);
  if (reset == Reset::kSeek) owners_.clear();
  beat_.reset();
  known_.clear();
}

// From shares of the network's input to shares of the picture in it.
std::vector<Subject> BoxesSource::look(Pictures* pictures) {
  const BoxFormat& format = model_->format();
  std::vector<Subject> found = best_boxes(format, model_->run(picture_.make(pictures)),
                                          std::min(kLeastScore, format.threshold));
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

// The part is widened to the shape of the network's input, about its middle.
std::vector<Subject> BoxesSource::look_at(Pictures* pictures, const Window& part) {
  const Size input = model_->input_size();
  const double shape = static_cast<double>(input.width) / input.height;
  Window seen = part;
  if (seen.width < seen.height * shape) seen.width = seen.height * shape;
  if (seen.height < seen.width / shape) seen.height = seen.width / shape;
  seen.x -= (seen.width - part.width) / 2;
  seen.y -= (seen.height - part.height) / 2;
  const BoxFormat& format = model_->format();
  const Proxy& picture = pictures->rgb_of(seen, input);
  std::vector<Subject> found = best_boxes(format, model_->run(picture), format.threshold);
  for (Subject& each : found) {
    const auto share = [](double start, double length, double at, int whole) {
      return std::clamp((start + at * length) / whole, 0.0, 1.0);
    };
    const Box& box = each.box;
    const double left = share(seen.x, seen.width, box.x, stream_picture_.width);
    const double top = share(seen.y, seen.height, box.y, stream_picture_.height);
    const double right = share(seen.x, seen.width, box.x + box.width, stream_picture_.width);
    const double bottom = share(seen.y, seen.height, box.y + box.height, stream_picture_.height);
    each.box = {left, top, right - left, bottom - top};
  }
  return found;
}

void BoxesSource::follow_camera() {
  if (settings_.camera == nullptr) return;
  const std::optional<CameraStep> step = settings_.camera();
  if (step) tracker_.move_with(*step);
}

bool BoxesSource::is_preferred(int label) const {
  const auto found = std::find(preferred_.begin(), preferred_.end(), label);
  return preferred_.empty() || found != preferred_.end();
}

// The tracker's boxes, with ids that outlast its tracks.
std::vector<Subject> BoxesSource::named(double time_s) const {
  std::vector<Subject> subjects = tracker_.boxes(time_s);
  for (Subject& each : subjects) each.id = recognition_.id_of(each.id);
  return subjects;
}

Findings BoxesSource::observe(const Observation& observation) {
  follow_camera();
  Findings findings;
  if (!observation.analyse) return findings;
  const double time_s = observation.time_s;
  if (beat_.strikes(time_s)) {
    guard_.run(time_s, [&] {
      tracker_.look(look(observation.pictures), time_s);
      recognition_.look(observation.pictures, time_s, &tracker_);
      for (const Owners::Known& each : owners_.look(named(time_s))) {
        recognition_.know(each.body, each.person, &tracker_);
      }
    });
  }
  findings.failed = guard_.failing();
  const BoxFormat& format = model_->format();
  findings.subjects = named(time_s);
  for (Subject& subject : findings.subjects) {
    subject.owner = is_face(subject) ? owners_.owner_of(subject.id) : -1;
    const float maps = static_cast<float>(format.weight) * subject.score;
    subject.weight = maps / kMapsOfFullWeight;
    subject.required = format.required || settings_.required;
    subject.preference = is_preferred(subject.label) ? 1 : kOtherPreference;
  }
  known_ = findings.subjects;
  return findings;
}

std::unique_ptr<BoxesSource> open_boxes(const smartcrop_stream& stream, const ModelOptions& options,
                                        BoxesSource::Settings settings, const Log& log) {
  const bool is_auto = options.name == "auto";
  const LeftOut words{"subjects=" + options.name + " is left out", "strict=1 makes it an error",
                      /*expected=*/is_auto};
  ModelOptions found = options;
  if (is_auto) found.name = kOwnDetector;
  return open_or_leave_out(words, settings.strict, log, [&] {
    return std::make_unique<BoxesSource>(stream, load_box_model(found, log), std::move(settings),
                                         log);
  });
}

}  // namespace smartcrop
