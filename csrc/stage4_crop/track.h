// SPDX-License-Identifier: MIT
// The window along one axis, from sample to sample of a shot.
#ifndef SMARTCROP_STAGE4_CROP_TRACK_H_
#define SMARTCROP_STAGE4_CROP_TRACK_H_

#include <deque>
#include <optional>
#include <vector>

#include "options.h"
#include "stage4_crop/best_path.h"
#include "stage4_crop/candidates.h"
#include "stage4_crop/clarity.h"
#include "stage4_crop/gains.h"
#include "stage4_crop/sample.h"

namespace smartcrop {

// Scores every candidate window of each sample in view. Finds the sequence with the best sum of
// scores over time, less the price of its moves (best_path.h). The sequence begins at the sample to
// be decided, where the window was shown before. It ends with the last sample, which is taken to go
// on for a while.
class AxisTrack {
 public:
  AxisTrack(Axis axis, const Candidates& candidates) : axis_(axis), candidates_(candidates) {}

  void push(const Sample& sample, const Options& options);
  // Drops the first sample, which is over. After a switch the rest has to be solved again.
  void pop();
  void solve(const Options& options);
  bool solved() const { return path_.size() == rows_.size(); }
  // A new shot begins where the last one was.
  void let_go();
  // Where the centre is wanted at a sample, whatever the maps say; nothing: they say it.
  void lock(size_t sample, std::optional<double> centre);
  // Goes on from the place of a track with other candidates.
  void continue_from(const AxisTrack& before);

  size_t count() const { return rows_.size(); }
  // Where the centre is wanted (after solve), and the span in which it has to be.
  double wanted(size_t sample) const;
  Span allowed(size_t sample) const { return rows_[sample].allowed; }
  // False if the maps do not say what to follow. The window then rests where it shows the most.
  bool is_clear() const { return clarity_ > 0.5; }
  // True if the window goes to another subject between this sample and the next.
  bool switches(size_t sample) const;
  const Candidates& candidates() const { return candidates_; }

 private:
  struct Row {
    double time_s = 0;
    double length_s = 0;
    double pan = 0;
    std::vector<float> own_coverage;  // of the map alone, by each candidate
    Gains gain;                       // over the time that the sample holds
    Gains usual;                      // the recent mean, a second
    std::vector<float> profile;       // for the place within the window
    Span allowed;
    std::optional<double> locked;  // centre
    std::vector<Span> faces;
  };

  double clarity(const Options& options) const;
  float pull_of(const Row& row, size_t candidate) const;
  std::vector<std::vector<float>> gains() const;
  std::vector<int> best(const std::vector<std::vector<float>>& gains, const Options& options) const;
  void find_places(const Options& options);
  void add_middles(size_t from, size_t to, std::vector<double>* middles) const;
  void spare_faces(size_t from, size_t to, std::vector<double>* places) const;
  double cut_at(const Row& row, double centre) const;
  double centred(int candidate, const std::vector<float>& gains,
                 const std::vector<float>& profile) const;
  double lead_at(size_t sample, const std::vector<double>& middles, double most) const;

  Axis axis_;
  Candidates candidates_;
  std::deque<Row> rows_;
  std::deque<int> path_;       // candidate of each row
  std::deque<double> places_;  // where the centre is wanted
  int shown_ = -1;             // candidate that the first row was shown with
  int held_ = -1;              // the candidate that a forced strategy stays at
  // Of what was shown: the direction and the time of its last move, and the time until which a new
  // subject is kept.
  int direction_ = 0;
  double moved_s_ = 0;
  double locked_until_s_ = -1e30;
  Clarity seen_;
  double clarity_ = 1;  // the path was solved with this
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE4_CROP_TRACK_H_
