// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/asked_subject.h"

#include "stage2_evidence/subjects/point_to_box.h"

namespace smartcrop {

void AskedSubject::reset() {
  wish_ = nullptr;
  chosen_ = as_seen_ = started_ = false;
  id_ = -1;
}

void AskedSubject::choose(const Evidence& evidence) {
  if (wish_->kind == FollowWish::Kind::kId) {
    id_ = wish_->id;
    chosen_ = true;
    return;
  }
  const Box& place = wish_->box;
  const Point point{place.x + place.width / 2, place.y + place.height / 2};
  const Subject* const meant = smallest_around(evidence.subjects, point);
  if (meant == nullptr || (meant->id < 0 && !meant->followed)) return;
  chosen_ = true;
  as_seen_ = meant->followed;
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
  if (as_seen_) return;
  for (Subject& each : scene->evidence.subjects) {
    // Until a wish begins, what the caller marked is followed, as it was when frames ran.
    if (wish_ == nullptr && each.kind == SubjectKind::kCaller) continue;
    each.followed = wanted && chosen_ && each.id == id_;
  }
}

}  // namespace smartcrop
