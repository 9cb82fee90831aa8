// SPDX-License-Identifier: MIT
// What a subject that is gone after does to the targets of the window.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "stage4_crop/choose.h"
#include "stage4_crop/screening.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

Subject boxed(const Box& box, SubjectKind kind = SubjectKind::kCaller, bool followed = true) {
  Subject subject;
  subject.box = box;
  subject.kind = kind;
  subject.id = 4;
  subject.weight = 0;
  subject.followed = followed;
  return subject;
}

// A film of boxes beside maps: subjects(i) of frame i, all of them analysed.
template <typename Subjects>
std::vector<Target> targets_of(const Options& options, int frames, const HeatMap& map,
                               Subjects subjects, Size picture = {1920, 1080},
                               double aspect = 9.0 / 16) {
  Chooser chooser(make_geometry({aspect, {}, false}, stream_of(yuv(1, 1, 8), picture)), options);
  std::vector<Target> targets;
  const int ahead = static_cast<int>(std::lround(options.lookahead * kFps));
  for (int i = 0; i < frames + ahead; ++i) {
    if (i < frames) {
      Evidence evidence = evidence_of(i, i / kFps, map);
      evidence.subjects = subjects(i);
      if (i == 0) chooser.start_shot();
      chooser.push(evidence, {i, 0, i == 0, false});
    }
    const int now = i - ahead;
    if (now >= 0) targets.push_back(chooser.choose(now, now / kFps, {now, 0, now == 0, false})[0]);
  }
  return targets;
}

std::vector<Subject> one_at(double place) { return {boxed({place - 0.04, 0.3, 0.08, 0.3})}; }

TEST(ChosenSubject, HasTheWindowsCentreOnItWhereTheWindowCanGo) {
  // The map says left; the subject walks from there to the right.
  const auto place = [](int i) { return 0.2 + 0.6 * i / 60; };
  for (const char* lookahead : {"0", "1.5"}) {
    const std::vector<Target> targets =
        targets_of(with({{"lookahead", lookahead}}), 60, map_of({{0.1, 1}}, 1),
                   [&](int i) { return one_at(place(i)); });
    for (size_t i = 0; i < targets.size(); ++i) {
      EXPECT_NEAR(targets[i].x, place(static_cast<int>(i)), 0.02) << lookahead << " " << i;
      ASSERT_TRUE(targets[i].subject.has_value());
      EXPECT_TRUE(targets[i].subject->followed);
      EXPECT_EQ(targets[i].subject->id, 4);
    }
  }
}

TEST(ChosenSubject, IsGoneAfterUpAndDownToo) {
  const std::vector<Target> targets = targets_of(
      Options(), 30, map_of({{0.5, 1}}, 1, false),
      [](int i) {
        return std::vector<Subject>{boxed({0.3, 0.3 + 0.01 * i, 0.2, 0.1})};
      },
      {1080, 1920}, 16.0 / 9);
  for (size_t i = 0; i < targets.size(); ++i) {
    EXPECT_NEAR(targets[i].y, 0.35 + 0.01 * static_cast<double>(i), 0.02);
  }
}

TEST(ChosenSubject, AtTheEdgeHasTheWindowAtTheEdge) {
  for (const double place : {0.05, 0.95}) {
    const std::vector<Target> targets =
        targets_of(Options(), 20, map_of({{0.5, 1}}, 1), [&](int) { return one_at(place); });
    const double half = targets[0].width / 2;
    EXPECT_NEAR(targets.back().x, place < 0.5 ? half : 1 - half, 0.01);
  }
}

TEST(ChosenSubject, ShowsItsTopWhereItIsTallerThanTheWindow) {
  const std::vector<Target> targets = targets_of(
      Options(), 20, map_of({{0.5, 1}}, 1, false),
      [](int) {
        return std::vector<Subject>{boxed({0.3, 0.2, 0.4, 0.7})};
      },
      {1080, 1920}, 16.0 / 9);
  EXPECT_NEAR(targets.back().y - targets.back().height / 2, 0.2, 0.02);
}

