// SPDX-License-Identifier: MIT
// A person and her face are two boxes, and one subject.
#ifndef SMARTCROP_SAME_SUBJECT_H_
#define SMARTCROP_SAME_SUBJECT_H_

#include <algorithm>
#include <vector>

#include "types.h"

namespace smartcrop {

// True for a face whose owner is among the subjects, whose box stands for both.
inline bool is_part_of_another(const Subject& face, const std::vector<Subject>& subjects) {
  return face.owner >= 0 &&
         std::any_of(subjects.begin(), subjects.end(),
                     [&face](const Subject& each) { return each.id == face.owner; });
}

// By which a subject is chosen: a face that is seen alone stands for its owner.
inline int64_t id_of_whole(const Subject& subject) {
  return subject.owner >= 0 ? subject.owner : subject.id;
}

}  // namespace smartcrop

#endif  // SMARTCROP_SAME_SUBJECT_H_
