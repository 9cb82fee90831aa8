// SPDX-License-Identifier: MIT
// One run: frames in, or those of an analysis or of a plan's points, decisions out, with the queue
// between them; windows rendered.
#ifndef SMARTCROP_SESSION_H_
#define SMARTCROP_SESSION_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "delay.h"
#include "geometry.h"
#include "log.h"
#include "options.h"
#include "pipeline.h"
#include "plan/analysis_reader.h"
#include "plan/plan_reader.h"
#include "plan/plan_writer.h"
#include "points.h"
#include "stage6_render/render.h"

namespace smartcrop {

// A frame is decided as soon as the newest frame that every source has answered is `lookahead`
// later than it (with `whole_shots`: as soon as its shot is over), or more frames wait than
// max_delay_frames() allows, or the stream has ended. So what is answered depends on the frames
// sent and on nothing else.
class Session {
 public:
  Session(const Options& options, const smartcrop_stream& stream, const Log& log);
  // Over an analysis file: receive() reads it, and no frame is sent.
  Session(const Options& options, const std::string& analysis, const Log& log);
  // Over the points of a plan, in the same way.
  Session(const Options& options, const smartcrop_stream& stream,
          std::vector<smartcrop_point> points);

  // OK, or AGAIN while a decision waits to be received.
  smartcrop_status send(const smartcrop_frame& frame);
  smartcrop_status end();
  // OK, AGAIN or END.
  smartcrop_status receive(smartcrop_decision* decision);
  void reset();
  void set_live(const std::string& key, double value);
  // From the next frame on, in the words of the option follow.
  void follow(const std::string& subject);
  // What a person asks of a shot, before anything is decided.
  template <typename... Wish>
  void ask(int32_t shot, const Wish&... wish) {
    check_takes_wishes(shot);
    wishes_.ask(shot, wish...);
    pipeline_->set_wishes(wishes_);
  }

  const smartcrop_stream& stream() const { return stream_; }
  const Geometry& geometry() const { return geometry_; }
  bool is_exact(const smartcrop_decision& decision, int* x, int* y) const;
  void render(const smartcrop_decision& decision, const smartcrop_frame& frame,
              const smartcrop_picture& picture);
  // The map behind the decision received last; nullptr where there is none.
  const HeatMap* last_map() const { return last_map_.values.empty() ? nullptr : &last_map_; }
  // The boxes that were known of its frame; nullptr where there is no map either.
  const std::vector<smartcrop_box>* last_regions() const {
    return last_map_.values.empty() ? nullptr : &last_regions_;
  }

 private:
  struct Waiting {
    int64_t frame = 0, pts = 0;
    void* opaque = nullptr;
    double time_s = 0;
  };
  struct Ready {
    smartcrop_decision decision;
    HeatMap map;
    std::vector<smartcrop_box> regions;
  };

  Session(const Options& asked, std::unique_ptr<AnalysisReader> analysis);
  Session(const Options& options, const smartcrop_stream& stream,
          std::unique_ptr<SceneSource> observed);

  // Seconds since the first frame.
  double time_of(int64_t pts);
  // The same on the clock of the time stamps.
  double stamped_s(const Waiting& frame) const;
  void wait(const Waiting& frame);
  void recall();
  void check_takes_frames() const;
  void check_takes_wishes(int32_t shot) const;
  Renderer& renderer() const;
  bool may_decide_front();
  void decide_front();
  void decide_by_pipeline(Ready* ready);
  void decide_by_plan(const Waiting& frame, Ready* ready);

  Options options_;
  smartcrop_stream stream_;
  std::unique_ptr<PlanReader> plan_;  // either this
  Geometry geometry_;
  std::unique_ptr<Pipeline> pipeline_;   // or that
  std::unique_ptr<PlanWriter> written_;  // of the option plan_out
  std::unique_ptr<Renderer> renderer_;   // none where there are no pictures
  size_t most_waiting_;

  bool recalls_ = false;                 // scenes that were observed before
  const PointScenes* points_ = nullptr;  // these, where they are those of points; the pipeline's
  Wishes wishes_;
  bool began_ = false;  // something was decided

  std::deque<Waiting> waiting_;
  std::deque<Ready> ready_;
  HeatMap last_map_;
  std::vector<smartcrop_box> last_regions_;
  int64_t frames_ = 0;
  int64_t first_pts_ = 0;
  double newest_s_ = 0, offset_s_ = 0;
  bool ended_ = false;
  bool draining_ = false;  // whole_shots: of a shot that is too long to be seen whole
};

}  // namespace smartcrop

#endif  // SMARTCROP_SESSION_H_
