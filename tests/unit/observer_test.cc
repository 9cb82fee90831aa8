// SPDX-License-Identifier: MIT
#include "observer.h"

#include <gtest/gtest.h>

#include "pipeline.h"
#include "session_fixture.h"
#include "stage1_proxy/proxy.h"
#include "stage2_evidence/evidence.h"
#include "stage2_evidence/made_source.h"
#include "stage2_evidence/maps/training_free.h"

namespace smartcrop {
namespace {

Size grid() { return evidence_grid(proxy_size(stream_of_clip())); }

// Its map is a peak in one cell, its pan the frame's number.
std::unique_ptr<Source> peak_source(int delay, size_t cell, float weight) {
  return std::make_unique<MadeSource>(delay, [cell, weight](const Observation& observation) {
    Findings findings = numbered(observation);
    findings.map = even_map(grid());
    findings.map->values[cell] += 1;
    normalise(&*findings.map);
    findings.weight = weight;
    return findings;
  });
}

std::unique_ptr<Source> training_free() {
  return std::make_unique<TrainingFreeSource>(grid(), kPicture, MotionFrom::kAuto);
}

Observer::Sources with(std::unique_ptr<Source> first, std::unique_ptr<Source> second = nullptr) {
  Observer::Sources sources;
  sources.push_back(std::move(first));
  if (second != nullptr) sources.push_back(std::move(second));
  return sources;
}

// Two shots of 1.2 s.
Clip two_shots() {
  Clip clip(12, {0, 250});
  clip.resize(24, {1, 750});
  return clip;
}

std::vector<Scene> show(Observer* observer, const Clip& clip, size_t frame) {
  const TestPicture picture = paint(clip[frame]);
  return observer->observe(picture.frame(), static_cast<int64_t>(frame),
                           static_cast<double>(frame) / kFps);
}

std::vector<Scene> watch(Observer* observer, const Clip& clip) {
  std::vector<Scene> all;
  const auto keep = [&all](std::vector<Scene> scenes) {
    std::move(scenes.begin(), scenes.end(), std::back_inserter(all));
  };
  for (size_t frame = 0; frame < clip.size(); ++frame) keep(show(observer, clip, frame));
  keep(observer->finish());
  return all;
}

TEST(Observer, AThirdMapJoinsTheEvidenceByItsWeight) {
  constexpr size_t kCell = 5;
  float before = 0;
  for (const float weight : {0.1f, 0.4f, 1.0f}) {
    Observer::Sources sources = with(peak_source(0, 90, 1), peak_source(0, 400, 0.5f));
    sources.push_back(peak_source(0, kCell, weight));
    Observer observer(options_of({}), stream_of_clip(), std::move(sources));
    const std::vector<Scene> scenes = show(&observer, walk(), 0);
    ASSERT_EQ(scenes.size(), 1u);
    const float there = scenes[0].evidence.map.values[kCell];
    EXPECT_GT(there, before) << weight;
    before = there;
  }
}

TEST(Observer, ASourceThatIsThreeFramesLateTellsOfTheSameFrames) {
  const Options options = options_of({{"analysis_fps", "10"}});
  const Clip clip = two_shots();
  std::vector<Scene> scenes[2];
  for (const int delay : {0, 3}) {
    Observer observer(options, stream_of_clip(), with(peak_source(delay, 5, 1), training_free()));
    scenes[delay / 3] = watch(&observer, clip);
    ASSERT_EQ(scenes[delay / 3].size(), clip.size());
  }
  for (size_t i = 0; i < clip.size(); ++i) {
    const Scene &late = scenes[1][i], &punctual = scenes[0][i];
    EXPECT_EQ(late.frame, static_cast<int64_t>(i));
    EXPECT_EQ(late.time_s, punctual.time_s);
    ASSERT_TRUE(late.analysed);
    EXPECT_EQ(late.evidence.pan, static_cast<float>(i)) << "the late one's findings of this frame";
    EXPECT_EQ(late.evidence.map.values, punctual.evidence.map.values)
        << "the late map of a frame met the punctual one of another than frame " << i;
  }
}

TEST(Observer, ScenesComeWithTheDelayOfTheSlowestSourceAndAtACutAtOnce) {
  const Clip clip = two_shots();
  Observer observer(options_of({}), stream_of_clip(), with(peak_source(3, 5, 1)));
  std::vector<size_t> counts;
  for (size_t frame = 0; frame < clip.size(); ++frame) {
    counts.push_back(show(&observer, clip, frame).size());
  }
  EXPECT_EQ(counts[2], 0u);
  EXPECT_EQ(counts[3], 1u);
  EXPECT_EQ(counts[11], 1u);
  EXPECT_EQ(counts[12], 3u) << "what the first shot still owed";
  EXPECT_EQ(counts[14], 0u);
  EXPECT_EQ(counts[15], 1u);
  EXPECT_EQ(observer.finish().size(), 3u);
}

TEST(Observer, NoMarkComesBeforeTheSceneOfItsFrame) {
  const Clip clip = two_shots();
  Observer observer(options_of({{"lookahead", "0"}}), stream_of_clip(), with(peak_source(3, 5, 1)));
  int64_t complete = -1, marked = -1;
  const auto check = [&](const std::vector<Scene>& scenes) {
    for (const Scene& scene : scenes) {
      complete = scene.frame;
      for (const ShotMark& mark : scene.marks) marked = mark.frame;
      EXPECT_LE(marked, complete);
    }
  };
  for (size_t frame = 0; frame < clip.size(); ++frame) {
    check(show(&observer, clip, frame));
    if (complete >= 0) {
      for (const ShotMark& mark : observer.mark_through(complete)) marked = mark.frame;
    }
    EXPECT_EQ(marked, complete);
  }
  check(observer.finish());
  EXPECT_EQ(complete, static_cast<int64_t>(clip.size()) - 1);
}

TEST(Observer, AfterAResetTheSameFramesGiveTheSameScenes) {
  const Clip clip = two_shots();
  Observer observer(options_of({}), stream_of_clip(), with(peak_source(3, 5, 1), training_free()));
  const std::vector<Scene> first = watch(&observer, clip);
  show(&observer, clip, 0);
  observer.reset();
  const std::vector<Scene> again = watch(&observer, clip);
  ASSERT_EQ(again.size(), first.size());
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(again[i].frame, first[i].frame);
    EXPECT_EQ(again[i].evidence.map.values, first[i].evidence.map.values);
    EXPECT_EQ(again[i].marks.size(), first[i].marks.size());
  }
}

// Decides as a session does, and gives the windows' centres.
std::vector<double> decide_all(int delay, const std::string& lookahead, const Clip& clip) {
  const Options options = options_of({{"aspect", "9:16"}, {"lookahead", lookahead}});
  const Geometry geometry = make_geometry(shape_of(options), stream_of_clip());
  const std::shared_ptr<Source> source = training_free();
  auto made = std::make_unique<MadeSource>(
      delay, [source](const Observation& observation) { return source->observe(observation); });
  Pipeline pipeline(options, stream_of_clip(), geometry, with(std::move(made)));
  std::vector<double> centres;
  const auto decide_while = [&](auto may_decide) {
    while (pipeline.has_frame() && may_decide()) {
      const Target target = pipeline.decide();
      EXPECT_EQ(target.frame, static_cast<int64_t>(centres.size()));
      centres.push_back(target.x);
    }
  };
  for (size_t frame = 0; frame < clip.size(); ++frame) {
    const TestPicture picture = paint(clip[frame]);
    pipeline.observe(picture.frame(), static_cast<int64_t>(frame),
                     static_cast<double>(frame) / kFps);
    decide_while([&] {
      const double front_s = static_cast<double>(centres.size()) / kFps;
      return pipeline.known_s() - front_s >= options.lookahead - 1e-6;
    });
  }
  pipeline.finish();
  decide_while([] { return true; });
  return centres;
}

TEST(Pipeline, ALateSourceDecidesAWholeShotAsAPunctualOneDoes) {
  const std::vector<double> late = decide_all(3, "60", walk());
  EXPECT_EQ(late.size(), walk().size());
  EXPECT_EQ(late, decide_all(0, "60", walk()));
}

// At the cost of no more than the walk of three frames: more of the shots is known by then.
TEST(Pipeline, ALateSourceHasEveryFrameDecidedOnTheWay) {
  for (const char* lookahead : {"0", "0.1", "1.5"}) {
    const std::vector<double> late = decide_all(3, lookahead, walk());
    const std::vector<double> punctual = decide_all(0, lookahead, walk());
    ASSERT_EQ(late.size(), walk().size());
    for (size_t i = 0; i < late.size(); ++i) EXPECT_NEAR(late[i], punctual[i], 0.1) << i;
  }
}

}  // namespace
}  // namespace smartcrop
