// SPDX-License-Identifier: MIT
#include "stage5_path/banded.h"

namespace smartcrop {
namespace {

// A pivot this small beside its diagonal is rounding: the unknown then stays where it is.
constexpr double kLeastPivot = 1e-14;

// Each entry of the matrix as its neighbours in the rows' weights a, b, c of order 1, 2, 3 say: the
// products of the binomials (1 -1), (1 -2 1), (1 -3 3 -1).
struct Weights {
  const Orders& w;
  double at(size_t order, size_t i) const { return i < w[0].size() ? w[order][i] : 0; }

  double diagonal(size_t k) const {
    return at(0, k) + at(1, k) + at(1, k + 1) + at(2, k) + 4 * at(2, k + 1) + at(2, k + 2) +
           at(3, k) + 9 * at(3, k + 1) + 9 * at(3, k + 2) + at(3, k + 3);
  }
  double first(size_t k) const {
    return -at(1, k) - 2 * (at(2, k) + at(2, k + 1)) - 3 * (at(3, k) + at(3, k + 2)) -
           9 * at(3, k + 1);
  }
  double second(size_t k) const { return at(2, k) + 3 * (at(3, k) + at(3, k + 1)); }
  double third(size_t k) const { return -at(3, k); }
};

}  // namespace

void differences(const Line& line, const std::array<double, 3>& before, Orders* out) {
  Orders& d = *out;
  d[0] = line;
  std::array<double, kOrders> last{};  // of each order, at the point before
  last[0] = before[2];
  last[1] = before[2] - before[1];
  last[2] = last[1] - (before[1] - before[0]);
  for (size_t order = 1; order < kOrders; ++order) {
    d[order].resize(line.size());
    double previous = last[order - 1];
    for (size_t i = 0; i < line.size(); ++i) {
      d[order][i] = d[order - 1][i] - previous;
      previous = d[order - 1][i];
    }
  }
}

void adjoint(const Orders& y, Line* out) {
  const size_t count = y[0].size();
  Line& sum = *out;
  sum = y[kOrders - 1];
  for (size_t order = kOrders - 1; order-- > 0;) {
    for (size_t i = 0; i + 1 < count; ++i) sum[i] = y[order][i] + (sum[i] - sum[i + 1]);
    if (count > 0) sum[count - 1] += y[order][count - 1];
  }
}

void BandedSystem::factor(const Orders& weights) {
  const Weights matrix{weights};
  const size_t count = weights[0].size();
  inverse_.assign(count, 0);
  for (Line& line : sub_) line.assign(count, 0);
  double d1 = 0, d2 = 0, d3 = 0;     // the pivots before
  double l21 = 0, l32 = 0, l31 = 0;  // of the rows before: L[k-1,k-2], L[k-2,k-3], L[k-1,k-3]
  for (size_t k = 0; k < count; ++k) {
    const double g3 = k >= 3 ? matrix.third(k) : 0;
    const double g2 = k >= 2 ? matrix.second(k) - g3 * l32 : 0;
    const double g1 = k >= 1 ? matrix.first(k) - g3 * l31 - g2 * l21 : 0;
    const double c3 = g3 * d3, c2 = g2 * d2, c1 = g1 * d1;
    const double diagonal = matrix.diagonal(k);
    const double pivot = diagonal - g3 * c3 - g2 * c2 - g1 * c1;
    sub_[0][k] = c1;
    sub_[1][k] = c2;
    sub_[2][k] = c3;
    inverse_[k] = pivot > kLeastPivot * diagonal ? 1 / pivot : 0;
    d3 = d2;
    d2 = d1;
    d1 = inverse_[k];
    l32 = l21;
    l31 = c2;
    l21 = c1;
  }
}

void BandedSystem::solve(Line* right) const {
  Line& x = *right;
  const size_t count = x.size();
  double x1 = 0, x2 = 0, x3 = 0;
  for (size_t k = 0; k < count; ++k) {
    const double value = x[k] - sub_[0][k] * x1 - sub_[1][k] * x2 - sub_[2][k] * x3;
    x3 = x2;
    x2 = x1;
    x1 = x[k] = value;
  }
  const auto back = [&](size_t m, size_t k) {
    return k + m < count ? sub_[m - 1][k + m] * x[k + m] : 0;
  };
  for (size_t k = count; k-- > 0;) {
    x[k] = x[k] * inverse_[k] - back(1, k) - back(2, k) - back(3, k);
  }
}

}  // namespace smartcrop
