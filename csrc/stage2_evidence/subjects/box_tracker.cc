// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/box_tracker.h"

#include <algorithm>
#include <cmath>

#include "box_shares.h"
#include "inference/box_decoder.h"
#include "stage2_evidence/subjects/following.h"

namespace smartcrop {
namespace {

double middle(double low, double size) { return low + size / 2; }

// Overlap of at least so much; else 0.
double overlap_from(double least, const Box& a, const Box& b) {
  const double overlap = overlap_of(a, b);
  return overlap >= least ? overlap : 0;
}

// From 1 for boxes in one place down to 0 at the reach, in sizes of the larger; 0 too where one is
// far larger than the other.
double nearness(const Box& a, const Box& b, double aspect, double reach) {
  const double size_a = std::sqrt(a.width * a.height / aspect);
  const double size_b = std::sqrt(b.width * b.height / aspect);
  const double larger = std::max(size_a, size_b), smaller = std::min(size_a, size_b);
  if (larger > following::kLargestGrowth * smaller) return 0;
  const double distance = std::hypot(middle(a.x, a.width) - middle(b.x, b.width),
                                     (middle(a.y, a.height) - middle(b.y, b.height)) / aspect);
  return 1 - distance / (reach * larger);
}

template <typename Out>
void remove_if(Out out, std::vector<size_t>* list) {
  list->erase(std::remove_if(list->begin(), list->end(), out), list->end());
}

template <typename Keep>
std::vector<size_t> select(size_t count, Keep keep) {
  std::vector<size_t> kept;
  for (size_t i = 0; i < count; ++i) {
    if (keep(i)) kept.push_back(i);
  }
  return kept;
}

}  // namespace

void BoxTracker::move_with(const CameraStep& step) {
  const bool trusted = step.motion.trust >= static_cast<float>(following::kCameraTrust);
  camera_ = trusted ? step : CameraStep();
  if (!trusted) return;
  for (Track& track : tracks_) track.by_camera.move_with(step.motion);
}

// The filter moves no more where its box was not found for long.
void BoxTracker::move_on(double time_s) {
  for (Track& track : tracks_) {
    const double until_s = std::min(time_s, track.seen_s + following::kMovesOn_s);
    const double from_s = std::min(look_s_, track.seen_s + following::kMovesOn_s);
    const double seconds = std::max(0.0, until_s - from_s);
    track.by_camera.move_on(seconds);
    track.by_picture.move_on(seconds);
  }
  look_s_ = time_s;
}

Box BoxTracker::shown(const Track& track, double time_s) const {
  const double last_s = track.seen_s + following::kMovesOn_s;
  return track.filter().box_after(std::min(time_s, last_s) - std::min(look_s_, last_s));
}

// The class that was seen most often and most surely of late.
void BoxTracker::update_label(const Subject& found, Track* track) {
  const auto share = static_cast<float>(following::kScoreShare);
  if (found.label == track->label) {
    track->label_score += share * (found.score - track->label_score);
    return;
  }
  track->label_score -= share * found.score;
  if (track->label_score >= 0) return;
  track->label = found.label;
  track->label_score = share * found.score;
}

void BoxTracker::update(const Subject& found, double time_s, Track* track) const {
  const auto keep = following::kErrorShare;
  const double camera_error = 1 - overlap_of(track->by_camera.box_after(0), found.box);
  const double picture_error = 1 - overlap_of(track->by_picture.box_after(0), found.box);
  track->camera_error += keep * (camera_error - track->camera_error);
  track->picture_error += keep * (picture_error - track->picture_error);
  track->by_camera.correct(found.box);
  track->by_picture.correct(found.box);
  update_label(found, track);
  track->score += static_cast<float>(following::kScoreShare) * (found.score - track->score);
  track->seen_s = time_s;
  track->confirmed = true;
}

// One round: worth_of says what a pair of a track and a box is worth. A face is never joined to
// what is none. Other classes may be: a network is often not sure what it sees.
template <typename WorthOf>
void BoxTracker::join(double time_s, WorthOf worth_of, Round* round) {
  Worths worths(round->tracks.size(), round->boxes.size());
  for (size_t t = 0; t < worths.rows(); ++t) {
    const Track& track = tracks_[round->tracks[t]];
    const Box by_camera = track.by_camera.box_after(0), by_picture = track.by_picture.box_after(0);
    for (size_t b = 0; b < worths.columns(); ++b) {
      const Subject& found = round->found[round->boxes[b]];
      if (is_face(found) != (track.kind == SubjectKind::kFace)) continue;
      worths.at(t, b) =
          std::max(worth_of(track, by_camera, found), worth_of(track, by_picture, found));
    }
  }
  std::vector<bool> track_done(tracks_.size()), box_done(round->found.size());
  for (const Pair& pair : best_pairs(worths)) {
    const size_t track = round->tracks[pair.row], box = round->boxes[pair.column];
    update(round->found[box], time_s, &tracks_[track]);
    track_done[track] = box_done[box] = true;
  }
  remove_if([&](size_t i) { return track_done[i]; }, &round->tracks);
  remove_if([&](size_t i) { return box_done[i]; }, &round->boxes);
}

std::vector<size_t> BoxTracker::tracks_seen(double from_s, double before_s) const {
  return select(tracks_.size(), [&](size_t i) {
    return tracks_[i].seen_s >= from_s && tracks_[i].seen_s < before_s;
  });
}

void BoxTracker::look(const std::vector<Subject>& found, double time_s) {
  // A track that waits for its second look has as long as a box is shown.
  const auto gone = [&](const Track& track) {
    return time_s - track.seen_s > (track.confirmed ? following::kBuffer_s : kUnseen_s);
  };
  tracks_.erase(std::remove_if(tracks_.begin(), tracks_.end(), gone), tracks_.end());
  const double last_look_s = look_s_;
  move_on(time_s);
  const auto overlap = [](double least) {
    return [least](const Track&, const Box& expected, const Subject& box) {
      return overlap_from(least, expected, box.box);
    };
  };
  const auto strong = static_cast<float>(settings_.strong);
  const auto is_strong = [&](size_t i) { return found[i].score >= strong; };
  Round first{found, select(tracks_.size(), [](size_t) { return true; }),
              select(found.size(), is_strong)};
  join(time_s, overlap(following::kStrongOverlap), &first);

  // Weak boxes confirm nothing, nor do they bring back what is no longer shown.
  Round second{found, tracks_seen(time_s - kUnseen_s, time_s),
               select(found.size(), [&](size_t i) { return !is_strong(i); })};
  const auto waits = [&](size_t i) { return !tracks_[i].confirmed; };
  remove_if(waits, &second.tracks);
  join(time_s, overlap(following::kWeakOverlap), &second);

  Round third{found, tracks_seen(last_look_s, time_s), first.boxes};
  const auto near = [&](const Track& track, const Box& expected, const Subject& box) {
    const double away_s = time_s - track.seen_s;
    const double reach = std::min(following::kNear, following::kNearSpeed * away_s);
    return nearness(expected, box.box, settings_.aspect, reach);
  };
  join(time_s, near, &third);
  for (const size_t i : third.boxes) {
    const Subject& box = found[i];
    const BoxFilter filter(box.box, settings_.aspect);
    tracks_.push_back(
        {filter, filter, time_s, box.score, !looked_, next_id_++, box.kind, box.label, box.score});
  }
  looked_ = true;
}

// How fast the camera's motion moves the middle of a box through the picture.
Speed BoxTracker::camera_speed(const Box& box) const {
  if (!(camera_.seconds > 0)) return {};
  const CameraMotion& camera = camera_.motion;
  const double x = middle(box.x, box.width) - 0.5;
  const double y = (middle(box.y, box.height) - 0.5) / settings_.aspect;
  const double across = camera.a * x - camera.b * y + camera.x - x;
  const double down = camera.b * x + camera.a * y + camera.y - y;
  return {across / camera_.seconds, down / camera_.seconds * settings_.aspect};
}

std::vector<Subject> BoxTracker::boxes(double time_s) const {
  std::vector<Subject> boxes;
  for (const Track& track : tracks_) {
    const Box whole = shown(track, time_s), box = inside_picture(whole);
    const bool gone = time_s - track.seen_s > kUnseen_s;
    if (!track.confirmed || gone || !(box.width > 0 && box.height > 0)) continue;
    Subject subject;
    subject.box = box;
    subject.id = track.id;
    subject.kind = track.kind;
    subject.label = track.label;
    subject.score = track.score;
    subject.speed = track.filter().speed();
    if (&track.filter() == &track.by_camera) {
      const Speed camera = camera_speed(whole);
      subject.speed = {subject.speed.x + camera.x, subject.speed.y + camera.y};
    }
    boxes.push_back(subject);
  }
  return boxes;
}

const BoxTracker::Track* BoxTracker::track_of(int64_t id) const {
  const auto same = [id](const Track& track) { return track.id == id; };
  const auto at = std::find_if(tracks_.begin(), tracks_.end(), same);
  return at == tracks_.end() ? nullptr : &*at;
}

bool BoxTracker::found(int64_t id) const {
  const Track* const track = track_of(id);
  return track != nullptr && track->seen_s == look_s_;
}

void BoxTracker::drop(int64_t id) {
  const auto same = [id](const Track& track) { return track.id == id; };
  tracks_.erase(std::remove_if(tracks_.begin(), tracks_.end(), same), tracks_.end());
}

void BoxTracker::reset(Reset reset) {
  if (reset == Reset::kSeek) next_id_ = 0;
  tracks_.clear();
  camera_ = CameraStep();
  looked_ = false;
}

}  // namespace smartcrop
