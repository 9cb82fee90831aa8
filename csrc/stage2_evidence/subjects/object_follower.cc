// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/object_follower.h"

#include <algorithm>
#include <cmath>

#include "stage2_evidence/subjects/following.h"

namespace smartcrop {
namespace {

// No side is smaller, in pixels.
constexpr double kLeastSide = 4;

// The side of the square around a box of these sides.
double square_of(double width, double height, double context) {
  const double more = context * (width + height);
  return std::sqrt((width + more) * (height + more));
}

// From 1 on: how much larger or smaller.
double change(double ratio) { return std::max(ratio, 1 / ratio); }

// Falls from 1 in the middle to 0 at the ends.
std::vector<double> cosine_window(int cells) {
  std::vector<double> window(static_cast<size_t>(cells));
  for (int i = 0; i < cells; ++i) {
    window[static_cast<size_t>(i)] = 0.5 - 0.5 * std::cos(2 * M_PI * i / (cells - 1));
  }
  return window;
}

}  // namespace

// The best cell of an answer.
struct ObjectFollower::Find {
  double x = 0, y = 0, width = 0, height = 0;  // centre and sides, samples of the search picture
  double score = 0, calm = 0;
};

Window ObjectFollower::around(int samples, double widened) const {
  const TrackerFormat& format = model_->format();
  const double square = square_of(width_, height_, format.context);
  const double side = widened * square * samples / format.template_side;
  return {x_ - side / 2, y_ - side / 2, side, side};
}

void ObjectFollower::place(const Box& box) {
  width_ = std::max(kLeastSide, box.width * picture_.width);
  height_ = std::max(kLeastSide, box.height * picture_.height);
  x_ = (box.x + box.width / 2) * picture_.width;
  y_ = (box.y + box.height / 2) * picture_.height;
}

void ObjectFollower::start(Pictures* pictures, const Box& box) {
  following_ = false;
  place(box);
  const int side = model_->format().template_side;
  memory_ = model_->remember(pictures->rgb_of(around(side, 1), {side, side}));
  following_ = true;
  score_ = 1;
  missed_ = 0;
  astray_ = false;
}

void ObjectFollower::lose() {
  astray_ = true;
  searched_ = 0;
}

void ObjectFollower::move_to(const Box& box) {
  place(box);
  missed_ = 0;
  astray_ = false;
}

double ObjectFollower::likeness(Pictures* pictures, const Box& box) const {
  ObjectFollower there = *this;
  there.move_to(box);
  const Size search = model_->input_size();
  return there
      .best_of(model_->look(memory_, pictures->rgb_of(there.around(search.width, 1), search)), 1,
               true)
      .score;
}

Box ObjectFollower::box() const {
  return {(x_ - width_ / 2) / picture_.width, (y_ - height_ / 2) / picture_.height,
          width_ / picture_.width, height_ / picture_.height};
}

// widened: the search picture shows so much more; near: the subject keeps to its place.
ObjectFollower::Find ObjectFollower::best_of(const TrackerAnswer& answer, double widened,
                                             bool near) const {
  const TrackerFormat& format = model_->format();
  const double square = format.template_side / widened;  // around the subject, in samples
  const double shape = width_ / height_;
  const std::vector<double> window = cosine_window(answer.cells);
  const double nearness = near ? format.near_share : 0;
  const auto cells = static_cast<size_t>(answer.cells);
  double best = -1;
  Find found;
  for (size_t i = 0; i < answer.scores.size(); ++i) {
    const auto& [left, top, right, bottom] = answer.sides[i];
    const double width = left + right, height = top + bottom;
    // A box without end has a worth that is no number, and nothing is better than that.
    if (!(width > 0 && height > 0 && std::isfinite(width * height))) continue;
    const double size_change = change(square_of(width, height, format.context) / square);
    const double shape_change = change(width / height / shape);
    const double calm = std::exp(-(size_change * shape_change - 1) * format.change_price);
    const double worth =
        (1 - nearness) * calm * answer.scores[i] + nearness * window[i / cells] * window[i % cells];
    if (worth <= best) continue;
    best = worth;
    const double x = format.first_cell + format.cell_step * static_cast<double>(i % cells);
    const double y = format.first_cell + format.cell_step * static_cast<double>(i / cells);
    found = {x + (right - left) / 2, y + (bottom - top) / 2, width, height, answer.scores[i], calm};
  }
  return found;
}

// Takes up what a part of the picture shows, if its score is enough.
bool ObjectFollower::take_from(Pictures* pictures, const Window& part, double widened, bool near,
                               double enough) {
  const Size search = model_->input_size();
  const Find found = best_of(model_->look(memory_, pictures->rgb_of(part, search)), widened, near);
  score_ = found.score;
  // What is hardly seen is likelier to be something else in its place.
  if (score_ < enough) return false;
  const double pixels = part.width / search.width;
  const double rate = std::min(1.0, model_->format().size_rate * found.calm * found.score);
  const auto follow = [rate](double size, double now, int picture) {
    return std::clamp(size + rate * (now - size), kLeastSide, std::max(kLeastSide, 1.0 * picture));
  };
  x_ = std::clamp(part.x + found.x * pixels, 0.0, 1.0 * picture_.width);
  y_ = std::clamp(part.y + found.y * pixels, 0.0, 1.0 * picture_.height);
  width_ = follow(width_, found.width * pixels, picture_.width);
  height_ = follow(height_, found.height * pixels, picture_.height);
  return true;
}

void ObjectFollower::look(Pictures* pictures) {
  const bool lost = is_lost();
  // What is lost is looked for in windows that grow and shrink in turn.
  const double wider[] = {following::kLostWider, following::kLostWidest};
  const double widened = lost ? wider[missed_ % 2] : 1;
  const double enough = lost ? following::kFoundScore : following::kSeenScore;
  const Window part = around(model_->input_size().width, widened);
  const bool seen = take_from(pictures, part, widened, !lost, enough);
  missed_ = seen ? 0 : missed_ + 1;
}

void ObjectFollower::search(Pictures* pictures) {
  const double widened = following::kLostWidest;
  Window part = around(model_->input_size().width, widened);
  const auto parts_of = [&part](double length) {
    return std::max(1, static_cast<int>(std::ceil(2 * length / part.width)) - 1);
  };
  const int columns = parts_of(picture_.width), rows = parts_of(picture_.height);
  const int next = searched_++ % (1 + columns * rows);
  if (next > 0) {
    const auto start_of = [&part](int at, int count, double length) {
      const double room = length - part.width;
      return count > 1 ? room * at / (count - 1) : room / 2;
    };
    part.x = start_of((next - 1) % columns, columns, picture_.width);
    part.y = start_of((next - 1) / columns, rows, picture_.height);
  }
  const double enough = next == 0 ? following::kStillThere : following::kSameScore;
  if (!take_from(pictures, part, widened, false, enough)) return;
  missed_ = 0;
  astray_ = false;
}

}  // namespace smartcrop
