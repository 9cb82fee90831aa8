// SPDX-License-Identifier: MIT
// Which track takes which box: the assignment that is worth most.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_ASSIGNMENT_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_ASSIGNMENT_H_

#include <cstddef>
#include <vector>

namespace smartcrop {

// What each pair of a row and a column is worth. A pair of 0 or less is never made.
class Worths {
 public:
  Worths(size_t rows, size_t columns)
      : rows_(rows), columns_(columns), values_(rows * columns, 0.0) {}
  size_t rows() const { return rows_; }
  size_t columns() const { return columns_; }
  double& at(size_t row, size_t column) { return values_[row * columns_ + column]; }
  double at(size_t row, size_t column) const { return values_[row * columns_ + column]; }

 private:
  size_t rows_, columns_;
  std::vector<double> values_;
};

// The pairs that together are worth most, at most one for each row and each column, by shortest
// augmenting paths (Jonker and Volgenant, "A shortest augmenting path algorithm for dense and
// sparse linear assignment problems", 1987). It takes rows^2 * columns steps. Rows and columns may
// stay without a partner. What pairs are worth has to be finite.
struct Pair {
  size_t row, column;
};
std::vector<Pair> best_pairs(const Worths& worths);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_ASSIGNMENT_H_
