// SPDX-License-Identifier: MIT
#include "follow_wish.h"

#include <algorithm>
#include <cmath>

#include "error.h"
#include "option_kinds.h"

namespace smartcrop {
namespace {

constexpr int64_t kLargestId = int64_t{1} << 53;

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char each : text) {
    if (each == at) {
      parts.emplace_back();
    } else {
      parts.back() += each;
    }
  }
  return parts;
}

[[noreturn]] void refuse(const std::string& part, const std::string& problem) {
  throw Error(SMARTCROP_ERROR_OPTION, "option follow: '" + part + "' " + problem);
}

// A point or a box, in shares of the picture.
void read_place(const std::string& part, const std::string& place, FollowWish* wish) {
  std::vector<double> shares;
  for (const std::string& each : split(place, 'x')) {
    double share;
    if (!read_number(each, &share)) {
      refuse(part,
             "is no place; write XxY or XxYxWxH in shares of the picture, such as 0.31x0.42, "
             "or #3 for a subject, or auto");
    }
    if (!(share >= 0 && share <= 1)) refuse(part, "lies outside the picture; shares are 0 to 1");
    shares.push_back(share);
  }
  if (shares.size() == 2) {
    wish->kind = FollowWish::Kind::kPoint;
    wish->box = {shares[0], shares[1], 0, 0};
    return;
  }
  if (shares.size() != 4)
    refuse(part, "has " + std::to_string(shares.size()) + " numbers, not 2 or 4");
  wish->kind = FollowWish::Kind::kBox;
  wish->box = {shares[0], shares[1], shares[2], shares[3]};
  if (!(shares[2] > 0 && shares[3] > 0)) refuse(part, "has a box without width or height");
  constexpr double kSlack = 1e-6;
  if (shares[0] + shares[2] > 1 + kSlack || shares[1] + shares[3] > 1 + kSlack) {
    refuse(part, "reaches out of the picture; its numbers are left, top, width and height");
  }
}

FollowWish read_wish(const std::string& part) {
  FollowWish wish;
  const size_t at = part.find('@');
  const std::string what = part.substr(0, at);
  wish.is_now = at == std::string::npos;
  if (!wish.is_now && (!read_number(part.substr(at + 1), &wish.from_s) || wish.from_s < 0)) {
    refuse(part, "has no time behind its @; write seconds from the start, such as @12.5");
  }
  if (what == "auto") return wish;
  if (!what.empty() && what[0] == '#') {
    double id;
    if (!read_number(what.substr(1), &id) || id != std::floor(id) || id < 1 ||
        id > static_cast<double>(kLargestId)) {
      refuse(part, "names no subject; write its number, such as #3");
    }
    wish.kind = FollowWish::Kind::kId;
    wish.id = static_cast<int64_t>(id) - 1;
    return wish;
  }
  read_place(part, what, &wish);
  return wish;
}

}  // namespace

std::vector<FollowWish> parse_follow(const std::string& text) {
  std::vector<FollowWish> wishes;
  if (text.empty()) return wishes;
  for (const std::string& part : split(text, '+')) wishes.push_back(read_wish(part));
  std::stable_sort(wishes.begin(), wishes.end(),
                   [](const FollowWish& a, const FollowWish& b) { return a.from_s < b.from_s; });
  for (size_t i = 1; i < wishes.size(); ++i) {
    if (wishes[i].from_s > wishes[i - 1].from_s) continue;
    refuse(text, "asks for two things at " + text_of(wishes[i].from_s) +
                     " s; give all but one of them a time, such as @12.5");
  }
  return wishes;
}

const FollowWish* wish_at(const std::vector<FollowWish>& wishes, double time_s) {
  constexpr double kSlack_s = 0.004;  // containers round times to a millisecond or so
  const FollowWish* found = nullptr;
  for (const FollowWish& wish : wishes) {
    if (wish.from_s <= time_s + kSlack_s) found = &wish;
  }
  return found;
}

}  // namespace smartcrop
