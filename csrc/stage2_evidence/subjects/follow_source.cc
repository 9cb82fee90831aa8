// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/follow_source.h"

#include <algorithm>
#include <string>
#include <utility>

#include "box_shares.h"
#include "inference/box_decoder.h"
#include "stage2_evidence/subjects/following.h"
#include "stage2_evidence/subjects/point_to_box.h"

namespace smartcrop {
namespace {

// Of two overlaps the detector and the tracker mean the same subject, or another.
constexpr double kSame = 0.4, kOther = 0.1;
// Height of a box, as a share of the picture, under which it is looked at closer.
constexpr double kSmall = 0.3;
// Least overlap of its box there with that which is seen from afar.
constexpr double kCloser = 0.2;
// Looks until it is known.
constexpr int kSure = 3;

double area_of(const Box& box) { return box.width * box.height; }

// What is meant by a point: a subject of the detector's, seen whole or closer, or what stands out.
Box box_at(const Observation& observation, const Detections& detections, Size picture,
           const Box& place) {
  const Point point{place.x, place.y};
  std::vector<Subject> found;
  if (detections.now != nullptr) found = detections.now();
  if (detections.in_part == nullptr) {
    const Subject* const known = smallest_around(found, point);
    return known != nullptr ? known->box : contrasting_box(*observation.proxy, point);
  }
  const auto look_at = [&](const Window& part) {
    return detections.in_part(observation.pictures, part);
  };
  const Window whole{0, 0, 1.0 * picture.width, 1.0 * picture.height};
  std::vector<Window> looks{whole};
  const double shape = 16.0 / 9;
  for (const Window& closer : closer_looks(point, picture, shape)) looks.push_back(closer);
  for (const Window& part : looks) {
    if (smallest_around(found, point) != nullptr) break;
    found = look_at(part);
  }
  if (const Subject* const subject = smallest_around(found, point)) {
    if (subject->box.height > kSmall) return subject->box;
    // What is small is told from its neighbours where it is seen larger.
    const std::vector<Subject> nearer = look_at(room_around(subject->box, picture, shape));
    const Subject* const same = smallest_around(nearer, point);
    const bool sure = same != nullptr && overlap_of(same->box, subject->box) >= kCloser;
    return (sure ? same : subject)->box;
  }
  return contrasting_box(*observation.proxy, point);
}

}  // namespace

FollowSource::FollowSource(std::shared_ptr<TrackerModel> model, Settings settings, const Log& log)
    : model_(std::move(model)),
      settings_(std::move(settings)),
      guard_(model_.get(), {"the tracker", "the window rests where the subject was"},
             settings_.strict, log),
      follower_(model_.get(), settings_.picture) {}

void FollowSource::ask(std::vector<FollowWish> wishes) {
  settings_.wishes = std::move(wishes);
  wish_ = nullptr;
}

std::string FollowSource::not_met() const {
  const bool asked = wish_ != nullptr && wish_->kind == FollowWish::Kind::kId;
  if (asked && !met_) {
    return "follow=#" + std::to_string(wish_->id + 1) +
           ": no subject of this number was seen, so nobody was followed; smartcrop subjects lists "
           "the numbers";
  }
  const double last_s = settings_.wishes.empty() ? 0 : settings_.wishes.back().from_s;
  if (wish_at(settings_.wishes, length_s_) == wish_at(settings_.wishes, last_s)) return "";
  return "follow: the video ended before the last time that it names, so that wish had no effect";
}

std::vector<Subject> FollowSource::found_now() const {
  return settings_.detections.now == nullptr ? std::vector<Subject>() : settings_.detections.now();
}

const FollowWish* FollowSource::wish_of(const Observation& observation) {
  if (observation.frame == 0) first_s_ = observation.time_s;
  length_s_ = observation.time_s - first_s_;
  return wish_at(settings_.wishes, observation.time_s - first_s_);
}

bool FollowSource::wants(const Observation& observation) { return wish_of(observation) != wish_; }

void FollowSource::reset(Reset reset) {
  // Where the subject was says nothing any more; what it looked like does.
  follower_.lose();
  doubted_ = 0;
  // Its id may come again, if it was known.
  if (reset == Reset::kSeek || agreed_ < kSure) {
    partner_ = -1;
    agreed_ = 0;
  }
  if (reset == Reset::kCut) return;
  follower_.stop();
  wish_ = nullptr;
  met_ = false;
}

// The wish begins with this frame.
void FollowSource::begin(const Observation& observation) {
  follower_.stop();
  met_ = false;
  partner_ = -1;
  agreed_ = doubted_ = 0;
  subject_ = Subject();
  if (wish_ == nullptr || wish_->kind == FollowWish::Kind::kAuto) return;
  if (wish_->kind == FollowWish::Kind::kId) return find_id(observation);
  const Box box = wish_->kind == FollowWish::Kind::kBox
                      ? wish_->box
                      : box_at(observation, settings_.detections, settings_.picture, wish_->box);
  follower_.start(observation.pictures, box);
  met_ = true;
  met_s_ = observation.time_s;
}

// A subject that was asked for by its number begins when the detector sees it.
void FollowSource::find_id(const Observation& observation) {
  for (const Subject& each : found_now()) {
    if (each.id != wish_->id) continue;
    follower_.start(observation.pictures, each.box);
    met_ = true;
    met_s_ = observation.time_s;
    partner_ = each.id;
    agreed_ = kSure;
    subject_ = each;
  }
}

const Subject* FollowSource::partner_in(const std::vector<Subject>& found) const {
  for (const Subject& each : found) {
    if (partner_ >= 0 && each.id == partner_) return &each;
  }
  return nullptr;
}

// Which of the detector's subjects is the one that is followed.
void FollowSource::learn_partner(const std::vector<Subject>& found) {
  const Subject* best = nullptr;
  double most = kSame;
  for (const Subject& each : found) {
    const double overlap = overlap_of(each.box, follower_.box());
    if (overlap < most) continue;
    most = overlap;
    best = &each;
  }
  if (best == nullptr) return;
  if (best->id != partner_ && agreed_ >= kSure) return;
  agreed_ = best->id == partner_ ? agreed_ + 1 : 1;
  partner_ = best->id;
  subject_ = *best;
}

void FollowSource::go_on(const Observation& observation) {
  follower_.look(observation.pictures);
  if (!follower_.is_lost()) met_s_ = observation.time_s;
  if (!observation.analyse) return;
  const std::vector<Subject> found = found_now();
  if (!follower_.is_lost()) learn_partner(found);
  const Subject* partner = agreed_ >= kSure ? partner_in(found) : nullptr;
  if (partner == nullptr) return;
  const bool apart = overlap_of(partner->box, follower_.box()) < kOther;
  doubted_ = apart ? doubted_ + 1 : 0;
  if (!follower_.is_lost() && doubted_ < kSure) return;
  doubted_ = 0;
  // Ids are mixed up among people who pass each other: of the two places, the more alike counts.
  const double enough =
      follower_.is_lost() ? following::kFoundScore : follower_.score() + following::kMoreAlike;
  if (follower_.likeness(observation.pictures, partner->box) < enough) {
    partner_ = -1;
    agreed_ = 0;
    return;
  }
  follower_.move_to(partner->box);
}

// After a cut, or when it is lost for long: the detector knows it again, one of its subjects looks
// like it, or something else in the picture does.
void FollowSource::find_again(const Observation& observation) {
  if (!observation.analyse) return;
  std::vector<Subject> found = found_now();
  if (const Subject* const known = agreed_ >= kSure ? partner_in(found) : nullptr) {
    subject_ = *known;
    return follower_.move_to(known->box);
  }
  std::sort(found.begin(), found.end(),
            [](const Subject& a, const Subject& b) { return area_of(a.box) > area_of(b.box); });
  constexpr size_t kMostTried = 6;
  if (found.size() > kMostTried) found.resize(kMostTried);
  const Subject* best = nullptr;
  double most = following::kSameScore;
  for (const Subject& each : found) {
    const double likeness = follower_.likeness(observation.pictures, each.box);
    if (likeness < most) continue;
    most = likeness;
    best = &each;
  }
  if (best == nullptr) return follower_.search(observation.pictures);
  follower_.move_to(best->box);
  partner_ = best->id;
  agreed_ = kSure;
  subject_ = *best;
}

Findings FollowSource::observe(const Observation& observation) {
  Findings findings;
  const FollowWish* const wish = wish_of(observation);
  const bool begins = wish != wish_;
  wish_ = wish;
  if (!is_asked() && !begins) return findings;
  guard_.run(observation.time_s, [&] {
    // Where inference failed at the first frame, the next one that it works for counts.
    if (begins || !met_) return begin(observation);
    if (follower_.is_astray()) return find_again(observation);
    go_on(observation);
  });
  findings.failed = guard_.failing();
  if (!observation.analyse || !follower_.following() || follower_.is_lost()) return findings;
  Subject subject = subject_;
  subject.box = inside_picture(follower_.box());
  subject.weight = 0;
  subject.required = false;
  subject.score = static_cast<float>(follower_.score());
  subject.followed = true;
  subject.id = agreed_ >= kSure ? partner_ : -1;
  findings.subjects.push_back(subject);
  return findings;
}

}  // namespace smartcrop
