// SPDX-License-Identifier: MIT
#include "session.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "error.h"
#include "stage1_proxy/pictures.h"
#include "stage2_evidence/motion/motion_vectors.h"
#include "stage2_evidence/subjects/caller_boxes.h"
#include "stage3_shots/shots.h"
#include "stage6_render/panes.h"

namespace smartcrop {
namespace {

void check_plan(const PlanFile& plan, const smartcrop_stream& stream) {
  if (plan.source.width == stream.width && plan.source.height == stream.height) return;
  const auto text = [](int w, int h) { return std::to_string(w) + "x" + std::to_string(h); };
  throw Error(SMARTCROP_ERROR_FILE, "plan " + plan.path + " is for a picture of " +
                                        text(plan.source.width, plan.source.height) +
                                        ", this one is " + text(stream.width, stream.height) +
                                        "; analyze this video");
}

void warn_of_decided(const Options& options, const Log& log) {
  std::string names;
  for (const std::string& name : without_role(options, SMARTCROP_OPTION_RENDER)) {
    names += (names.empty() ? "" : ", ") + name;
  }
  if (names.empty()) return;
  log.warning("plan=" + options.plan + " says where the windows are, so these options have no " +
              "effect: " + names + "; leave them out, or analyze the video anew with them");
}

PlanFile plan_of(const Options& options) {
  if (options.plan_text == nullptr) return read_plan(options.plan);
  return parse_plan(options.plan, *options.plan_text);
}

// Of the option plan_out.
std::unique_ptr<PlanWriter> open_written(const Options& options, const smartcrop_stream& stream,
                                         const Geometry& geometry) {
  if (options.plan_out.empty()) return nullptr;
  for (const char* other : {"keep", "hints"}) {
    if (get_option(options, other) != options.plan_out) continue;
    throw Error(SMARTCROP_ERROR_OPTION, "plan_out=" + options.plan_out + " is the file of " +
                                            other + " too; choose another name");
  }
  return std::make_unique<PlanWriter>(options, stream, geometry);
}

std::unique_ptr<PlanReader> open_plan(const Options& options, const smartcrop_stream& stream,
                                      const Log& log) {
  if (options.plan.empty()) return nullptr;
  auto plan = std::make_unique<PlanReader>(plan_of(options), log);
  check_plan(plan->plan(), stream);
  warn_of_decided(options, log);
  return plan;
}

// A plan's output decides the shape, since some of its windows may be fitted into it; of the
// options, only a size can change the picture.
Geometry geometry_for(const PlanReader* plan, const Options& options,
                      const smartcrop_stream& stream) {
  Shape shape = shape_of(options);
  if (plan != nullptr) {
    const PlanFile& file = plan->plan();
    const double sar = file.output_sar > 0 ? file.output_sar : sample_aspect(stream);
    shape.aspect = file.output.width * sar / file.output.height;
    const Size size = shape.output;
    const bool same = size.width == file.output.width && size.height == file.output.height;
    if (!same) check_same_shape("plan " + file.path, shape.aspect, size);
    if (size.width == 0) shape.output = file.output;
  }
  return make_geometry(shape, stream);
}

// Shots are marked by what came so much later.
double shot_delay_s(const Options& options) {
  return ShotDetector({options.cut_threshold, options.min_shot, options.lookahead}).delay_s();
}

Options options_over(const AnalysisReader& analysis, const Options& asked) {
  const Options options = options_to_solve(asked, analysis.header(), analysis.path());
  if (options.follow.find('#') != std::string::npos && options.subjects == "none") {
    throw Error(SMARTCROP_ERROR_OPTION, "follow=" + options.follow + ": " + analysis.path() +
                                            " was made with subjects=none, so nobody in it has a "
                                            "number; analyze again with subjects=auto");
  }
  const double now_s = shot_delay_s(options), then_s = shot_delay_s(analysis.header().options);
  if (now_s == then_s) return options;
  throw Error(SMARTCROP_ERROR_OPTION,
              "lookahead=" + text_of(options.lookahead) + " lets shots be seen " + text_of(now_s) +
                  " s ahead, and " + analysis.path() + " was made with " + text_of(then_s) +
                  " s; take lookahead=" + get_option(analysis.header().options, "lookahead") +
                  ", or analyze again");
}

Options options_over_points(const Options& options) {
  for (const auto& [name, file] : {std::pair("plan", &options.plan), {"keep", &options.keep}}) {
    if (file->empty()) continue;
    throw Error(SMARTCROP_ERROR_OPTION,
                std::string(name) + "=" + *file + " has no effect on points; leave it out");
  }
  return options;
}

RenderOptions render_options(const Options& options, const Geometry& geometry) {
  return {options.scaler, options.pad, options.pad_colour,
          geometry.window_width / geometry.window_height};
}

// Time stamps may lie farther apart than an int64_t counts.
double ticks_between(int64_t from, int64_t to) {
  const auto a = static_cast<uint64_t>(from), b = static_cast<uint64_t>(to);
  return to >= from ? static_cast<double>(b - a) : -static_cast<double>(a - b);
}

// The same times, however a stream counts them, are the same numbers.
double whole_ticks(double time_s) { return std::round(time_s * 1e6) / 1e6; }

// The run's own window is put on whole samples; a fitted or a zoomed one goes just where it is
// wanted.
Window window_of(const Target& target, const Geometry& geometry) {
  const double width = target.width * geometry.source_width;
  const double height = target.height * geometry.source_height;
  constexpr double kSame = 1e-6;
  if (std::abs(width - geometry.window_width) < kSame &&
      std::abs(height - geometry.window_height) < kSame) {
    const Position at = place_window(geometry, target.x, target.y);
    return {at.x, at.y, geometry.window_width, geometry.window_height};
  }
  const auto place = [](double centre, double side, int picture) {
    return std::clamp(centre * picture - side / 2, 0.0, picture - side);
  };
  return {place(target.x, width, geometry.source_width),
          place(target.y, height, geometry.source_height), width, height};
}

}  // namespace

Session::Session(const Options& options, const smartcrop_stream& stream, const Log& log)
    : options_(options),
      stream_(stream),
      plan_(open_plan(options, stream, log)),
      geometry_(geometry_for(plan_.get(), options, stream)),
      renderer_(
          std::make_unique<Renderer>(stream, geometry_.output, render_options(options, geometry_))),
      most_waiting_(static_cast<size_t>(max_delay_frames(options, counted_fps(stream)))) {
  if (plan_ == nullptr) {
    pipeline_ = std::make_unique<Pipeline>(options, stream, geometry_, log);
    written_ = open_written(options, stream, geometry_);
  }
}

Session::Session(const Options& options, const std::string& analysis, const Log& log)
    : Session(options, std::make_unique<AnalysisReader>(analysis)) {
  (void)log;  // nothing is opened that could fail and be done without
}

// In braces, for there the analysis is read before it is given away.
Session::Session(const Options& asked, std::unique_ptr<AnalysisReader> analysis)
    : Session{options_over(*analysis, asked), analysis->header().stream,
              std::unique_ptr<SceneSource>(std::move(analysis))} {}

Session::Session(const Options& options, const smartcrop_stream& stream,
                 std::vector<smartcrop_point> points)
    : Session(options_over_points(options), stream,
              std::make_unique<PointScenes>(options, Size{stream.width, stream.height},
                                            std::move(points))) {}

Session::Session(const Options& options, const smartcrop_stream& stream,
                 std::unique_ptr<SceneSource> observed)
    : options_(options),
      stream_(stream),
      geometry_(geometry_for(nullptr, options_, stream_)),
      most_waiting_(static_cast<size_t>(max_delay_frames(options_, counted_fps(stream_)))),
      recalls_(true),
      points_(dynamic_cast<const PointScenes*>(observed.get())) {
  pipeline_ = std::make_unique<Pipeline>(options_, geometry_, std::move(observed));
}

double Session::time_of(int64_t pts) {
  const double tick_s = static_cast<double>(stream_.time_base_num) / stream_.time_base_den;
  const double next_s = newest_s_ + 1 / counted_fps(stream_);
  if (frames_ == 0) first_pts_ = pts == SMARTCROP_NO_PTS ? 0 : pts;
  if (pts == SMARTCROP_NO_PTS) return whole_ticks(frames_ == 0 ? 0 : next_s);
  double time_s = ticks_between(first_pts_, pts) * tick_s + offset_s_;
  // Where the clock is set back, time goes on: the frames still come one after the other.
  if (frames_ > 0 && time_s < newest_s_) {
    offset_s_ += next_s - time_s;
    time_s = next_s;
  }
  return whole_ticks(time_s);
}

double Session::stamped_s(const Waiting& frame) const {
  return static_cast<double>(first_pts_) * stream_.time_base_num /
             static_cast<double>(stream_.time_base_den) +
         frame.time_s;
}

smartcrop_status Session::send(const smartcrop_frame& frame) {
  check_takes_frames();
  if (ended_) throw Error(SMARTCROP_ERROR_ARGUMENT, "a frame was sent after the end of the stream");
  if (!ready_.empty()) return SMARTCROP_AGAIN;
  check_boxes(side_data_of(frame));
  check_motion_vectors(side_data_of(frame));
  const Waiting waiting{frames_, frame.pts, frame.opaque, time_of(frame.pts)};
  if (pipeline_ != nullptr) pipeline_->observe(frame, waiting.frame, waiting.time_s);
  wait(waiting);
  return SMARTCROP_OK;
}

// Decides what may be decided now.
void Session::wait(const Waiting& frame) {
  ++frames_;
  newest_s_ = frame.time_s;
  waiting_.push_back(frame);
  while (!waiting_.empty() && may_decide_front()) decide_front();
}

// The next frame of the analysis, or its end.
void Session::recall() {
  Waiting frame;
  if (pipeline_->recall(&frame.frame, &frame.pts, &frame.time_s)) {
    wait(frame);
    return;
  }
  ended_ = true;
  while (!waiting_.empty()) decide_front();
}

void Session::check_takes_frames() const {
  if (!recalls_) return;
  throw Error(SMARTCROP_ERROR_ARGUMENT,
              "a run over an analysis or points takes no frames; receive gives its decisions");
}

void Session::check_takes_wishes(int32_t shot) const {
  const auto refuse = [shot](const char* why) {
    throw Error(SMARTCROP_ERROR_ARGUMENT, "wish for shot " + std::to_string(shot) + ": " + why);
  };
  if (pipeline_ == nullptr) refuse("a plan says where the windows are; open an analysis or points");
  if (began_) refuse("it comes after the first decision; ask before anything is received");
  if (points_ != nullptr && !points_->has_shot(shot)) refuse("no point is in it");
}

bool Session::may_decide_front() {
  constexpr double kSameTime_s = 1e-6;
  if (plan_ != nullptr) return true;
  if (!pipeline_->has_frame()) return false;
  const double seen_s = pipeline_->known_s() - waiting_.front().time_s;
  const bool full = waiting_.size() > most_waiting_;
  if (!options_.whole_shots) return full || seen_s >= options_.lookahead - kSameTime_s;
  // Of a shot that is too long, half of what is in view is decided, by all of it.
  if (full || seen_s >= kLongestView_s) draining_ = true;
  if (seen_s < kLongestView_s / 2) draining_ = false;
  return draining_ || pipeline_->shot_is_complete();
}

smartcrop_status Session::end() {
  check_takes_frames();
  if (!ready_.empty()) return SMARTCROP_AGAIN;
  ended_ = true;
  if (pipeline_ != nullptr) pipeline_->finish();
  while (!waiting_.empty()) decide_front();
  if (plan_ != nullptr) plan_->end(frames_);
  if (pipeline_ != nullptr) pipeline_->end();
  if (written_ != nullptr) written_->end();
  return SMARTCROP_OK;
}

smartcrop_status Session::receive(smartcrop_decision* decision) {
  while (recalls_ && ready_.empty() && !ended_) recall();
  if (ready_.empty()) return ended_ ? SMARTCROP_END : SMARTCROP_AGAIN;
  *decision = ready_.front().decision;
  last_map_ = std::move(ready_.front().map);
  last_regions_ = std::move(ready_.front().regions);
  ready_.pop_front();
  return SMARTCROP_OK;
}

void Session::decide_front() {
  began_ = true;
  const Waiting frame = waiting_.front();
  Ready ready{};
  ready.decision.struct_size = sizeof(smartcrop_decision);
  ready.decision.frame = frame.frame;
  ready.decision.pts = frame.pts;
  ready.decision.opaque = frame.opaque;
  if (plan_ != nullptr) {
    decide_by_plan(frame, &ready);
  } else {
    decide_by_pipeline(&ready);
    if (written_ != nullptr) written_->write(ready.decision, stamped_s(frame));
  }
  waiting_.pop_front();
  ready_.push_back(std::move(ready));
}

void Session::decide_by_pipeline(Ready* ready) {
  const Target target = pipeline_->decide();
  const Window window = window_of(target, geometry_);
  smartcrop_decision& decision = ready->decision;
  decision.x = window.x;
  decision.y = window.y;
  decision.width = window.width;
  decision.height = window.height;
  decision.confidence = std::clamp(static_cast<double>(target.confidence), 0.0, 1.0);
  decision.shot = target.shot;
  decision.strategy = target.strategy;
  decision.target_x = target.wanted_x * stream_.width;
  decision.target_y = target.wanted_y * stream_.height;
  decision.reason = target.why;
  if (target.start) decision.flags |= SMARTCROP_SHOT_START;
  if (target.fallback) decision.flags |= SMARTCROP_FALLBACK;
  ready->map = pipeline_->map();
  const Size picture{stream_.width, stream_.height};
  for (const Subject& region : pipeline_->regions()) {
    ready->regions.push_back(box_of(region, picture));
  }
  if (!target.subject) return;
  const smartcrop_box subject = box_of(*target.subject, picture);
  decision.has_subject = 1;
  decision.subject = subject.id;
  decision.subject_x = subject.x;
  decision.subject_y = subject.y;
  decision.subject_width = subject.width;
  decision.subject_height = subject.height;
  for (smartcrop_box& region : ready->regions) {
    if (subject.id != 0 && region.id == subject.id) region.followed = 1;
  }
}

void Session::decide_by_plan(const Waiting& frame, Ready* ready) {
  bool shot_start = false;
  const PlanFrame& planned = plan_->at(frame.frame, stamped_s(frame), &shot_start);
  smartcrop_decision& decision = ready->decision;
  decision.width = std::min(planned.window.width, static_cast<double>(stream_.width));
  decision.height = std::min(planned.window.height, static_cast<double>(stream_.height));
  decision.x = std::clamp(planned.window.x, 0.0, stream_.width - decision.width);
  decision.y = std::clamp(planned.window.y, 0.0, stream_.height - decision.height);
  // A window that needs no scaling is put where it needs no resampling either.
  if (decision.width == geometry_.window_width && decision.height == geometry_.window_height) {
    const Position position =
        place_window(geometry_, (decision.x + decision.width / 2) / stream_.width,
                     (decision.y + decision.height / 2) / stream_.height);
    decision.x = position.x;
    decision.y = position.y;
  }
  decision.confidence = planned.confidence;
  decision.target_x = decision.x + decision.width / 2;
  decision.target_y = decision.y + decision.height / 2;
  decision.shot = planned.shot;
  decision.strategy = plan_->strategy_of(planned.shot);
  if (shot_start) decision.flags |= SMARTCROP_SHOT_START;
}

void Session::reset() {
  if (plan_ != nullptr) plan_->reset();
  if (pipeline_ != nullptr) pipeline_->reset();
  if (written_ != nullptr) written_->end();
  waiting_.clear();
  ready_.clear();
  last_map_ = {};
  frames_ = 0;
  newest_s_ = offset_s_ = 0;
  ended_ = draining_ = began_ = false;
}

void Session::set_live(const std::string& key, double value) {
  set_live_option(&options_, key, value);
  if (pipeline_ != nullptr) pipeline_->set_options(options_);
}

void Session::follow(const std::string& subject) {
  std::vector<FollowWish> wishes = parse_follow(subject);
  if (wishes.size() != 1) {
    throw Error(SMARTCROP_ERROR_ARGUMENT,
                "one subject can be followed from now on, not " + std::to_string(wishes.size()));
  }
  if (!wishes[0].is_now) {
    throw Error(SMARTCROP_ERROR_ARGUMENT,
                "while frames run a subject is followed from now on; leave out @ and its time");
  }
  if (pipeline_ == nullptr) {
    throw Error(SMARTCROP_ERROR_ARGUMENT, "a plan says where the windows are; nobody is followed");
  }
  pipeline_->follow(wishes);
}

Renderer& Session::renderer() const {
  if (renderer_ != nullptr) return *renderer_;
  throw Error(SMARTCROP_ERROR_ARGUMENT,
              "an analysis or points have no pictures; render the plan of their decisions");
}

bool Session::is_exact(const smartcrop_decision& decision, int* x, int* y) const {
  if (decision.pane_count != 0) return renderer().is_exact(panes_of(decision), x, y);
  return renderer().is_exact({decision.x, decision.y, decision.width, decision.height}, x, y);
}

void Session::render(const smartcrop_decision& decision, const smartcrop_frame& frame,
                     const smartcrop_picture& picture) {
  if (decision.pane_count != 0) return renderer().render(panes_of(decision), frame, picture);
  renderer().render({decision.x, decision.y, decision.width, decision.height}, frame, picture);
}

}  // namespace smartcrop
