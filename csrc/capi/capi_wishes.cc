// SPDX-License-Identifier: MIT
// The C interface: runs over the points of a plan, and a person's wishes.
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "capi/capi.h"

using smartcrop::guarded;
using smartcrop::require;
using smartcrop::take;
using smartcrop::take_array;

namespace {

std::optional<double> said(double share, int32_t says, int32_t bit) {
  if ((says & bit) == 0) return std::nullopt;
  return share;
}

std::vector<smartcrop_point> points_of(const smartcrop_point_list& list) {
  constexpr auto kMost = std::numeric_limits<int32_t>::max();
  require(list.points != nullptr && list.count > 0, "open_points needs one point at least");
  require(list.count <= static_cast<size_t>(kMost),
          "there are more points than a video has frames");
  require(list.reserved == 0, "points: reserved has to be 0");
  const auto count = static_cast<int64_t>(list.count);
  std::vector<smartcrop_point> copies;
  const smartcrop_point* first = take_array(list.points, count, kMost, list.point_size, &copies);
  if (first == list.points) copies.assign(first, first + count);
  return copies;
}

}  // namespace

extern "C" {

int smartcrop_open_points(smartcrop_context** context, const smartcrop_options* options,
                          const smartcrop_stream* stream, const smartcrop_point_list* points,
                          smartcrop_log log, void* cookie) {
  (void)log;  // nothing is opened that could fail and be done without
  (void)cookie;
  if (context != nullptr) *context = nullptr;
  return guarded([=] {
    require(context != nullptr && options != nullptr,
            "open_points needs a place for the context and options");
    *context = new smartcrop_context{
        smartcrop::Session(options->values, take(stream), points_of(take(points))), {}};
    return SMARTCROP_OK;
  });
}

int smartcrop_wish_shot(smartcrop_context* context, const smartcrop_shot_wish* wish) {
  return guarded([=] {
    require(context != nullptr, "wish_shot needs a context");
    const smartcrop_shot_wish asked = take(wish);
    constexpr int32_t kAll = SMARTCROP_WISH_STRATEGY | SMARTCROP_WISH_X | SMARTCROP_WISH_Y;
    require((asked.says & ~kAll) == 0, "a wish for a shot says what this library does not know");
    require(asked.reserved == 0, "a wish for a shot: reserved has to be 0");
    std::optional<int> strategy;
    if ((asked.says & SMARTCROP_WISH_STRATEGY) != 0) strategy = asked.strategy;
    context->session.ask(asked.shot, strategy, said(asked.x, asked.says, SMARTCROP_WISH_X),
                         said(asked.y, asked.says, SMARTCROP_WISH_Y));
    return SMARTCROP_OK;
  });
}

int smartcrop_wish_key(smartcrop_context* context, const smartcrop_key_wish* wish) {
  return guarded([=] {
    require(context != nullptr, "wish_key needs a context");
    const smartcrop_key_wish asked = take(wish);
    require((asked.says & ~SMARTCROP_WISH_Y) == 0,
            "a wish for a key frame says what this library does not know");
    const smartcrop::KeyFrame key{asked.time, asked.x, said(asked.y, asked.says, SMARTCROP_WISH_Y)};
    context->session.ask(asked.shot, key);
    return SMARTCROP_OK;
  });
}

}  // extern "C"
