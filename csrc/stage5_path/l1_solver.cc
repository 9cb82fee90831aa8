// SPDX-License-Identifier: MIT
// The problem is a linear program: every term is a hinge, weight * max(0, sign * row - bound), of a
// row of the line's differences; a limit is a hinge of a weight that outweighs everything else, so
// that a solution always exists. With the multiplier of a hinge in [0, weight], its dual is a
// program of bounded variables, solved by Mehrotra's predictor-corrector interior point method
// (SIAM Journal on Optimization 2, 1992). As in Kim, Koh, Boyd and Gorinevsky, "l1 trend filtering"
// (SIAM Review 51, 2009), the equations of a step have three diagonals to each side, whatever the
// data, so that a step costs O(n); some 15 to 40 are needed. No library is needed, which for a
// problem of one shape would be larger than the rest of the stage, and a general simplex or first
// order solver is slower or less exact: rests have to be exact.
#include "stage5_path/l1_solver.h"

#include <algorithm>
#include <cmath>

#include "stage5_path/banded.h"
#include "stage5_path/hinges.h"
#include "stage5_path/snap.h"

namespace smartcrop {
namespace {

constexpr double kFirstProduct = 10;
constexpr double kMostPull = 100;  // to begin with
constexpr double kLastProduct = 1e-12;
constexpr double kSolvedProduct = 1e-6;  // a line that is further from the best one is not taken
constexpr int kMostSteps = 80;
constexpr double kShortStep = 0.1;    // then the step goes to the middle first, with
constexpr double kDetour = 0.5;       // that share of the product
constexpr double kStepShare = 0.995;  // of the way to the nearest bound

double largest_step(double value, double change, double step) {
  return change < 0 ? std::min(step, -value / change) : step;
}

class InteriorPoint {
 public:
  explicit InteriorPoint(const L1Problem& problem);
  Line solve();

 private:
  size_t first_row(size_t order) const { return problem_.continues ? 0 : order; }
  void start();
  double mean_product() const;
  void prepare();
  void find_direction();
  void aim_affine();
  void aim_centred(double product, bool second_order);
  void limit_steps();
  double product_after() const;
  void take_step();

  const L1Problem& problem_;
  size_t count_;
  std::vector<Hinge> hinges_;
  Line line_, d_line_, gradient_, right_;
  Orders rows_, d_rows_, sums_;
  BandedSystem system_;
  double primal_step_ = 1, dual_step_ = 1;
};

InteriorPoint::InteriorPoint(const L1Problem& problem)
    : problem_(problem),
      count_(problem.nodes.size()),
      hinges_(hinges_of(problem)),
      line_(coasting_line(problem)) {
  for (Line& sum : sums_) sum.resize(count_);
}

// Every product of a multiplier and its slack the same. For the line as it is, pull * below = rest
// * above = product and below - above = bound - row make a quadratic equation; but a heavy hinge
// begins with a pull as light as the others', and its slacks catch up with the line on the way.
void InteriorPoint::start() {
  differences(line_, problem_.before, &rows_);
  for (Hinge& hinge : hinges_) {
    for (Line* line : {&hinge.below, &hinge.above, &hinge.pull, &hinge.rest, &hinge.theta,
                       &hinge.wanted, &hinge.product_below, &hinge.product_above, &hinge.d_below,
                       &hinge.d_above, &hinge.d_pull}) {
      line->assign(count_, 0);
    }
    const Line& row = rows_[hinge.order];
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      const double weight = hinge.weight[i];
      const double room = (hinge.bound[i] - hinge.sign * row[i]) * weight;
      const double root = std::sqrt(room * room + 4 * kFirstProduct * kFirstProduct);
      const double even = 2 * kFirstProduct * weight / (2 * kFirstProduct + root + room);
      const bool heavy = even > kMostPull;
      hinge.pull[i] = heavy ? kMostPull : even;
      hinge.rest[i] = heavy ? weight - kMostPull
                            : 2 * kFirstProduct * weight / (2 * kFirstProduct + root - room);
      hinge.below[i] = kFirstProduct / hinge.pull[i];
      hinge.above[i] = kFirstProduct / hinge.rest[i];
    }
  }
}

double InteriorPoint::mean_product() const {
  double sum = 0;
  for (const Hinge& hinge : hinges_) {
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      sum += hinge.pull[i] * hinge.below[i] + hinge.rest[i] * hinge.above[i];
    }
  }
  return sum / static_cast<double>(2 * hinges_.size() * count_);
}

// What both directions of a step share: the matrix, and the pulls that are not in balance.
void InteriorPoint::prepare() {
  differences(line_, problem_.before, &rows_);
  for (Line& sum : sums_) std::fill(sum.begin(), sum.end(), 0.0);
  for (const Hinge& hinge : hinges_) {
    Line& sum = sums_[hinge.order];
    for (size_t i = first_row(hinge.order); i < count_; ++i) sum[i] += hinge.sign * hinge.pull[i];
  }
  adjoint(sums_, &gradient_);
  for (Line& sum : sums_) std::fill(sum.begin(), sum.end(), 0.0);
  for (Hinge& hinge : hinges_) {
    Line& sum = sums_[hinge.order];
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      hinge.theta[i] = 1 / (hinge.below[i] / hinge.pull[i] + hinge.above[i] / hinge.rest[i]);
      sum[i] += hinge.theta[i];
    }
  }
  system_.factor(sums_);
}

