// SPDX-License-Identifier: MIT
// Which subject the window goes after, if any.
#ifndef SMARTCROP_STAGE4_CROP_LOCK_H_
#define SMARTCROP_STAGE4_CROP_LOCK_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "stage4_crop/company.h"
#include "stage4_crop/sample.h"
#include "types.h"

namespace smartcrop {

// Goes after the subject that a person asked for, where there is one. Otherwise it finds the
// sequence of subjects, or of none, that is worth most over what is in view, less the price of its
// changes (Viterbi 1967). A subject is worth what of the map it holds, its size aside, how sure the
// detector is, and how long it stays. Where two are worth nearly the same, or two faces talk,
// nobody is gone after, and the map says what to show. A person and her face are one subject; what
// goes with a subject (company.h) is a part of it, as far as the window has room for both.
class Lock {
 public:
  // window: its share of the picture along the axis that it moves on.
  void set_window(Axis axis, double window);
  void push(const Sample& sample);
  // Drops the first sample, which is over.
  void pop();
  void solve();
  bool solved() const { return path_.size() == rows_.size(); }
  // The subject at a sample (after solve); where it is not seen for a moment, where it has to be.
  std::optional<Subject> at(size_t sample) const;

 private:
  static constexpr int64_t kNobody = -1;
  struct Candidate {
    Subject subject;
    double score = 0;
  };
  struct Row {
    double time_s = 0, length_s = 0;
    std::vector<Candidate> found;          // those with ids
    std::vector<Candidate> candidates;     // the same after join()
    std::optional<Subject> marked, asked;  // whom a person asked for, before and after join()
    bool faces_talk = false;

    const Candidate* of(int64_t id) const;
  };
  // Of one subject over the shot.
  struct Standing {
    double seen_s = 0, score = 0, place = 0;  // score and place: times seconds
  };
  // Of the shot, as far as it was seen.
  struct Record {
    double all_s = 0, talk_s = 0;
    std::map<int64_t, Standing> subjects;
  };

  void join(Row* row) const;
  void add(const Row& row, Record* record) const;
  bool is_open(const Record& all) const;
  double worth(const Row& row, int64_t id, const Record& all) const;
  std::optional<Subject> between(size_t sample, int64_t id) const;

  Axis axis_ = Axis::kX;
  double window_ = 1;
  std::deque<Row> rows_;
  std::deque<int64_t> path_;
  Company company_;
  Record over_;
  std::optional<int64_t> shown_;
  std::optional<Candidate> before_;  // where the subject that was shown was last seen
  double before_s_ = 0;
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_LOCK_H_
