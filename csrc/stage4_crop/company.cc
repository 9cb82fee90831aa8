// SPDX-License-Identifier: MIT
#include "stage4_crop/company.h"

#include <algorithm>
#include <cmath>

#include "stage4_crop/camera.h"

namespace smartcrop {
namespace {

bool can_go_with_another(const Subject& subject) {
  return subject.kind == SubjectKind::kSubject && subject.id >= 0 && subject.label >= 0;
}

// The room between two boxes along an axis; below 0 where they overlap.
double room_between(const Box& a, const Box& b, Axis axis) {
  const Span one = along(a, axis), other = along(b, axis);
  return std::max(one.lowest, other.lowest) - std::min(one.highest, other.highest);
}

// The variance of places, of their sums.
double spread(double sum, double squares, double total) {
  const double mean = sum / total;
  return std::max(0.0, squares / total - mean * mean);
}

}  // namespace

void Company::push(const Sample& sample) {
  if (!(sample.length_s > 0)) return;
  for (const Subject& first : sample.regions) {
    if (!can_go_with_another(first)) continue;
    seen_s_[first.id] += sample.length_s;
    for (const Subject& second : sample.regions) {
      if (!can_go_with_another(second) || rank_of(first) >= rank_of(second)) continue;
      add(first, second, sample);
    }
  }
}

// A detector may take a subject for another class from look to look.
int Company::rank_of(const Subject& subject) {
  return ranks_.emplace(subject.id, subject.label).first->second;
}

void Company::add(const Subject& first, const Subject& second, const Sample& sample) {
  const Box &a = first.box, &b = second.box;
  const double width = std::max(a.width, b.width), height = std::max(a.height, b.height);
  if (!(width > 0 && height > 0)) return;
  if (room_between(a, b, Axis::kX) > camera::kTouch * width) return;
  if (room_between(a, b, Axis::kY) > camera::kTouch * height) return;
  const double at_x = a.x + a.width / 2, at_y = a.y + a.height / 2;
  const double x = (b.x + b.width / 2 - at_x) / width, y = (b.y + b.height / 2 - at_y) / height;
  const double length_s = sample.length_s;
  Pair& pair = pairs_[{first.id, second.id}];
  pair.touching_s += length_s;
  pair.x += length_s * x;
  pair.y += length_s * y;
  pair.x_squared += length_s * x * x;
  pair.y_squared += length_s * y * y;
  pair.lowest_x = std::min(pair.lowest_x, at_x);
  pair.highest_x = std::max(pair.highest_x, at_x);
  pair.lowest_y = std::min(pair.lowest_y, at_y);
  pair.highest_y = std::max(pair.highest_y, at_y);
  pair.width += length_s * a.width;
  pair.height += length_s * a.height;
  pair.panned += length_s * std::abs(sample.pan);
}

bool Company::is_one(const Pair& pair, double seen_s) const {
  const double total = pair.touching_s;
  if (total < camera::kCompany_s || total < camera::kCompanyShare * seen_s) return false;
  const double off =
      std::max(spread(pair.x, pair.x_squared, total), spread(pair.y, pair.y_squared, total));
  if (off > camera::kCompanySteady * camera::kCompanySteady) return false;
  const double went_x = std::max(pair.highest_x - pair.lowest_x, pair.panned);
  const double went_y = pair.highest_y - pair.lowest_y;
  return std::max(went_x * total / pair.width, went_y * total / pair.height) >=
         camera::kCompanyGoes;
}

// Of several that a subject may go with, the one whom it touches longest.
void Company::solve() {
  leads_.clear();
  std::map<int64_t, double> longest_s;
  for (const auto& [ids, pair] : pairs_) {
    const auto& [first, second] = ids;
    if (!is_one(pair, std::min(seen_s_.at(first), seen_s_.at(second)))) continue;
    if (pair.touching_s <= longest_s[second]) continue;
    longest_s[second] = pair.touching_s;
    leads_[second] = first;
  }
}

int64_t Company::lead_of(int64_t id) const {
  // Ranks fall from one to the next, so this ends.
  for (auto at = leads_.find(id); at != leads_.end(); at = leads_.find(id)) id = at->second;
  return id;
}

Box widened(const Box& box, const Box& other, Axis axis, double window) {
  const double left = std::min(box.x, other.x), top = std::min(box.y, other.y);
  const double right = std::max(box.x + box.width, other.x + other.width);
  const double bottom = std::max(box.y + box.height, other.y + other.height);
  Box both{left, top, right - left, bottom - top};
  const Span own = along(box, axis), all = along(both, axis);
  const double more = (all.highest - all.lowest) - (own.highest - own.lowest);
  const double room = std::max(0.0, window - (own.highest - own.lowest));
  if (more <= room) return both;
  const double share = room / more;
  const double start = own.lowest + share * (all.lowest - own.lowest);
  const double length = own.highest + share * (all.highest - own.highest) - start;
  (axis == Axis::kX ? both.x : both.y) = start;
  (axis == Axis::kX ? both.width : both.height) = length;
  return both;
}

}  // namespace smartcrop
