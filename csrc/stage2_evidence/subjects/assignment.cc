// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/assignment.h"

#include <algorithm>
#include <limits>

namespace smartcrop {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// Rows get partners one after another. Each row searches the cheapest path of exchanges that ends
// at a free column. Prices of rows and columns keep all costs that are left at 0 or more, so that
// the search is Dijkstra's. There are at least as many columns as rows.
class Assigner {
 public:
  explicit Assigner(const Worths& worths)
      : worths_(worths),
        row_price_(worths.rows(), 0.0),
        column_price_(worths.columns(), 0.0),
        row_of_(worths.columns(), kNone) {
    for (size_t row = 0; row < worths.rows(); ++row) augment(row);
  }
  const std::vector<size_t>& row_of() const { return row_of_; }

 private:
  double cost_left(size_t row, size_t column) const {
    return -std::max(0.0, worths_.at(row, column)) - row_price_[row] - column_price_[column];
  }
  void augment(size_t start);
  size_t nearest_open_column() const;

  const Worths& worths_;
  std::vector<double> row_price_, column_price_;
  std::vector<size_t> row_of_;  // each column's partner
  // Of one search, for each column: the cheapest path to it, the row before it, whether it is done.
  std::vector<double> distance_;
  std::vector<size_t> from_row_;
  std::vector<bool> done_;
};

size_t Assigner::nearest_open_column() const {
  size_t nearest = kNone;
  for (size_t column = 0; column < distance_.size(); ++column) {
    if (done_[column]) continue;
    if (nearest == kNone || distance_[column] < distance_[nearest]) nearest = column;
  }
  return nearest;
}

void Assigner::augment(size_t start) {
  const size_t columns = worths_.columns();
  distance_.assign(columns, std::numeric_limits<double>::infinity());
  from_row_.assign(columns, kNone);
  done_.assign(columns, false);
  size_t row = start, last = kNone;
  double way = 0;
  while (true) {
    for (size_t column = 0; column < columns; ++column) {
      const double through = way + cost_left(row, column);
      if (done_[column] || !(through < distance_[column])) continue;
      distance_[column] = through;
      from_row_[column] = row;
    }
    last = nearest_open_column();
    way = distance_[last];
    if (row_of_[last] == kNone) break;
    done_[last] = true;
    row = row_of_[last];
  }
  row_price_[start] += way;
  for (size_t column = 0; column < columns; ++column) {
    if (!done_[column]) continue;
    column_price_[column] -= way - distance_[column];
    row_price_[row_of_[column]] += way - distance_[column];
  }
  // Partners are exchanged along the path, back to its start.
  std::vector<size_t> column_of(worths_.rows(), kNone);
  for (size_t column = 0; column < columns; ++column) {
    if (row_of_[column] != kNone) column_of[row_of_[column]] = column;
  }
  for (size_t column = last; column != kNone;) {
    const size_t before = from_row_[column];
    row_of_[column] = before;
    column = column_of[before];
  }
}

}  // namespace

std::vector<Pair> best_pairs(const Worths& worths) {
  const bool turned = worths.rows() > worths.columns();
  Worths wide(turned ? worths.columns() : worths.rows(), turned ? worths.rows() : worths.columns());
  for (size_t row = 0; row < wide.rows(); ++row) {
    for (size_t column = 0; column < wide.columns(); ++column) {
      wide.at(row, column) = turned ? worths.at(column, row) : worths.at(row, column);
    }
  }
  const Assigner assigner(wide);
  std::vector<Pair> pairs;
  for (size_t column = 0; column < wide.columns(); ++column) {
    const size_t row = assigner.row_of()[column];
    if (row == kNone || !(wide.at(row, column) > 0)) continue;
    pairs.push_back(turned ? Pair{column, row} : Pair{row, column});
  }
  return pairs;
}

}  // namespace smartcrop