TEST(ChosenSubject, IsTrustedMoreAndHasLessOfTheDeadZoneThanAMap) {
  const HeatMap map = map_of({{0.3, 1}}, 0.2F);
  const Target with_one = targets_of(Options(), 20, map, [](int) { return one_at(0.3); }).back();
  const Target without =
      targets_of(Options(), 20, map, [](int) { return std::vector<Subject>(); }).back();
  EXPECT_GT(with_one.weight, without.weight);
  EXPECT_LT(with_one.slack, without.slack);
  EXPECT_EQ(without.slack, 1);
  EXPECT_FALSE(without.subject.has_value());
  EXPECT_STREQ(with_one.why, "it goes after the subject that was asked for");
}

TEST(ChosenSubject, ThatWasAskedForIsNotFittedForText) {
  const auto with_text = [](bool asked) {
    return [asked](int) {
      Subject text = boxed({0.05, 0.7, 0.9, 0.15}, SubjectKind::kText, false);
      text.id = -1;
      text.weight = 0.5F;
      std::vector<Subject> subjects{text};
      if (asked) subjects.push_back(boxed({0.26, 0.3, 0.08, 0.3}));
      return subjects;
    };
  };
  const HeatMap map = map_of({{0.5, 1}}, 1);
  const Target fitted = targets_of(Options(), 30, map, with_text(false)).back();
  EXPECT_EQ(fitted.strategy, SMARTCROP_FIT);
  const Target asked = targets_of(Options(), 30, map, with_text(true)).back();
  EXPECT_NE(asked.strategy, SMARTCROP_FIT);
  EXPECT_NEAR(asked.x, 0.3, 0.02);
  EXPECT_LT(asked.width, fitted.width);
}

TEST(ChosenSubject, IsZoomedInToByItsOwnSizeWhereItWasAskedFor) {
  const Options zoom = with({{"zoom", "3"}});
  const auto both = [](bool asked) {
    return [asked](int) {
      return std::vector<Subject>{boxed({0.27, 0.4, 0.06, 0.1}, SubjectKind::kSubject, asked),
                                  boxed({0.1, 0.1, 0.8, 0.8}, SubjectKind::kCaller, false)};
    };
  };
  const HeatMap map = map_of({{0.5, 1}}, 1);
  EXPECT_LT(targets_of(zoom, 30, map, both(true)).back().width,
            targets_of(zoom, 30, map, both(false)).back().width);
}

// The camera's own choice.
TEST(ChosenSubject, ThatStandsOutIsGoneAfterWithoutBeingAskedFor) {
  const auto place = [](int i) { return 0.25 + 0.4 * i / 60; };
  Chooser chooser(make_geometry({9.0 / 16, {}, false}, stream_of(yuv(1, 1, 8), {1920, 1080})),
                  Options());
  chooser.start_shot();
  for (int i = 0; i < 60; ++i) {
    Evidence evidence = evidence_of(i, i / kFps, map_of({{place(i), 1}}, 1));
    evidence.subjects = {boxed({place(i) - 0.05, 0.3, 0.1, 0.4}, SubjectKind::kSubject, false)};
    chooser.push(evidence, {i, 0, i == 0, false});
  }
  for (int i = 0; i < 60; ++i) {
    const Target target = chooser.choose(i, i / kFps, {i, 0, i == 0, false})[0];
    EXPECT_NEAR(target.x, place(i), 0.02) << i;
    ASSERT_TRUE(target.subject.has_value());
    EXPECT_FALSE(target.subject->followed);
  }
}

TEST(ChosenSubject, IsLetGoAtACut) {
  Chooser chooser(make_geometry({9.0 / 16, {}, false}, stream_of(yuv(1, 1, 8), {1920, 1080})),
                  Options());
  for (int i = 0; i < 40; ++i) {
    const bool second = i >= 20;
    if (i % 20 == 0) chooser.start_shot();
    Evidence evidence = evidence_of(i, i / kFps, map_of({{second ? 0.8 : 0.5, 1}}, 1));
    if (!second) evidence.subjects = one_at(0.25);
    const ShotMark mark{i, second ? 1 : 0, i % 20 == 0, false};
    chooser.push(evidence, mark);
    const Target target = chooser.choose(i, i / kFps, mark)[0];
    EXPECT_EQ(target.subject.has_value(), !second) << i;
    EXPECT_NEAR(target.x, second ? 0.8 : 0.25, 0.06) << i;
  }
}

}  // namespace
}  // namespace smartcrop
