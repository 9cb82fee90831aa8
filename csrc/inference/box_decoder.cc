// SPDX-License-Identifier: MIT
#include "inference/box_decoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "error.h"

namespace smartcrop {
namespace {

// Only the boxes with the best scores are compared with one another, at most so many.
constexpr size_t kMostCandidates = 300;

std::string text_of(const std::vector<int64_t>& shape) {
  std::string text;
  for (const int64_t side : shape) text += (text.empty() ? "" : " x ") + std::to_string(side);
  return "[" + text + "]";
}

// Rows of a tensor [n, columns] or [1, n, columns].
struct Rows {
  const float* values = nullptr;
  int64_t count = 0, columns = 0;

  const float* row(int64_t i) const { return values + i * columns; }
};

// What a place shows, and how surely.
struct Find {
  int label = 0;
  float score = 0;
};

class Decoder {
 public:
  Decoder(const BoxFormat& format, Size input, const std::string& subject)
      : format_(format),
        input_(input),
        subject_(subject),
        floor_(static_cast<float>(std::min(kLeastScore, format.threshold))) {}

  void read_yolox(const BoxTensor& tensor);
  void read_yunet(const std::vector<BoxTensor>& tensors);
  void read_xyxy(const BoxTensor& tensor);
  std::vector<Subject> take() { return std::move(found_); }

 private:
  [[noreturn]] void refuse(const BoxTensor& tensor, const std::string& wanted) const {
    throw Error(SMARTCROP_ERROR_MODEL, subject_ + ": output \"" + tensor.name + "\" is " +
                                           text_of(tensor.shape) + ", not " + wanted +
                                           "; make smartcrop.boxes agree with the network");
  }
  Rows rows_of(const BoxTensor& tensor, int64_t least_columns, const char* wanted) const;
  int64_t cells(int stride) const {
    return static_cast<int64_t>(input_.width / stride) * (input_.height / stride);
  }
  // Of the classes of a place: the best wanted one, and the best other one (below 0: none).
  template <typename Score>
  std::array<Find, 2> best_classes(int64_t count, Score score_of) const;
  // Corners in pixels of the input.
  void add(double left, double top, double right, double bottom, Find find);
  // A box in the words of a grid: offsets of its centre from the cell, and logarithms of its sides,
  // all in strides (Ge et al., "YOLOX", 2021; Wu, Peng and Yu, "YuNet", 2023).
  void add_from_cell(const float* box, int64_t cell, int stride, Find find);

