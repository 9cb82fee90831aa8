// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/owners.h"

#include <algorithm>
#include <cmath>

#include "inference/box_decoder.h"
#include "stage2_evidence/subjects/assignment.h"

namespace smartcrop {
namespace {

// Looks in a row until it is known, or no more.
constexpr int kSure = 3;
// Faces that are remembered; the newest ones, by their ids.
constexpr size_t kMostFaces = 256;
// A head's middle lies within this share of the body's width beside its middle, and its top within
// this share of the body's height under its top, for a body that leans or lifts its arms.
constexpr double kBeside = 0.4, kBelow = 0.4;
// The share of a face that lies in its body's box, and its height as a share of the body's.
constexpr double kInside = 0.7, kTallest = 0.9;

// How well a face has to be at a head for the body to be known by it.
constexpr double kClearlyHers = 0.4;

double shared_area(const Box& a, const Box& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  return std::max(0.0, width) * std::max(0.0, height);
}

}  // namespace

double is_at_head(const Box& face, const Box& person) {
  if (shared_area(face, person) < kInside * face.width * face.height) return 0;
  if (face.height > kTallest * person.height || face.width > person.width) return 0;
  const double beside =
      std::abs(face.x + face.width / 2 - person.x - person.width / 2) / (kBeside * person.width);
  const double below = std::max(0.0, face.y - person.y) / (kBelow * person.height);
  return std::max(0.0, 1 - std::max(beside, below));
}

bool Owners::Claim::is_sure() const { return agreed >= kSure; }

int64_t Owners::owner_of(int64_t face) const {
  const auto at = claims_.find(face);
  return at != claims_.end() && at->second.is_sure() ? at->second.person : -1;
}

// at_head_of: the person at whose head the face is at this look; -1: nobody's.
void Owners::weigh(int64_t face, int64_t at_head_of, bool is_owner_seen) {
  Claim& claim = claims_[face];
  if (at_head_of == claim.person) {
    if (at_head_of >= 0) claim.agreed = std::min(kSure, claim.agreed + 1);
    claim.doubted = 0;
    return;
  }
  if (claim.is_sure()) {
    claim.doubted += is_owner_seen || at_head_of >= 0 ? 1 : 0;
    if (claim.doubted < kSure) return;
  }
  claim = {at_head_of, at_head_of >= 0 ? 1 : 0, 0};
}

std::vector<Owners::Known> Owners::look(const std::vector<Subject>& subjects) {
  std::vector<const Subject*> faces, people;
  for (const Subject& each : subjects) {
    if (is_face(each)) faces.push_back(&each);
    if (!is_face(each) && is_person_(each.label)) people.push_back(&each);
  }
  Worths worths(faces.size(), people.size());
  for (size_t f = 0; f < faces.size(); ++f) {
    for (size_t p = 0; p < people.size(); ++p) {
      const double nearness = is_at_head(faces[f]->box, people[p]->box);
      // It stays with its owner, also where another one's box fits it better.
      const bool is_hers = owner_of(faces[f]->id) == people[p]->id;
      worths.at(f, p) = nearness > 0 && is_hers ? 1 + nearness : nearness;
    }
  }
  std::vector<int64_t> at_head_of(faces.size(), -1);
  std::vector<double> nearness(faces.size());
  for (const Pair& pair : best_pairs(worths)) {
    at_head_of[pair.row] = people[pair.column]->id;
    nearness[pair.row] = worths.at(pair.row, pair.column);
  }
  std::vector<Known> known;
  for (size_t f = 0; f < faces.size(); ++f) {
    const int64_t owner = owner_of(faces[f]->id);
    const bool is_seen =
        std::any_of(subjects.begin(), subjects.end(),
                    [owner](const Subject& each) { return owner >= 0 && each.id == owner; });
    if (owner >= 0 && !is_seen && nearness[f] >= kClearlyHers) {
      known.push_back({at_head_of[f], owner});
    }
    weigh(faces[f]->id, at_head_of[f], is_seen);
  }
  while (claims_.size() > kMostFaces) claims_.erase(claims_.begin());
  return known;
}

}  // namespace smartcrop
