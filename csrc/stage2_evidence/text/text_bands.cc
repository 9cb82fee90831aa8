// SPDX-License-Identifier: MIT
#include "stage2_evidence/text/text_bands.h"

#include <algorithm>
#include <cmath>

#include "stage1_proxy/pictures.h"
#include "stage1_proxy/thin_luma.h"

namespace smartcrop {
namespace {

// Width of the thumbnail in which captions are looked for, about; titles: a third of it.
constexpr int kThumbnail = 512;
constexpr int kCoarse = 3;
constexpr double kRead_s = 0.2;   // between pictures that are read, at least
constexpr double kEvery_s = 0.5;  // between looks
// Looks that text is in before it counts, and that it may be missing from.
constexpr int kSeen = 2, kMissed = 1;
// Share of a box that has changed where its letters are gone, as after a cut: they were more of it.
constexpr double kGone = 0.95;
// Looks after which text counts in full.
constexpr int kSteady = 6;
// Share of the smaller box by which two belong together.
constexpr double kSame = 0.4;

double overlap(const Box& a, const Box& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return width * height / std::min(a.width * a.height, b.width * b.height);
}

Box around(const Box& a, const Box& b) {
  Box box{std::min(a.x, b.x), std::min(a.y, b.y), 0, 0};
  box.width = std::max(a.x + a.width, b.x + b.width) - box.x;
  box.height = std::max(a.y + a.height, b.y + b.height) - box.y;
  return box;
}

// Lines of one block: alike in height, close to each other and above one another.
bool are_lines_of_one(const Box& a, const Box& b, double shape) {
  const double height = std::min(a.height, b.height);
  const double gap_y = std::max(a.y, b.y) - std::min(a.y + a.height, b.y + b.height);
  const double gap_x = std::max(a.x, b.x) - std::min(a.x + a.width, b.x + b.width);
  const bool alike = std::max(a.height, b.height) < 2.5 * height;
  const bool under = gap_x < 0 && gap_y < height;
  const bool beside = gap_y < -0.5 * height && gap_x < 2 * height / shape;
  return alike && (under || beside);
}

// shape: the picture's width over its height.
void merge(std::vector<Box>* boxes, double shape) {
  for (size_t i = 0; i < boxes->size(); ++i) {
    for (size_t j = i + 1; j < boxes->size(); ++j) {
      const Box &a = (*boxes)[i], &b = (*boxes)[j];
      if (overlap(a, b) < kSame && !are_lines_of_one(a, b, shape)) continue;
      (*boxes)[i] = around(a, b);
      boxes->erase(boxes->begin() + static_cast<ptrdiff_t>(j));
      j = i;  // the larger box may reach others
    }
  }
}

}  // namespace

TextBands::TextBands(const smartcrop_stream& stream, double weight)
    : picture_{stream.width, stream.height},
      weight_(static_cast<float>(weight) / kMapsOfFullWeight) {
  const double share = static_cast<double>(stream.width) / kThumbnail;
  factor_ = std::max(1, static_cast<int>(std::lround(share)));
  sizes_[0] = thinned_size(picture_, factor_);
  sizes_[1] = thinned_size(sizes_[0], kCoarse);
}

Findings TextBands::observe(const Observation& observation) {
  Findings findings;
  if (!observation.analyse) return findings;
  if (observation.pictures != nullptr) read(observation);
  findings.subjects = regions();
  return findings;
}

void TextBands::read(const Observation& observation) {
  // A clock that goes back begins anew.
  const double since_s = observation.time_s - read_s_;
  if (started_ && since_s >= 0 && since_s < kRead_s) return;
  read_s_ = observation.time_s;
  const std::vector<uint8_t>& fine = observation.pictures->thin_luma(factor_);
  thin_luma({fine.data(), sizes_[0].width, sizes_[0]}, 8, kCoarse, &coarse_);
  layers_[0].observe(fine, sizes_[0], observation.time_s);
  layers_[1].observe(coarse_, sizes_[1], observation.time_s);
  drop_gone();
  if (!started_ || since_s < 0) looked_s_ = observation.time_s;
  started_ = true;
  if (observation.time_s - looked_s_ < kEvery_s) return;
  looked_s_ = observation.time_s;

  std::vector<Box> found = boxes_of(0);
  for (const Box& coarse : boxes_of(1)) {
    // The fine picture says it better, where it saw it.
    const bool is_known = std::any_of(found.begin(), found.end(), [&coarse](const Box& box) {
      return overlap(box, coarse) >= kSame && coarse.height < kCoarse * box.height;
    });
    if (!is_known) found.push_back(coarse);
  }
  merge(&found, static_cast<double>(picture_.width) / picture_.height);
  follow(found);
}

std::vector<Box> TextBands::boxes_of(size_t layer) const {
  const double w = sizes_[layer].width, h = sizes_[layer].height;
  std::vector<Box> boxes;
  for (const TextBox& box : layers_[layer].find()) {
    // Strokes lie inside of letters, whose outlines are a sample further out.
    const double left = std::max(0, box.left - 1), top = std::max(0, box.top - 1);
    boxes.push_back({left / w, top / h, (std::min<double>(w, box.right + 1) - left) / w,
                     (std::min<double>(h, box.bottom + 1) - top) / h});
  }
  return boxes;
}

void TextBands::drop_gone() {
  const auto is_gone = [this](const Band& band) {
    const auto to = [](double share, int side) {
      return static_cast<int>(std::lround(share * side));
    };
    const int w = sizes_[0].width, h = sizes_[0].height;
    const TextBox box{to(band.box.x, w), to(band.box.y, h), to(band.box.x + band.box.width, w),
                      to(band.box.y + band.box.height, h)};
    return layers_[0].moving_share(box) > kGone;
  };
  bands_.erase(std::remove_if(bands_.begin(), bands_.end(), is_gone), bands_.end());
}

void TextBands::follow(const std::vector<Box>& found) {
  std::vector<Band> bands;
  for (const Box& box : found) {
    Band band{box, 1, 0};
    for (const Band& known : bands_) {
      if (overlap(known.box, box) >= kSame) band.seen = std::max(band.seen, known.seen + 1);
    }
    bands.push_back(band);
  }
  for (Band& known : bands_) {
    const bool again = std::any_of(found.begin(), found.end(), [&known](const Box& box) {
      return overlap(known.box, box) >= kSame;
    });
    if (again || ++known.missed > kMissed) continue;
    bands.push_back(known);
  }
  bands_ = std::move(bands);
}

std::vector<Subject> TextBands::regions() const {
  std::vector<Subject> regions;
  for (const Band& band : bands_) {
    if (band.seen < kSeen) continue;
    Subject region;
    region.box = band.box;
    // A corner logo about 0.15, a caption 0.35, a title 0.75.
    const double size = std::sqrt(band.box.width * band.box.height);
    const double steady = std::min(1.0, static_cast<double>(band.seen) / kSteady);
    const double counts = std::min(1.0, 0.1 + 1.5 * size) * (0.5 + 0.5 * steady);
    region.weight = static_cast<float>(counts) * weight_;
    region.kind = SubjectKind::kText;
    regions.push_back(region);
  }
  return regions;
}

void TextBands::reset(Reset reset) {
  if (reset == Reset::kCut) return;
  for (TextLayer& layer : layers_) layer.reset();
  bands_.clear();
  started_ = false;
}

}  // namespace smartcrop