// Newton's step towards the products asked for: changes of the line, slacks and multipliers.
void InteriorPoint::find_direction() {
  for (Line& sum : sums_) std::fill(sum.begin(), sum.end(), 0.0);
  for (Hinge& hinge : hinges_) {
    Line& sum = sums_[hinge.order];
    const Line& row = rows_[hinge.order];
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      const double miss = hinge.bound[i] - hinge.sign * row[i] - hinge.below[i] + hinge.above[i];
      hinge.wanted[i] =
          hinge.product_below[i] / hinge.pull[i] - hinge.product_above[i] / hinge.rest[i] - miss;
      sum[i] += hinge.sign * hinge.theta[i] * hinge.wanted[i];
    }
  }
  adjoint(sums_, &right_);
  for (size_t i = 0; i < count_; ++i) right_[i] = -gradient_[i] - right_[i];
  d_line_ = right_;
  system_.solve(&d_line_);
  differences(d_line_, {}, &d_rows_);
  for (Hinge& hinge : hinges_) {
    const Line& row = d_rows_[hinge.order];
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      const double change = hinge.theta[i] * (hinge.sign * row[i] + hinge.wanted[i]);
      hinge.d_pull[i] = change;
      hinge.d_below[i] = (hinge.product_below[i] - hinge.below[i] * change) / hinge.pull[i];
      hinge.d_above[i] = (hinge.product_above[i] + hinge.above[i] * change) / hinge.rest[i];
    }
  }
}

void InteriorPoint::aim_affine() {
  for (Hinge& hinge : hinges_) {
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      hinge.product_below[i] = -hinge.pull[i] * hinge.below[i];
      hinge.product_above[i] = -hinge.rest[i] * hinge.above[i];
    }
  }
}

// Adds what the affine direction leaves out: the middle, and its own second-order error.
void InteriorPoint::aim_centred(double product, bool second_order) {
  const double share = second_order ? 1 : 0;
  for (Hinge& hinge : hinges_) {
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      hinge.product_below[i] += product - share * hinge.d_pull[i] * hinge.d_below[i];
      hinge.product_above[i] += product + share * hinge.d_pull[i] * hinge.d_above[i];
    }
  }
}

void InteriorPoint::limit_steps() {
  double primal = 1 / kStepShare, dual = 1 / kStepShare;
  for (const Hinge& hinge : hinges_) {
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      primal = largest_step(hinge.below[i], hinge.d_below[i], primal);
      primal = largest_step(hinge.above[i], hinge.d_above[i], primal);
      dual = largest_step(hinge.pull[i], hinge.d_pull[i], dual);
      dual = largest_step(hinge.rest[i], -hinge.d_pull[i], dual);
    }
  }
  primal_step_ = kStepShare * primal;
  dual_step_ = kStepShare * dual;
}

double InteriorPoint::product_after() const {
  double sum = 0;
  for (const Hinge& hinge : hinges_) {
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      const double change = dual_step_ * hinge.d_pull[i];
      sum += (hinge.pull[i] + change) * (hinge.below[i] + primal_step_ * hinge.d_below[i]) +
             (hinge.rest[i] - change) * (hinge.above[i] + primal_step_ * hinge.d_above[i]);
    }
  }
  return sum / static_cast<double>(2 * hinges_.size() * count_);
}

void InteriorPoint::take_step() {
  for (size_t i = 0; i < count_; ++i) line_[i] += primal_step_ * d_line_[i];
  for (Hinge& hinge : hinges_) {
    for (size_t i = first_row(hinge.order); i < count_; ++i) {
      hinge.below[i] += primal_step_ * hinge.d_below[i];
      hinge.above[i] += primal_step_ * hinge.d_above[i];
      hinge.pull[i] += dual_step_ * hinge.d_pull[i];
      hinge.rest[i] -= dual_step_ * hinge.d_pull[i];
    }
  }
}

Line InteriorPoint::solve() {
  start();
  const Line coasting = line_;
  Line best = line_;
  for (int step = 0; step < kMostSteps; ++step) {
    const double product = mean_product();
    if (!(product > kLastProduct)) break;
    prepare();
    aim_affine();
    find_direction();
    limit_steps();
    const double share = product_after() / product;
    aim_centred(share * share * share * product, true);
    find_direction();
    limit_steps();
    if (std::min(primal_step_, dual_step_) < kShortStep) {
      aim_affine();
      aim_centred(kDetour * product, false);
      find_direction();
      limit_steps();
    }
    take_step();
    const bool sound = std::isfinite(mean_product());
    if (!sound) break;
    best = line_;
    if (primal_step_ < 1e-9 && dual_step_ < 1e-9) break;
  }
  return mean_product() < kSolvedProduct ? best : coasting;
}

}  // namespace

std::vector<double> solve_l1(const L1Problem& problem) {
  Line line = InteriorPoint(problem).solve();
  snap(problem, &line);
  return line;
}

}  // namespace smartcrop
