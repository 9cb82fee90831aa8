// SPDX-License-Identifier: MIT
// The option follow: whom a person wants the window to follow, and from when on.
#ifndef SMARTCROP_FOLLOW_WISH_H_
#define SMARTCROP_FOLLOW_WISH_H_

#include <cstdint>
#include <string>
#include <vector>

#include "types.h"

namespace smartcrop {

// Of several, the last that has begun counts.
struct FollowWish {
  enum class Kind {
    kAuto,   // whom the camera chooses
    kPoint,  // what is at the point box.x, box.y
    kBox,    // what is in the box
    kId      // the subject of this id, as the interface counts them
  };
  Kind kind = Kind::kAuto;
  Box box;
  int64_t id = -1;      // as Subject::id
  double from_s = 0;    // seconds from the first frame
  bool is_now = false;  // no time was given
};

// Reads XxY, XxYxWxH, #ID or auto, each with @SECONDS or from the start on, joined by +. Throws
// Error(ERROR_OPTION) with what is wrong; the wishes come in the order of their times.
std::vector<FollowWish> parse_follow(const std::string& text);

// The wish that counts at this time; nullptr: none has begun.
const FollowWish* wish_at(const std::vector<FollowWish>& wishes, double time_s);

}  // namespace smartcrop

#endif  // SMARTCROP_FOLLOW_WISH_H_
