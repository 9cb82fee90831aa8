// SPDX-License-Identifier: MIT
// What one stage hands the next: plain structs. Times are seconds; positions are pixels of the
// source unless a comment says otherwise.
#ifndef SMARTCROP_TYPES_H_
#define SMARTCROP_TYPES_H_

#include <array>
#include <cstdint>
#include <optional>
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

// stage 1 -> 2. What a decoder and the caller said of a frame, beside its samples; borrowed for the
// call. The members are those of smartcrop_frame.
struct SideData {
  const smartcrop_motion_vector* vectors = nullptr;
  int32_t vector_count = 0;
  bool is_bidirectional = false;         // a B frame
  const smartcrop_box* boxes = nullptr;  // nullptr: nothing was said
  int32_t box_count = 0;
};

// stage 1 -> 2. A frame on its way through the evidence sources, and who makes pictures of it.
class Pictures;  // stage1_proxy/pictures.h
struct Observation {
  int64_t frame = 0;
  double time_s = 0;
  const Proxy* proxy = nullptr;  // Y, U, V, about 256 x 144
  Pictures* pictures = nullptr;  // other small pictures of the frame, to ask for during the call
  bool analyse = false;          // an evidence map is wanted for this frame
  SideData side;
};

// A part of the source that is shown, in its pixels.
struct Window {
  double x = 0, y = 0, width = 0, height = 0;
};

// A window, and the part of the output that it fills, in pixels of the output.
struct Pane {
  Window from, to;
};

// A rectangle as shares of the picture: left, top, width, height.
struct Box {
  double x = 0, y = 0, width = 1, height = 1;
};

// How far something moves in a second, in shares of the picture.
struct Speed {
  double x = 0, y = 0;
};

// A subject of weight 1 counts as much as so many full maps. The interface counts in maps, up to
// 100; a power of two brings its weights through unchanged.
constexpr float kMapsOfFullWeight = 128;

// stage 2 -> 4. Something that should be seen whole.
enum class SubjectKind { kSubject, kFace, kText, kCaller };
struct Subject {
  Box box;
  float weight = 1 / kMapsOfFullWeight;  // 0 to 1: what seeing it whole counts
  bool required = false;  // it is in the window in every frame, or the shot is fitted
  SubjectKind kind = SubjectKind::kSubject;
  int64_t id = -1;  // the same for the same subject, also when it comes back; -1: not followed
  int label = -1;   // its class, in the numbers of the network that found it; -1: no network did
  float score = 1;  // how sure it is that there is one, 0 to 1
  Speed speed;      // of the centre
  float preference = 1;   // 0 to 1: how much its class is preferred where a subject is chosen
  bool followed = false;  // the window goes after it, whatever else there is
  int64_t owner = -1;     // of a face: the id of the person whose it is; -1: nobody's
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
  std::vector<Subject> subjects;
  float pan = 0;  // how fast the camera pans or tilts, shares of the picture's width a second
  Box content;    // the picture without the source's own borders
  bool fallback = false;  // the source that was asked for failed here
};

// stage 2 -> 3. What the shot detector knows of a frame.
struct CutFeatures {
  int64_t frame = 0;
  double time_s = 0;
  float difference = 0;  // change of content from the frame before, 0 to 1; 0 for the first
  float change = 0;      // the same with what stayed in its place counted too: motion in the shot
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

// observer -> director. What became known with a frame.
struct Scene {
  int64_t frame = 0;
  double time_s = 0;
  bool analysed = false;  // there is evidence of this frame
  Evidence evidence;
  std::vector<ShotMark> marks;  // decided by now: of this frame, of earlier ones, or none
};

// stage 4 -> 5. Where the window should be for one frame, in shares of the picture.
struct Span {
  double lowest = 0, highest = 1;
};
struct Target {
  int64_t frame = 0;
  double time_s = 0;
  double x = 0.5;  // the window's centre
  double y = 0.5;
  double width = 0;  // the window's size; 0: the run's own
  double height = 0;
  double wanted_x = 0.5, wanted_y = 0.5;  // the centre before stage 5 moved it
  Span span_x, span_y;                    // where the centre has to be, whatever the target is
  double weight = 1;                      // of the target; 0: what is wanted is not known
  double slack = 1;                       // share of the dead zone that it has
  float confidence = 0;
  int32_t shot = 0;
  smartcrop_strategy strategy = SMARTCROP_HOLD;
  const char* why = "";  // the strategy, in a few words that live for ever
  bool start = false;    // of a shot: the window may jump
  bool jump = false;     // the window jumps within the shot, to another subject
  bool fallback = false;
  std::optional<Subject> subject;  // that the window goes after
};

}  // namespace smartcrop

#endif  // SMARTCROP_TYPES_H_
