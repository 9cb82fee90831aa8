// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/recognition.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "inference/box_decoder.h"
#include "stage2_evidence/subjects/following.h"

namespace smartcrop {
namespace {

// Pictures that are cut out at a look, at most.
constexpr size_t kMostPictures = 8;

// Its colours are its own, and enough of them are seen.
bool is_clear(const Subject& subject, const std::vector<Subject>& shown) {
  if (std::max(subject.box.width, subject.box.height) < following::kLeastShown) return false;
  return std::none_of(shown.begin(), shown.end(), [&subject](const Subject& each) {
    const bool other = each.id != subject.id && is_face(each) == is_face(subject);
    return other && overlap_of(each.box, subject.box) > following::kMostCovered;
  });
}

}  // namespace

int64_t Recognition::id_of(int64_t track) const {
  const auto at = tracks_.find(track);
  return at == tracks_.end() ? track : at->second.id;
}

bool Recognition::is_compared(const Known& known) {
  return !known.is_old && known.compared < following::kRecallLooks;
}

std::vector<const Subject*> Recognition::choose(const std::vector<Subject>& shown, double time_s,
                                                const BoxTracker& tracker) const {
  std::vector<const Subject*> chosen;
  for (const Subject& each : shown) {
    const Known& known = tracks_.at(each.id);
    const bool due = is_compared(known) || time_s - known.learned_s >= following::kLearn_s;
    if (due && tracker.found(each.id) && is_clear(each, shown)) chosen.push_back(&each);
  }
  std::stable_sort(chosen.begin(), chosen.end(), [this](const Subject* a, const Subject* b) {
    return tracks_.at(a->id).learned_s < tracks_.at(b->id).learned_s;
  });
  if (chosen.size() > kMostPictures) chosen.resize(kMostPictures);
  return chosen;
}

Newcomer Recognition::cut_out(Pictures* pictures, const Subject& subject) const {
  const Box& box = subject.box;
  const Window part{box.x * picture_.width, box.y * picture_.height, box.width * picture_.width,
                    box.height * picture_.height};
  return {id_of(subject.id), subject.kind, subject.label,
          appearance_of(pictures->rgb_of(part, kAppearanceSize)), box};
}

void Recognition::take(int64_t track, int64_t id, BoxTracker* tracker) {
  for (auto at = tracks_.begin(); at != tracks_.end();) {
    const bool ended = at->first != track && at->second.id == id;
    if (ended) tracker->drop(at->first);
    at = ended ? tracks_.erase(at) : std::next(at);
  }
  Known& known = tracks_.at(track);
  gallery_.join(id, known.id);
  known.id = id;
  known.is_old = true;
}

void Recognition::know(int64_t id, int64_t before, BoxTracker* tracker) {
  const auto is_it = [id](const auto& each) { return each.second.id == id; };
  const auto at = std::find_if(tracks_.begin(), tracks_.end(), is_it);
  if (at == tracks_.end() || at->second.is_old) return;
  if (at->second.looks <= following::kKnowLooks) take(at->first, before, tracker);
}

void Recognition::look(Pictures* pictures, double time_s, BoxTracker* tracker) {
  for (auto at = tracks_.begin(); at != tracks_.end();) {
    at = tracker->has(at->first) ? std::next(at) : tracks_.erase(at);
  }
  const std::vector<Subject> shown = tracker->boxes(time_s);
  std::set<int64_t> in_view;
  for (const Subject& each : shown) {
    Known& known = tracks_.insert({each.id, {each.id}}).first->second;
    ++known.looks;
    in_view.insert(known.id);
  }
  const std::vector<const Subject*> chosen = choose(shown, time_s, *tracker);
  std::vector<Newcomer> pictured, compared;
  std::vector<int64_t> tracks;
  for (const Subject* each : chosen) {
    pictured.push_back(cut_out(pictures, *each));
    if (!is_compared(tracks_.at(each->id))) continue;
    compared.push_back(pictured.back());
    tracks.push_back(each->id);
  }
  const std::vector<std::optional<int64_t>> had = gallery_.recall(compared, in_view);
  for (size_t i = 0; i < had.size(); ++i) {
    ++tracks_.at(tracks[i]).compared;
    if (had[i]) take(tracks[i], *had[i], tracker);
  }
  for (size_t i = 0; i < chosen.size(); ++i) {
    Known& known = tracks_.at(chosen[i]->id);
    if (time_s - known.learned_s < following::kLearn_s) continue;
    known.learned_s = time_s;
    pictured[i].id = known.id;
    gallery_.learn(pictured[i], time_s);
  }
}

void Recognition::reset(Reset reset) {
  tracks_.clear();
  gallery_.begin_shot();
  if (reset == Reset::kSeek) gallery_.clear();
}

}  // namespace smartcrop