  const BoxFormat& format_;
  Size input_;
  const std::string& subject_;
  float floor_;
  std::vector<Subject> found_;
};

Rows Decoder::rows_of(const BoxTensor& tensor, int64_t least_columns, const char* wanted) const {
  const auto& shape = tensor.shape;
  const bool fits =
      (shape.size() == 2 || (shape.size() == 3 && shape[0] == 1)) && shape.back() >= least_columns;
  if (!fits) refuse(tensor, wanted);
  return {tensor.values, shape[shape.size() - 2], shape.back()};
}

template <typename Score>
std::array<Find, 2> Decoder::best_classes(int64_t count, Score score_of) const {
  Find wanted{format_.classes.empty() ? 0 : format_.classes.front(), 0}, other{0, -1};
  for (int64_t i = 0; i < count; ++i) {
    const int label = static_cast<int>(i);
    Find& best = format_.wants(label) ? wanted : other;
    const float score = score_of(i);
    if (score > best.score) best = {label, score};
  }
  return {wanted, other};
}

void Decoder::add(double left, double top, double right, double bottom, Find find) {
  if (!(find.score >= floor_)) return;
  left = std::clamp(left / input_.width, 0.0, 1.0);
  right = std::clamp(right / input_.width, 0.0, 1.0);
  top = std::clamp(top / input_.height, 0.0, 1.0);
  bottom = std::clamp(bottom / input_.height, 0.0, 1.0);
  // Not so where a value is not finite, either.
  if (!(right > left && bottom > top)) return;
  Subject subject;
  subject.box = {left, top, right - left, bottom - top};
  subject.label = find.label;
  subject.kind = format_.kind_of(find.label);
  subject.score = std::min(find.score, 1.0f);
  found_.push_back(subject);
}

void Decoder::add_from_cell(const float* box, int64_t cell, int stride, Find find) {
  const int64_t columns = input_.width / stride;
  const double x = (static_cast<double>(cell % columns) + box[0]) * stride;
  const double y = (static_cast<double>(cell / columns) + box[1]) * stride;
  const double half_width = std::exp(static_cast<double>(box[2])) * stride / 2;
  const double half_height = std::exp(static_cast<double>(box[3])) * stride / 2;
  add(x - half_width, y - half_height, x + half_width, y + half_height, find);
}

void Decoder::read_yolox(const BoxTensor& tensor) {
  const Rows rows = rows_of(tensor, 6, "rows of x, y, width, height, object and class scores");
  int64_t expected = 0;
  for (const int stride : format_.strides) expected += cells(stride);
  if (!format_.decoded && rows.count != expected) {
    refuse(tensor, std::to_string(expected) + " rows, a cell each of the strides' grids");
  }
  size_t level = 0;
  int64_t first = 0;  // row of this stride
  for (int64_t i = 0; i < rows.count; ++i) {
    while (!format_.decoded && i - first >= cells(format_.strides[level])) {
      first += cells(format_.strides[level++]);
    }
    const float* row = rows.row(i);
    const auto score_of = [row](int64_t label) { return row[4] * row[5 + label]; };
    for (const Find& find : best_classes(rows.columns - 5, score_of)) {
      if (find.score < 0) continue;
      if (format_.decoded) {
        const double half_width = row[2] / 2.0, half_height = row[3] / 2.0;
        add(row[0] - half_width, row[1] - half_height, row[0] + half_width, row[1] + half_height,
            find);
      } else {
        add_from_cell(row, i - first, format_.strides[level], find);
      }
    }
  }
}

void Decoder::read_yunet(const std::vector<BoxTensor>& tensors) {
  for (size_t level = 0; level < format_.strides.size(); ++level) {
    const int stride = format_.strides[level];
    const BoxTensor* part = &tensors[3 * level];
    const Rows labels = rows_of(part[0], 1, "rows of class scores");
    const Rows objects = rows_of(part[1], 1, "rows of an object score");
    const Rows boxes = rows_of(part[2], 4, "rows of x, y, width, height");
    const Rows* const all[] = {&labels, &objects, &boxes};
    for (size_t i = 0; i < 3; ++i) {
      if (all[i]->count != cells(stride)) {
        refuse(part[i], std::to_string(cells(stride)) +
                            " rows, a cell each of the grid of stride " + std::to_string(stride));
      }
    }
    for (int64_t i = 0; i < boxes.count; ++i) {
      const float* row = labels.row(i);
      const float object = std::clamp(objects.row(i)[0], 0.0f, 1.0f);
      for (const Find& find :
           best_classes(labels.columns, [row](int64_t label) { return row[label]; })) {
        if (find.score < 0) continue;
        const float score = std::sqrt(std::min(find.score, 1.0f) * object);
        add_from_cell(boxes.row(i), i, stride, {find.label, score});
      }
    }
  }
}

void Decoder::read_xyxy(const BoxTensor& tensor) {
  const Rows rows = rows_of(tensor, 5, "rows of left, top, right, bottom, score");
  const double across = format_.normalised ? input_.width : 1;
  const double down = format_.normalised ? input_.height : 1;
  for (int64_t i = 0; i < rows.count; ++i) {
    const float* row = rows.row(i);
    const bool labelled = rows.columns >= 6 && std::isfinite(row[5]);
    constexpr double kMost = std::numeric_limits<int>::max();
    const double label = labelled ? std::clamp(std::round(double{row[5]}), -1.0, kMost) : 0;
    add(row[0] * across, row[1] * down, row[2] * across, row[3] * down,
        {static_cast<int>(label), row[4]});
  }
}

}  // namespace

SubjectKind BoxFormat::kind_of(int label) const {
  if (kinds.size() == 1) return kinds.front();
  const auto number = static_cast<size_t>(label);
  return label >= 0 && number < kinds.size() ? kinds[number] : SubjectKind::kSubject;
}

bool BoxFormat::wants(int label) const {
  return classes.empty() || std::find(classes.begin(), classes.end(), label) != classes.end();
}

bool is_face(const Subject& subject) { return subject.kind == SubjectKind::kFace; }

double overlap_of(const Box& a, const Box& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (!(width > 0 && height > 0)) return 0;
  const double shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

// Non-maximum suppression, whatever the class: what two classes see in one place is one subject.
// Faces alone stand apart, for in a close-up a face fills most of its person's box.
std::vector<Subject> best_boxes(const BoxFormat& format, std::vector<Subject> found, double least) {
  const auto floor = static_cast<float>(least), threshold = static_cast<float>(format.threshold);
  const auto is_out = [&](const Subject& each) {
    return !(each.score >= floor) || !format.wants(each.label);
  };
  found.erase(std::remove_if(found.begin(), found.end(), is_out), found.end());
  std::stable_sort(found.begin(), found.end(),
                   [](const Subject& a, const Subject& b) { return a.score > b.score; });
  if (found.size() > kMostCandidates) found.resize(kMostCandidates);
  std::vector<Subject> kept;
  size_t strong = 0, weak = 0;
  for (const Subject& each : found) {
    size_t& count = each.score >= threshold ? strong : weak;
    if (count == kMostSubjects) continue;
    const bool covered = std::any_of(kept.begin(), kept.end(), [&](const Subject& better) {
      return is_face(better) == is_face(each) && overlap_of(better.box, each.box) > format.overlap;
    });
    if (covered) continue;
    kept.push_back(each);
    ++count;
  }
  return kept;
}

std::vector<Subject> decode_boxes(const BoxFormat& format, Size input,
                                  const std::vector<BoxTensor>& tensors,
                                  const std::string& subject) {
  Decoder decoder(format, input, subject);
  switch (format.layout) {
    case BoxLayout::kYolox:
      decoder.read_yolox(tensors.at(0));
      break;
    case BoxLayout::kYunet:
      decoder.read_yunet(tensors);
      break;
    case BoxLayout::kXyxy:
      decoder.read_xyxy(tensors.at(0));
      break;
  }
  return decoder.take();
}

}  // namespace smartcrop
