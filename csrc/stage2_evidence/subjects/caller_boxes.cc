// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/caller_boxes.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include "error.h"

namespace smartcrop {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(SMARTCROP_ERROR_ARGUMENT, sentence);
}

void check_box(const smartcrop_box& box, int32_t number) {
  const auto fail = [&](const char* name, double value, const char* wanted) {
    std::ostringstream sentence;
    sentence << "box " << number << " of the frame has " << name << " " << value << ", not "
             << wanted;
    refuse(sentence.str());
  };
  if (!std::isfinite(box.x)) fail("x", box.x, "a number of pixels");
  if (!std::isfinite(box.y)) fail("y", box.y, "a number of pixels");
  const char* size = "a number of pixels above 0";
  if (!(std::isfinite(box.width) && box.width > 0)) fail("width", box.width, size);
  if (!(std::isfinite(box.height) && box.height > 0)) fail("height", box.height, size);
  if (!(box.weight >= 0 && box.weight <= 100)) fail("weight", box.weight, "0 to 100");
  if (!(box.score >= 0 && box.score <= 1)) fail("score", box.score, "0 to 1");
  if (box.category < 0) fail("category", box.category, "0 or more");
  if (box.followed != 0 && box.followed != 1) fail("followed", box.followed, "0 or 1");
}

}  // namespace

void check_boxes(const SideData& side) {
  const int32_t count = side.box_count;
  if (count < 0 || count > kMostBoxes) {
    refuse("the frame has a box_count of " + std::to_string(count) + ", not 0 to " +
           std::to_string(kMostBoxes));
  }
  if (count > 0 && side.boxes == nullptr) {
    refuse("the frame has a box_count of " + std::to_string(count) + " and no boxes");
  }
  for (int32_t i = 0; i < count; ++i) check_box(side.boxes[i], i);
}

std::vector<Subject> regions_of(const SideData& side, Size picture) {
  std::vector<Subject> regions;
  for (int32_t i = 0; i < side.box_count; ++i) {
    const smartcrop_box& box = side.boxes[i];
    const double left = std::clamp(box.x / picture.width, 0.0, 1.0);
    const double top = std::clamp(box.y / picture.height, 0.0, 1.0);
    const double right = std::clamp((box.x + box.width) / picture.width, 0.0, 1.0);
    const double bottom = std::clamp((box.y + box.height) / picture.height, 0.0, 1.0);
    if (!(right > left && bottom > top)) continue;
    Subject region;
    region.box = {left, top, right - left, bottom - top};
    region.weight = static_cast<float>(box.weight > 0 ? box.weight : 1) / kMapsOfFullWeight;
    region.required = box.required != 0;
    region.kind = SubjectKind::kCaller;
    region.id = box.id - 1;
    region.label = box.category - 1;
    region.score = static_cast<float>(box.score);
    region.followed = box.followed != 0;
    regions.push_back(region);
  }
  return regions;
}

smartcrop_box box_of(const Subject& region, Size picture) {
  smartcrop_box box{};
  box.x = region.box.x * picture.width;
  box.y = region.box.y * picture.height;
  box.width = region.box.width * picture.width;
  box.height = region.box.height * picture.height;
  box.weight = region.weight * kMapsOfFullWeight;
  box.required = region.required ? 1 : 0;
  box.kind = static_cast<int32_t>(region.kind);
  // The interface counts both from 1, since a struct of zeroes says nothing.
  box.id = region.id + 1;
  box.category = region.label + 1;
  box.score = std::min(region.score, 1.0F);
  box.followed = region.followed ? 1 : 0;
  box.owner = region.owner + 1;
  return box;
}

// The first boxes after none: an analysed frame before could not know of them.
bool CallerBoxes::wants(const Observation& observation) {
  const bool holds = !held_.empty() && observation.time_s - said_s_ <= kHeld_s;
  return !holds && !regions_of(observation.side, picture_).empty();
}

Findings CallerBoxes::observe(const Observation& observation) {
  // boxes without a count say that there are none; no boxes say nothing.
  if (observation.side.boxes != nullptr) {
    held_ = regions_of(observation.side, picture_);
    said_s_ = observation.time_s;
  }
  Findings findings;
  if (observation.analyse && observation.time_s - said_s_ <= kHeld_s) findings.subjects = held_;
  return findings;
}

void CallerBoxes::reset(Reset) { held_.clear(); }

}  // namespace smartcrop
