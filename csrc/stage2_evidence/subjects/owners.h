// SPDX-License-Identifier: MIT
// Whose face a face is.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_OWNERS_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_OWNERS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "types.h"

namespace smartcrop {

// How well the face is where that of the person would be: from 1 for the middle of the head down to
// 0 for another one's.
double is_at_head(const Box& face, const Box& person);

// A face is a person's where it was at the person's head for some looks in a row. It stays so until
// both were seen apart as often. Both have ids that outlast cuts, and so does what is known here.
class Owners {
 public:
  // is_person: whether a class is people. Where nobody can say, all but faces may have one.
  explicit Owners(std::function<bool(int)> is_person) : is_person_(std::move(is_person)) {}

  // A body whose id is new, and the id of the person whose face is at its head.
  struct Known {
    int64_t body, person;
  };
  // After a look, with all that is in view. Answers who is known by her face, where her body was
  // not: from now on the body goes by the person's id.
  std::vector<Known> look(const std::vector<Subject>& subjects);
  // The id of the person whose face this is; -1: it is not known.
  int64_t owner_of(int64_t face) const;
  void clear() { claims_.clear(); }

 private:
  struct Claim {
    int64_t person = -1;  // whose it is, or seems to be
    int agreed = 0;       // looks in a row
    int doubted = 0;      // the same
    bool is_sure() const;
  };
  void weigh(int64_t face, int64_t at_head_of, bool is_owner_seen);

  std::function<bool(int)> is_person_;
  std::map<int64_t, Claim> claims_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_OWNERS_H_
