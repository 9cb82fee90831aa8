// SPDX-License-Identifier: MIT
// What the subjects of a video looked like, to know one again who comes back.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_GALLERY_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_GALLERY_H_

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "stage2_evidence/subjects/appearance.h"
#include "types.h"

namespace smartcrop {

// Somebody who may have been seen before.
struct Newcomer {
  int64_t id = -1;  // until it is known whose it is
  SubjectKind kind = SubjectKind::kSubject;
  int label = -1;
  Appearance seen;
  Box box;  // where it is
};

// Keeps a few pictures' vectors of each subject, of moments at which it looked different. The
// subjects that were seen last are kept, following::kMostKnown of them.
class Gallery {
 public:
  // What the subject looks like now.
  void learn(const Newcomer& subject, double time_s);
  // For each newcomer the id that it had before, if that is sure: it looks enough like that
  // subject, and clearly more than like any other; less will do where it was last, in this shot.
  // Only subjects of its kind and class count, and of these only those that are not in view. No two
  // get one id.
  std::vector<std::optional<int64_t>> recall(const std::vector<Newcomer>& newcomers,
                                             const std::set<int64_t>& in_view) const;
  // Two ids were of one subject; the first one stays.
  void join(int64_t id, int64_t other);
  // After a cut places say nothing.
  void begin_shot();
  void clear() { entries_.clear(); }
  bool empty() const { return entries_.empty(); }

 private:
  struct Entry {
    int64_t id;
    SubjectKind kind;
    int label;
    double seen_s;
    std::vector<Appearance> views;
    std::optional<Box> place;  // where it was last, in this shot
  };
  Entry* find(int64_t id);
  static void add(const Appearance& view, std::vector<Appearance>* views);

  std::vector<Entry> entries_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_GALLERY_H_
