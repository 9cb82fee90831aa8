// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/subjects_source.h"

#include <iterator>
#include <utility>

namespace smartcrop {
namespace {

Size picture_of(const smartcrop_stream& stream) { return {stream.width, stream.height}; }

// What the detector of a run knows for those who follow a subject.
Detections detections_of(BoxesSource* boxes) {
  if (boxes == nullptr) return {};
  return {
      [boxes] { return boxes->known(); },
      [boxes](Pictures* pictures, const Window& part) { return boxes->look_at(pictures, part); }};
}

}  // namespace

SubjectsSource::SubjectsSource(const Options& options, const smartcrop_stream& stream, Known known,
                               const Log& log)
    : options_(options), stream_(stream), known_(std::move(known)), log_(log) {
  // Whom a person points at is found better with a detector, and numbers are its own.
  const bool asked = !options.follow.empty();
  const bool detects = options.subjects != "none" && (options.subjects != "auto" || asked);
  if (detects) open_detector();
  if (!detects && !options.prefer.empty()) {
    log.warning("prefer=" + options.prefer + " has no effect with subjects=none");
  }
  if (asked || boxes_ != nullptr) open_tracker();
  if (asked) open_follow(parse_follow(options.follow));
  open_carrier();
}

void SubjectsSource::open_detector() {
  if (boxes_ != nullptr || options_.subjects == "none") return;
  boxes_ = open_boxes(stream_, {options_.subjects, options_.device, options_.threads},
                      {options_.subjects_required, options_.strict, options_.prefer, known_.camera},
                      log_);
}

void SubjectsSource::open_tracker() {
  if (tracker_ != nullptr) return;
  tracker_ = load_tracker({options_.tracker, options_.device, options_.threads}, log_);
}

void SubjectsSource::open_follow(std::vector<FollowWish> wishes) {
  FollowSource::Settings settings{picture_of(stream_), std::move(wishes),
                                  detections_of(boxes_.get()), options_.strict};
  follow_ = std::make_unique<FollowSource>(tracker_, std::move(settings), log_);
}

// Beside every detector, which misses some.
void SubjectsSource::open_carrier() {
  if (carrier_ != nullptr || boxes_ == nullptr) return;
  const auto is_asked = [this] { return follow_ != nullptr && follow_->is_asked(); };
  Carrier::Settings settings{picture_of(stream_), detections_of(boxes_.get()).now, known_.map,
                             is_asked, options_.strict};
  carrier_ = std::make_unique<Carrier>(tracker_, std::move(settings), log_);
}

// The tracker comes first: without it nobody is followed, and then no detector is needed either.
void SubjectsSource::follow(std::vector<FollowWish> wishes) {
  if (follow_ != nullptr) return follow_->ask(std::move(wishes));
  open_tracker();
  open_detector();
  open_follow(std::move(wishes));
  open_carrier();
}

// In the order in which they need each other.
template <typename Call>
void SubjectsSource::each(const Call& call) const {
  const auto all = {static_cast<Source*>(boxes_.get()), static_cast<Source*>(follow_.get()),
                    static_cast<Source*>(carrier_.get())};
  for (Source* const source : all) {
    if (source != nullptr) call(source);
  }
}

bool SubjectsSource::wants(const Observation& observation) {
  bool wanted = false;
  each([&](Source* source) { wanted = source->wants(observation) || wanted; });
  return wanted;
}

Findings SubjectsSource::observe(const Observation& observation) {
  Findings all;
  each([&](Source* source) {
    Findings found = source->observe(observation);
    std::move(found.subjects.begin(), found.subjects.end(), std::back_inserter(all.subjects));
    all.failed = all.failed || found.failed;
  });
  return all;
}

void SubjectsSource::reset(Reset reset) {
  each([reset](Source* source) { source->reset(reset); });
}

}  // namespace smartcrop
