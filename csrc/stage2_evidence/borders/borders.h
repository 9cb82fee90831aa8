// SPDX-License-Identifier: MIT
// Bars that belong to the file and not to the picture: letterbox, pillarbox and both.
#ifndef SMARTCROP_STAGE2_EVIDENCE_BORDERS_BORDERS_H_
#define SMARTCROP_STAGE2_EVIDENCE_BORDERS_BORDERS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "stage2_evidence/borders/border_edges.h"
#include "stage2_evidence/source.h"
#include "types.h"

namespace smartcrop {

// A bar is flat, of one colour, still for as long as the shot lasts, and ends in a straight line;
// bars come in pairs of equal width. So dark scenes, white skies and fades are no bars: they are
// not straight, or not in pairs. Captions and logos inside of a bar leave it a bar.
class Borders : public Source {
 public:
  explicit Borders(const smartcrop_stream& stream) : stream_(stream), edges_(stream) {}

  // Looks for bars in the proxy (Y, U, V) of frames that have `analyse` set.
  Findings observe(const Observation& observation) override;
  // The picture without its bars: all of it until bars are known.
  Box content() const;
  // After a cut the answer stays a first guess, until a frame of the new shot contradicts it.
  void reset(Reset reset) override;

 private:
  // Rows or columns of the proxy, from one side of the picture inwards.
  struct Side {
    int lines = 0, along = 0;
    ptrdiff_t start = 0, inwards = 0, sideways = 0;
  };
  // What a side looks like over the shot.
  struct Flatness {
    std::array<int, 3> colour{};
    std::array<int, 3> tolerance{};  // a sample of the bar is never further from the colour
    int clean = 0;                   // lines that are all bar
    int lettered = 0;                // the same, if something small lies within
  };
  using Depths = std::array<int, 4>;  // lines of a bar at the top, bottom, left and right

  void look_at(const Observation& observation);
  void widen(const Proxy& proxy);
  Side side(int which) const;
  bool is_bar(const Flatness& flatness, size_t at) const;
  Flatness flatness_of(const Side& side) const;
  float straightness(int which, int depth, const Depths& others) const;
  // The first of two opposite sides stands for both: top or left.
  struct Pair {
    int first = 0, second = 0;
  };
  bool is_pair_of_one_colour(int first) const;
  Pair pair_of(int first, const Depths& beside) const;
  Pair single_of(int first, const Depths& beside) const;
  bool is_contradicted(int first) const;
  void take(int first, const Pair& pair);
  bool is_seen_at_once(int first, const Pair& pair, const Proxy& now) const;
  void look(const Proxy& now);
  std::array<BorderEdges::Rough, 4> rough() const;

  smartcrop_stream stream_;
  Size size_;
  // The least and the largest value of each sample since the cut.
  std::array<std::vector<uint8_t>, 3> low_, high_;
  std::array<Flatness, 4> flat_;
  Depths depths_{};
  Box content_before_;  // the cut
  double first_s_ = 0, seen_s_ = 0;
  int frames_ = 0;
  BorderEdges edges_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_BORDERS_BORDERS_H_
