// SPDX-License-Identifier: MIT
#include "stage4_crop/lock.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "same_subject.h"
#include "stage4_crop/camera.h"

namespace smartcrop {
namespace {

double centre_of(const Box& box, Axis axis) {
  return axis == Axis::kX ? box.x + box.width / 2 : box.y + box.height / 2;
}

double score_of(const Subject& subject, float mass) {
  const double area = std::max(1e-6, subject.box.width * subject.box.height);
  return mass * std::pow(area, camera::kLockArea) * subject.score * subject.preference;
}

bool can_be_chosen(const Subject& subject) {
  const bool found = subject.kind == SubjectKind::kSubject || subject.kind == SubjectKind::kFace;
  return found && subject.id >= 0;
}

// Between two boxes.
Box mixed(const Box& a, const Box& b, double share) {
  const auto mix = [share](double from, double to) { return from + share * (to - from); };
  return {mix(a.x, b.x), mix(a.y, b.y), mix(a.width, b.width), mix(a.height, b.height)};
}

}  // namespace

const Lock::Candidate* Lock::Row::of(int64_t id) const {
  const auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [id](const Candidate& each) { return each.subject.id == id; });
  return found == candidates.end() ? nullptr : &*found;
}

void Lock::set_window(Axis axis, double window) {
  axis_ = axis;
  window_ = window;
}

void Lock::push(const Sample& sample) {
  Row row;
  row.time_s = sample.time_s;
  row.length_s = sample.length_s;
  int faces = 0;
  for (size_t i = 0; i < sample.regions.size(); ++i) {
    const Subject& region = sample.regions[i];
    if (region.followed) row.marked = sample.found[i];
    if (!can_be_chosen(region)) continue;
    const bool large = region.box.width >= camera::kTalkingFace;
    faces += region.kind == SubjectKind::kFace && large ? 1 : 0;
    if (is_part_of_another(region, sample.regions)) continue;
    row.found.push_back({sample.found[i], score_of(region, sample.masses[i])});
    row.found.back().subject.id = id_of_whole(region);
  }
  row.faces_talk = faces >= 2;
  company_.push(sample);
  rows_.push_back(std::move(row));
  path_.clear();
}

void Lock::pop() {
  add(rows_.front(), &over_);
  const Candidate* shown = path_.empty() ? nullptr : rows_.front().of(path_.front());
  if (shown != nullptr) {
    before_ = *shown;
    before_s_ = rows_.front().time_s;
  }
  rows_.pop_front();
  if (path_.empty()) return;
  path_.pop_front();
  if (!path_.empty()) shown_ = path_.front();
}

// Whom another one in the row goes with gets its box and the better score of the two.
void Lock::join(Row* row) const {
  row->candidates = row->found;
  row->asked = row->marked;
  auto& all = row->candidates;
  const auto find = [&all](int64_t id) {
    return std::find_if(all.begin(), all.end(),
                        [id](const Candidate& each) { return each.subject.id == id; });
  };
  const auto widen = [this](Subject* subject, const Subject& other) {
    subject->box = widened(subject->box, other.box, axis_, window_);
  };
  for (const Candidate& each : row->found) {
    const int64_t lead = company_.lead_of(each.subject.id);
    const auto first = find(lead);
    if (lead == each.subject.id || first == all.end()) continue;
    widen(&first->subject, each.subject);
    first->score = std::max(first->score, each.score);
    if (row->asked && can_be_chosen(*row->asked) && company_.lead_of(row->asked->id) == lead) {
      widen(&*row->asked, first->subject);
    }
    all.erase(find(each.subject.id));
  }
}

void Lock::add(const Row& row, Record* record) const {
  record->all_s += row.length_s;
  if (row.faces_talk) record->talk_s += row.length_s;
  for (const Candidate& each : row.candidates) {
    Standing& standing = record->subjects[each.subject.id];
    standing.seen_s += row.length_s;
    standing.score += row.length_s * each.score;
    standing.place += row.length_s * centre_of(each.subject.box, axis_);
  }
}

