// SPDX-License-Identifier: MIT
// Captions, logos and titles that are burnt into the picture, as regions to be seen whole.
#ifndef SMARTCROP_STAGE2_EVIDENCE_TEXT_TEXT_BANDS_H_
#define SMARTCROP_STAGE2_EVIDENCE_TEXT_TEXT_BANDS_H_

#include <array>
#include <vector>

#include "picture/planes.h"
#include "stage2_evidence/text/text_layer.h"
#include "types.h"

namespace smartcrop {

// Burnt-in text is made of strokes of one colour that stand still, whatever moves behind them, with
// little of their kind around. Text of a scene that stands still as well may be found, too.
class TextBands {
 public:
  explicit TextBands(const smartcrop_stream& stream);

  // Reads the picture of the frames that have `analyse` set.
  void observe(const Observation& observation);
  // The text that is there now: not required, kind kText, heavier the larger and the longer it is
  // there.
  std::vector<RegionOfInterest> regions() const;
  // At a seek. A cut needs none: what stands still through it is burnt in, indeed.
  void reset();

 private:
  struct Band {
    Box box;
    int seen = 0, missed = 0;
  };

  void shrink(const smartcrop_frame& picture);
  std::vector<Box> boxes_of(size_t layer) const;
  void drop_gone();
  void follow(const std::vector<Box>& found);

  Size picture_;
  PlaneLayout layout_;
  int depth_;
  std::array<Size, 2> sizes_;
  std::array<int, 2>
      factors_{};  // picture samples of a thumbnail's, thumbnail's of the coarse one's
  std::array<std::vector<uint8_t>, 2> luma_;
  std::array<TextLayer, 2> layers_;
  std::vector<Band> bands_;
  double read_s_ = 0, looked_s_ = 0;
  bool started_ = false;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_TEXT_TEXT_BANDS_H_
