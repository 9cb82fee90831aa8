// SPDX-License-Identifier: MIT
// What one stage hands the next: plain structs. Times are seconds; positions are pixels of the
// source unless a comment says otherwise.
#ifndef SMARTCROP_TYPES_H_
#define SMARTCROP_TYPES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "smartcrop/smartcrop.h"

namespace smartcrop {

struct Size {
  int width = 0;
  int height = 0;
};

// stage 1 -> 2. A small 8-bit copy of a frame: three planes of width * height samples, full range.
// Y, U, V (128 = no colour) or R, G, B, as its maker was asked.
struct Proxy {
  int width = 0;
  int height = 0;
  std::array<std::vector<uint8_t>, 3> planes;
};

// stage 1 -> 2. A frame on its way through the evidence sources.
struct Observation {
  int64_t frame = 0;
  double time_s = 0;
  const Proxy* proxy = nullptr;              // Y, U, V, about 256 x 144
  const smartcrop_frame* picture = nullptr;  // full size, borrowed for the call
  bool analyse = false;                      // an evidence map is wanted for this frame
};

// stage 2 -> 4. Where viewers look: width * height shares of the whole picture, summing to 1.
struct HeatMap {
  int width = 0;
  int height = 0;
  std::vector<float> values;
  float confidence = 0;  // 0: says nothing, 1: one sharp peak
};

// stage 2 -> 4. The map of one analysed frame.
struct Evidence {
  int64_t frame = 0;
  double time_s = 0;
  HeatMap map;
  bool fallback = false;  // the source that was asked for failed here
};

// stage 2 -> 3. What the shot detector knows of a frame.
struct CutFeatures {
  int64_t frame = 0;
  double time_s = 0;
  float difference = 0;  // change of content from the frame before, 0 to 1; 0 for the first
  float luma_mean = 0;   // 0 to 1
  float contrast = 0;    // standard deviation of luma, 0 to 0.5; near 0: the picture shows nothing
  Size thumbnail_size;
  // Y, then U, then V, thumbnail_size samples each, to compare frames that are not neighbours.
  std::vector<uint8_t> thumbnail;
};

// stage 3 -> 4. One for each frame, in order.
struct ShotMark {
  int64_t frame = 0;
  // Grows by one at each boundary: at a hard cut, once in a fade through a flat picture, and in the
  // middle of a dissolve.
  int32_t shot = 0;
  // The window may jump here unseen: at a hard cut or in the flat part of a fade. A dissolve begins
  // a shot without it: there the window glides, since viewers would see it jump.
  bool start = false;
  bool transition = false;  // inside a dissolve or fade: the picture shows two shots or none
};

// stage 4 -> 5. Where the window should be for one frame: its centre as a share of the picture.
struct Target {
  int64_t frame = 0;
  double time_s = 0;
  double x = 0.5;
  double y = 0.5;
  float confidence = 0;
  int32_t shot = 0;
  smartcrop_strategy strategy = SMARTCROP_HOLD;
  bool start = false;
  bool fallback = false;
};

}  // namespace smartcrop

#endif  // SMARTCROP_TYPES_H_
