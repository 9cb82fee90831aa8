// SPDX-License-Identifier: MIT
// A whole run over a synthetic clip, and what a host sees of it as numbers.
#ifndef SMARTCROP_TESTS_UNIT_OPTION_RUN_H_
#define SMARTCROP_TESTS_UNIT_OPTION_RUN_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "session.h"
#include "session_fixture.h"

namespace smartcrop {

struct Seen {
  Clip clip;
  std::string error, log;
  int delay = 0;
  Geometry geometry;
  std::vector<smartcrop_decision> decisions;
  std::vector<std::vector<smartcrop_box>> boxes;  // of each decision
  std::vector<double> row;                        // the middle row of the first picture rendered

  double middle(size_t frame) const { return decisions[frame].x + decisions[frame].width / 2; }
  // Where the subject's middle is.
  double subject(size_t frame) const { return clip[frame].permille / 1000.0 * kPicture.width; }
};

inline std::vector<double> middle_row(Session* session, const smartcrop_decision& decision,
                                      const TestPicture& source) {
  TestPicture target(yuv(1, 1, 8), session->geometry().output);
  session->render(decision, source.frame(), target.picture());
  const Size size = target.size(0);
  std::vector<double> row;
  for (int x = 0; x < size.width; ++x) row.push_back(target.get(0, x, size.height / 2));
  return row;
}

inline void show(Session* session, Seen* seen) {
  std::map<int64_t, TestPicture> waiting;
  const auto take = [&] {
    smartcrop_decision decision{};
    while (session->receive(&decision) == SMARTCROP_OK) {
      seen->decisions.push_back(decision);
      const auto* const boxes = session->last_regions();
      seen->boxes.push_back(boxes == nullptr ? std::vector<smartcrop_box>() : *boxes);
      if (seen->row.empty()) seen->row = middle_row(session, decision, waiting.at(decision.pts));
      waiting.erase(decision.pts);
    }
  };
  for (size_t i = 0; i < seen->clip.size(); ++i) {
    const auto pts = static_cast<int64_t>(i) * 1000 / kFps;
    smartcrop_frame frame = waiting.emplace(pts, paint(seen->clip[i])).first->second.frame();
    frame.pts = pts;
    session->send(frame);
    take();
  }
  session->end();
  take();
  EXPECT_TRUE(waiting.empty());
}

inline Seen run(const Clip& clip, const Values& values) {
  Seen seen;
  seen.clip = clip;
  const auto keep = [](void* cookie, int, const char* line) {
    *static_cast<std::string*>(cookie) += std::string(line) + '\n';
  };
  const Options options = options_of(values);
  seen.delay = max_delay_frames(options, kFps);
  try {
    Session session(options, stream_of_clip(), Log(keep, &seen.log));
    seen.geometry = session.geometry();
    show(&session, &seen);
  } catch (const Error& error) {
    seen.error = error.what();
  }
  return seen;
}

// ---- what is measured of a run; each is larger where there is more of it

inline double window_width(const Seen& seen) { return seen.decisions.at(0).width; }
inline double window_height(const Seen& seen) { return seen.decisions.back().height; }
inline double output_width(const Seen& seen) { return seen.geometry.output.width; }
inline double last_width(const Seen& seen) { return seen.decisions.back().width; }
inline double shots(const Seen& seen) { return 1 + seen.decisions.back().shot; }
inline double errors(const Seen& seen) { return seen.error.empty() ? 0 : 1; }

inline double travel(const Seen& seen) {
  double sum = 0;
  for (size_t i = 1; i < seen.decisions.size(); ++i) {
    sum += std::abs(seen.decisions[i].x - seen.decisions[i - 1].x);
  }
  return sum;
}

inline double longest_step(const Seen& seen) {
  double longest = 0;
  for (size_t i = 1; i < seen.decisions.size(); ++i) {
    longest = std::max(longest, std::abs(seen.decisions[i].x - seen.decisions[i - 1].x));
  }
  return longest;
}

inline double largest_change_of_speed(const Seen& seen) {
  double largest = 0;
  for (size_t i = 2; i < seen.decisions.size(); ++i) {
    const double step = seen.decisions[i].x - seen.decisions[i - 1].x;
    const double before = seen.decisions[i - 1].x - seen.decisions[i - 2].x;
    largest = std::max(largest, std::abs(step - before));
  }
  return largest;
}

inline double moving_frames(const Seen& seen) {
  double count = 0;
  for (size_t i = 1; i < seen.decisions.size(); ++i) {
    if (std::abs(seen.decisions[i].x - seen.decisions[i - 1].x) > 0.01) ++count;
  }
  return count;
}

// The frame in which the window's middle first passes the picture's.
inline double passes_the_middle(const Seen& seen) {
  for (size_t i = 0; i < seen.decisions.size(); ++i) {
    if (seen.middle(i) > kPicture.width / 2.0) return static_cast<double>(i);
  }
  return static_cast<double>(seen.decisions.size());
}

inline double mean_distance_to_subject(const Seen& seen) {
  double sum = 0;
  for (size_t i = 0; i < seen.decisions.size(); ++i) {
    sum += std::abs(seen.middle(i) - seen.subject(i));
  }
  return sum / static_cast<double>(seen.decisions.size());
}

// While the subject walks to the right, at a steady pace.
inline double mean_lead_to_the_right(const Seen& seen) {
  double sum = 0;
  for (size_t i = 8; i < 20; ++i) sum += seen.middle(i) - seen.subject(i);
  return sum / 12;
}

inline double mean_distance_to_the_middle(const Seen& seen) {
  double sum = 0;
  for (size_t i = 0; i < seen.decisions.size(); ++i) {
    sum += std::abs(seen.middle(i) - kPicture.width / 2.0);
  }
  return sum / static_cast<double>(seen.decisions.size());
}

inline double windows_at_fractions(const Seen& seen) {
  double count = 0;
  for (const smartcrop_decision& each : seen.decisions) {
    if (each.x != std::floor(each.x)) ++count;
  }
  return count;
}

// Those of Files::plan() go one pixel a frame.
inline double windows_of_the_plan(const Seen& seen) {
  double count = 0;
  for (size_t i = 0; i < seen.decisions.size(); ++i) {
    if (std::abs(seen.decisions[i].x - static_cast<double>(i)) <= 1) ++count;
  }
  return count;
}

inline double boxes_known(const Seen& seen) {
  double count = 0;
  for (const auto& boxes : seen.boxes) count += static_cast<double>(boxes.size());
  return count;
}

inline double boxes_required(const Seen& seen) {
  double count = 0;
  for (const auto& boxes : seen.boxes) {
    for (const smartcrop_box& box : boxes) count += box.required;
  }
  return count;
}

inline double mentions_of_cuda(const Seen& seen) {
  return (seen.log + seen.error).find("device=cuda") == std::string::npos ? 0 : 1;
}

// Of the output's leftmost sample, in the bar beside the window.
inline double bar_level(const Seen& seen) { return seen.row.at(0); }

// From sample to sample along the row.
inline double sharpness(const Seen& seen) {
  double sum = 0;
  for (size_t x = 1; x < seen.row.size(); ++x) sum += std::abs(seen.row[x] - seen.row[x - 1]);
  return sum;
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_OPTION_RUN_H_