// One subject stands out.
bool Lock::is_open(const Record& all) const {
  if (all.talk_s >= camera::kTalkingTime * all.all_s) return false;
  const auto total = [&all](const Standing& standing) {
    const double stays = standing.seen_s / std::max(1e-9, all.all_s);
    return standing.score * std::pow(stays, camera::kLockStays);
  };
  const Standing* best = nullptr;
  int64_t best_id = kNobody;
  for (const auto& [id, standing] : all.subjects) {
    if (best != nullptr && total(standing) <= total(*best)) continue;
    best = &standing;
    best_id = id;
  }
  if (best == nullptr || !(best->seen_s > 0)) return false;
  const double place = best->place / best->seen_s;
  for (const auto& [id, standing] : all.subjects) {
    if (company_.lead_of(id) == company_.lead_of(best_id) || !(standing.seen_s > 0)) continue;
    const bool elsewhere = std::abs(standing.place / standing.seen_s - place) > window_ / 2;
    if (elsewhere && total(standing) > camera::kRival * total(*best)) return false;
  }
  return true;
}

double Lock::worth(const Row& row, int64_t id, const Record& all) const {
  if (id == kNobody) return camera::kMapWorth;
  const Candidate* candidate = row.of(id);
  if (candidate == nullptr) return 0;
  const double stays = all.subjects.at(id).seen_s / std::max(1e-9, all.all_s);
  const double score = candidate->score * std::pow(stays, camera::kLockStays);
  return score / (score + camera::kLockHalf);
}

void Lock::solve() {
  if (rows_.empty() || solved()) return;
  company_.solve();
  for (Row& row : rows_) join(&row);
  if (shown_) shown_ = company_.lead_of(*shown_);
  Record all = over_;
  for (const Row& row : rows_) add(row, &all);
  std::vector<int64_t> states{kNobody};
  if (is_open(all)) {
    for (const auto& [id, standing] : all.subjects) {
      if (standing.seen_s > 0) states.push_back(id);
    }
  }
  const double change = camera::kLockChange;
  std::vector<double> best(states.size());
  std::vector<std::vector<size_t>> origins;
  for (size_t k = 0; k < rows_.size(); ++k) {
    std::vector<size_t> origin(states.size());
    const size_t top =
        static_cast<size_t>(std::max_element(best.begin(), best.end()) - best.begin());
    std::vector<double> next(states.size());
    for (size_t i = 0; i < states.size(); ++i) {
      const bool stays = k > 0 && best[i] >= best[top] - change;
      const double price = k == 0 && shown_ && *shown_ != states[i] ? change : 0;
      origin[i] = stays ? i : top;
      const double before = k == 0 ? -price : stays ? best[i] : best[top] - change;
      next[i] = before + rows_[k].length_s * worth(rows_[k], states[i], all);
    }
    best = next;
    origins.push_back(std::move(origin));
  }
  path_.assign(rows_.size(), kNobody);
  size_t at = static_cast<size_t>(std::max_element(best.begin(), best.end()) - best.begin());
  for (size_t k = rows_.size(); k-- > 0;) {
    path_[k] = states[at];
    at = origins[k][at];
  }
  shown_ = path_.front();
}

// A subject that is not seen at a sample, from the samples around it.
std::optional<Subject> Lock::between(size_t sample, int64_t id) const {
  const double now_s = rows_[sample].time_s;
  const Candidate *before = nullptr, *after = nullptr;
  double before_s = 0, after_s = 0;
  for (size_t i = sample + 1; i-- > 0 && before == nullptr;) {
    before = rows_[i].of(id);
    before_s = rows_[i].time_s;
  }
  if (before == nullptr && before_ && before_->subject.id == id) {
    before = &*before_;
    before_s = before_s_;
  }
  for (size_t i = sample; i < rows_.size() && after == nullptr; ++i) {
    after = rows_[i].of(id);
    after_s = rows_[i].time_s;
  }
  if (before != nullptr && now_s - before_s > camera::kLockGap_s) before = nullptr;
  if (after != nullptr && after_s - now_s > camera::kLockGap_s) after = nullptr;
  if (before == nullptr && after == nullptr) return std::nullopt;
  if (before == nullptr || after == nullptr) return (before == nullptr ? after : before)->subject;
  Subject subject = before->subject;
  const double share = after_s > before_s ? (now_s - before_s) / (after_s - before_s) : 0;
  subject.box = mixed(before->subject.box, after->subject.box, share);
  return subject;
}

std::optional<Subject> Lock::at(size_t sample) const {
  if (rows_[sample].asked) return rows_[sample].asked;
  const int64_t id = path_[sample];
  if (id == kNobody) return std::nullopt;
  return between(sample, id);
}

}  // namespace smartcrop
