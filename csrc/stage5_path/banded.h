// SPDX-License-Identifier: MIT
// Differences of a line up to the third, and the linear systems that come of them.
#ifndef SMARTCROP_STAGE5_PATH_BANDED_H_
#define SMARTCROP_STAGE5_PATH_BANDED_H_

#include <array>
#include <cstddef>
#include <vector>

namespace smartcrop {

constexpr size_t kOrders = 4;  // the line itself and its differences

using Line = std::vector<double>;
using Orders = std::array<Line, kOrders>;

// out[d][i]: the d-th difference that ends in line[i], with the three points before the line.
void differences(const Line& line, const std::array<double, 3>& before, Orders* out);

// The adjoint of differences(), without the points before: the sum over d of D_d^T y[d].
void adjoint(const Orders& y, Line* out);

// The symmetric matrix sum_d D_d^T diag(weights[d]) D_d, which has three diagonals to each side, as
// L diag L^T: O(n) to factor and to solve.
class BandedSystem {
 public:
  void factor(const Orders& weights);
  // In place.
  void solve(Line* right) const;

 private:
  Line inverse_;             // of the diagonal
  std::array<Line, 3> sub_;  // of L: sub_[m - 1][k] is L[k, k - m]
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE5_PATH_BANDED_H_
