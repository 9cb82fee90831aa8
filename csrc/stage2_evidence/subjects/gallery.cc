// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/gallery.h"

#include <algorithm>
#include <cstddef>

#include "inference/box_decoder.h"
#include "stage2_evidence/subjects/assignment.h"
#include "stage2_evidence/subjects/following.h"

namespace smartcrop {
namespace {

// Of the view that is most alike.
double best_likeness(const std::vector<Appearance>& views, const Appearance& seen) {
  double best = 0;
  for (const Appearance& view : views) best = std::max(best, likeness_of(view, seen));
  return best;
}

}  // namespace

Gallery::Entry* Gallery::find(int64_t id) {
  const auto same = [id](const Entry& each) { return each.id == id; };
  const auto at = std::find_if(entries_.begin(), entries_.end(), same);
  return at == entries_.end() ? nullptr : &*at;
}

// A view that is nearly one that is kept, or one too many, takes the place of the nearest.
void Gallery::add(const Appearance& view, std::vector<Appearance>* views) {
  size_t nearest = 0;
  double most = -1;
  for (size_t i = 0; i < views->size(); ++i) {
    const double likeness = likeness_of((*views)[i], view);
    if (likeness <= most) continue;
    most = likeness;
    nearest = i;
  }
  const bool is_new = most < following::kSameView;
  const bool room = views->size() < static_cast<size_t>(following::kMostViews);
  if (is_new && room) {
    views->push_back(view);
  } else {
    (*views)[nearest] = view;
  }
}

void Gallery::learn(const Newcomer& subject, double time_s) {
  Entry* entry = find(subject.id);
  if (entry == nullptr) {
    if (entries_.size() >= static_cast<size_t>(following::kMostKnown)) {
      entries_.erase(
          std::min_element(entries_.begin(), entries_.end(),
                           [](const Entry& a, const Entry& b) { return a.seen_s < b.seen_s; }));
    }
    entries_.push_back({subject.id, subject.kind, subject.label, time_s, {}, {}});
    entry = &entries_.back();
  }
  entry->label = subject.label;
  entry->seen_s = time_s;
  entry->place = subject.box;
  add(subject.seen, &entry->views);
}

std::vector<std::optional<int64_t>> Gallery::recall(const std::vector<Newcomer>& newcomers,
                                                    const std::set<int64_t>& in_view) const {
  Worths worths(newcomers.size(), entries_.size());
  for (size_t n = 0; n < newcomers.size(); ++n) {
    const Newcomer& newcomer = newcomers[n];
    double best = 0, second = 0;
    size_t most_alike = 0;
    for (size_t e = 0; e < entries_.size(); ++e) {
      const Entry& entry = entries_[e];
      const bool may_be = entry.kind == newcomer.kind && entry.label == newcomer.label;
      if (!may_be || entry.id == newcomer.id) continue;
      const double stayed = entry.place ? overlap_of(*entry.place, newcomer.box) : 0;
      const double likeness =
          best_likeness(entry.views, newcomer.seen) + following::kSamePlace * stayed;
      second = std::max(second, std::min(best, likeness));
      if (likeness <= best) continue;
      best = likeness;
      most_alike = e;
    }
    const bool is_face = newcomer.kind == SubjectKind::kFace;
    const double least = is_face ? following::kSameFace : following::kSameLook;
    const bool is_sure = best >= least && best - second >= following::kClearLook;
    if (is_sure && in_view.count(entries_[most_alike].id) == 0) worths.at(n, most_alike) = best;
  }
  std::vector<std::optional<int64_t>> known(newcomers.size());
  for (const Pair& pair : best_pairs(worths)) known[pair.row] = entries_[pair.column].id;
  return known;
}

void Gallery::begin_shot() {
  for (Entry& each : entries_) each.place.reset();
}

void Gallery::join(int64_t id, int64_t other) {
  Entry* const old = find(other);
  Entry* const kept = find(id);
  if (old == nullptr || kept == nullptr) return;
  for (const Appearance& view : old->views) add(view, &kept->views);
  entries_.erase(entries_.begin() + (old - entries_.data()));
}

}  // namespace smartcrop
