// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/asked_subject.h"

#include <algorithm>

#include "inference/box_decoder.h"
#include "stage2_evidence/subjects/point_to_box.h"

namespace smartcrop {
namespace {

// Overlap from which the box that was followed and another one are of one subject.
constexpr double kSame = 0.4;

// The observer followed the subject with this id.
bool was_followed(int64_t id, const std::vector<Subject>& subjects) {
  return std::any_of(subjects.begin(), subjects.end(), [id](const Subject& each) {
    return each.followed && id >= 0 && each.id == id;
  });
}

// It followed this very subject, by its own box or under the same id.
bool was_followed(const Subject& meant, const std::vector<Subject>& subjects) {
  const auto same = [&meant](const Subject& each) {
    return each.followed && overlap_of(each.box, meant.box) >= kSame;
  };
  return was_followed(meant.id, subjects) || std::any_of(subjects.begin(), subjects.end(), same);
}

}  // namespace

void AskedSubject::reset() {
  wish_ = nullptr;
  chosen_ = as_seen_ = started_ = false;
  id_ = -1;
}

void AskedSubject::choose(const Evidence& evidence) {
  if (wish_->kind == FollowWish::Kind::kId) {
    id_ = wish_->id;
    chosen_ = true;
    return;  // it may be seen later on
  }
  const Box& place = wish_->box;
  const Point point{place.x + place.width / 2, place.y + place.height / 2};
  const Subject* const meant = smallest_around(evidence.subjects, point);
  if (meant == nullptr || (meant->id < 0 && !meant->followed)) return;
  chosen_ = true;
  as_seen_ = was_followed(*meant, evidence.subjects);
  id_ = meant->id;
}

void AskedSubject::mark(Scene* scene) {
  if (!started_) first_s_ = scene->time_s;
  started_ = true;
  if (wishes_.empty() || !scene->analysed) return;
  const FollowWish* const wish = wish_at(wishes_, scene->time_s - first_s_);
  if (wish != wish_) chosen_ = as_seen_ = false;
  wish_ = wish;
  const bool wanted = wish_ != nullptr && wish_->kind != FollowWish::Kind::kAuto;
  if (wanted && !chosen_) choose(scene->evidence);
  const bool by_id = wanted && wish_->kind == FollowWish::Kind::kId;
  as_seen_ = as_seen_ || (by_id && was_followed(id_, scene->evidence.subjects));
  if (as_seen_) return;
  for (Subject& each : scene->evidence.subjects) {
    // Until a wish begins, what the caller marked is followed, as it was when frames ran.
    if (wish_ == nullptr && each.kind == SubjectKind::kCaller) continue;
    each.followed = wanted && chosen_ && each.id == id_;
  }
}

}  // namespace smartcrop
