// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/carrier.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "box_shares.h"
#include "inference/box_decoder.h"
#include "same_subject.h"
#include "stage2_evidence/subjects/following.h"

namespace smartcrop {
namespace {

// Overlap under which the detector and the tracker do not mean the same, and looks until it is so.
constexpr double kApart = 0.1;
constexpr int kPatience = 3;
// A subject is forgotten that is not seen for so long.
constexpr double kForgotten_s = 2;

const Subject* with_id(const std::vector<Subject>& found, int64_t id) {
  const auto same = [id](const Subject& each) { return each.id == id; };
  const auto at = std::find_if(found.begin(), found.end(), same);
  return at == found.end() ? nullptr : &*at;
}

}  // namespace

Carrier::Carrier(std::shared_ptr<TrackerModel> model, Settings settings, const Log& log)
    : model_(std::move(model)),
      settings_(std::move(settings)),
      guard_(model_.get(), {"the tracker", "the detector's boxes serve alone"}, settings_.strict,
             log),
      follower_(model_.get(), settings_.picture) {}

void Carrier::reset(Reset) {
  follower_.stop();
  standings_.clear();
  leader_.reset();
  apart_ = 0;
}

void Carrier::weigh(const std::vector<Subject>& found, double time_s) {
  const HeatMap* map = settings_.map();
  for (const Subject& each : found) {
    const double area = std::max(1e-6, each.box.width * each.box.height);
    const double mass = map == nullptr ? area : mass_in(*map, each.box);
    const double worth = mass / std::sqrt(area) * each.score * each.preference;
    Standing& standing = standings_[each.id];
    standing.worth += following::kLeaderShare * (worth - standing.worth);
    standing.seen_s = time_s;
  }
  for (auto at = standings_.begin(); at != standings_.end();) {
    at = time_s - at->second.seen_s > kForgotten_s ? standings_.erase(at) : std::next(at);
  }
}

const Subject* Carrier::leader_of(const std::vector<Subject>& found) const {
  const Subject* best = nullptr;
  for (const Subject& each : found) {
    if (best == nullptr || standings_.at(each.id).worth > standings_.at(best->id).worth) {
      best = &each;
    }
  }
  if (best == nullptr || !leader_ || !follower_.following()) return best;
  const auto old = standings_.find(leader_->id);
  const double worth = old == standings_.end() ? 0 : old->second.worth;
  const bool stays =
      !follower_.is_lost() && standings_.at(best->id).worth < following::kLeaderChange * worth;
  return stays ? nullptr : best;
}

// Follows the leader on, or begins with another one.
void Carrier::carry(const Observation& observation, const std::vector<Subject>& found) {
  if (follower_.following()) follower_.look(observation.pictures);
  const Subject* next = leader_of(found);
  if (next != nullptr && !(leader_ && leader_->id == next->id && !follower_.is_lost())) {
    follower_.start(observation.pictures, next->box);
    leader_ = *next;
    apart_ = 0;
    return;
  }
  const Subject* own = leader_ ? with_id(found, leader_->id) : nullptr;
  if (own == nullptr) return;
  leader_ = *own;
  apart_ = overlap_of(own->box, follower_.box()) < kApart ? apart_ + 1 : 0;
  if (apart_ < kPatience) return;
  follower_.start(observation.pictures, own->box);
  apart_ = 0;
}

Findings Carrier::observe(const Observation& observation) {
  Findings findings;
  if (!observation.analyse) return findings;
  if (settings_.is_asked()) return reset(Reset::kCut), findings;
  const std::vector<Subject> all = settings_.found();
  std::vector<Subject> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found), [&all](const Subject& each) {
    return each.id >= 0 && !is_part_of_another(each, all);
  });
  weigh(found, observation.time_s);
  guard_.run(observation.time_s, [&] { carry(observation, found); });
  findings.failed = guard_.failing();
  if (!leader_ || !follower_.following() || follower_.is_lost()) return findings;
  Subject subject = *leader_;
  subject.box = inside_picture(follower_.box());
  findings.subjects.push_back(subject);
  return findings;
}

}  // namespace smartcrop
