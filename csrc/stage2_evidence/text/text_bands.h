// SPDX-License-Identifier: MIT
// Captions, logos and titles that are burnt into the picture, as regions to be seen whole.
#ifndef SMARTCROP_STAGE2_EVIDENCE_TEXT_TEXT_BANDS_H_
#define SMARTCROP_STAGE2_EVIDENCE_TEXT_TEXT_BANDS_H_

#include <array>
#include <vector>

#include "stage2_evidence/source.h"
#include "stage2_evidence/text/text_layer.h"
#include "types.h"

namespace smartcrop {

// Burnt-in text is made of strokes of one colour that stand still, whatever moves behind them, with
// little of their kind around. Text of a scene that stands still as well may be found, too.
class TextBands : public Source {
 public:
  // weight: of a large title that was there for long, in full maps.
  explicit TextBands(const smartcrop_stream& stream, double weight = 1);

  // Reads the luma of the frames that have `analyse` set.
  Findings observe(const Observation& observation) override;
  // The text that is there now: not required, kind kText, heavier the larger and the longer it is
  // there.
  std::vector<Subject> regions() const;
  // A cut changes nothing: what stands still through it is burnt in, indeed.
  void reset(Reset reset) override;

 private:
  struct Band {
    Box box;
    int seen = 0, missed = 0;
  };

  void read(const Observation& observation);
  std::vector<Box> boxes_of(size_t layer) const;
  void drop_gone();
  void follow(const std::vector<Box>& found);

  Size picture_;
  float weight_;
  int factor_ = 1;             // by which the picture is thinned to the fine thumbnail
  std::array<Size, 2> sizes_;  // of the fine and the coarse thumbnail
  std::vector<uint8_t> coarse_;
  std::array<TextLayer, 2> layers_;
  std::vector<Band> bands_;
  double read_s_ = 0, looked_s_ = 0;
  bool started_ = false;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_TEXT_TEXT_BANDS_H_
