// SPDX-License-Identifier: MIT
#include "stage4_crop/wishes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "error.h"
#include "stage4_crop/screening.h"

namespace smartcrop {
namespace {

constexpr std::nullopt_t kNone = std::nullopt;

std::optional<int> by(smartcrop_strategy strategy) { return strategy; }

template <typename... Wish>
std::string refusal(Wishes* wishes, int32_t shot, const Wish&... wish) {
  try {
    wishes->ask(shot, wish...);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_ARGUMENT);
    return error.what();
  }
  return "";
}

Target target_at(double time_s, double x, double y = 0.5) {
  Target target;
  target.time_s = time_s;
  target.x = x;
  target.y = y;
  target.width = 0.2;
  target.height = 0.4;
  target.weight = 0.1;
  return target;
}

Target wished(const Wishes& wishes, double time_s, const ShotEnds* ends = nullptr) {
  Target target = target_at(time_s, 0.5);
  const ShotWish* wish = wishes.of(0);
  move_to_wish(*wish, options_for(Options(), wish), ends, &target);
  return target;
}

TEST(Wishes, RefuseWhatCannotBe) {
  Wishes wishes;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(refusal(&wishes, -1, by(SMARTCROP_PAN), kNone, kNone).find("from 0"),
            std::string::npos);
  EXPECT_NE(refusal(&wishes, 0, std::optional<int>(4), kNone, kNone).find("strategy 4 is none"),
            std::string::npos);
  EXPECT_NE(refusal(&wishes, 0, kNone, kNone, kNone).find("neither"), std::string::npos);
  EXPECT_NE(refusal(&wishes, 0, by(SMARTCROP_PAN), std::optional(0.5), kNone).find("hold alone"),
            std::string::npos);
  for (const double wrong : {-0.1, 1.1, nan}) {
    EXPECT_NE(refusal(&wishes, 0, kNone, std::optional(wrong), kNone).find("x is a share"),
              std::string::npos);
    EXPECT_NE(refusal(&wishes, 0, KeyFrame{1, 0.5, wrong}).find("y is a share"), std::string::npos);
  }
  EXPECT_NE(refusal(&wishes, 0, KeyFrame{nan, 0.5, {}}).find("finite"), std::string::npos);
  EXPECT_EQ(wishes.of(0), nullptr);
}

TEST(Wishes, TakeKeyFramesOnlyWhereTheWindowMoves) {
  Wishes wishes;
  wishes.ask(0, by(SMARTCROP_HOLD), kNone, kNone);
  EXPECT_NE(refusal(&wishes, 0, KeyFrame{1, 0.5, {}}).find("hold takes no key"), std::string::npos);
  wishes.ask(1, KeyFrame{1, 0.5, {}});
  EXPECT_NE(refusal(&wishes, 1, by(SMARTCROP_FIT), kNone, kNone).find("fit takes no key"),
            std::string::npos);
  wishes.ask(1, by(SMARTCROP_PAN), kNone, kNone);
  EXPECT_EQ(wishes.of(1)->keys.size(), 1U);
}

TEST(Wishes, ALaterOneTakesThePlaceOfAnEarlierOne) {
  Wishes wishes;
  wishes.ask(0, kNone, std::optional(0.3), kNone);
  EXPECT_EQ(wishes.of(0)->strategy, SMARTCROP_HOLD);
  wishes.ask(0, by(SMARTCROP_FOLLOW), kNone, kNone);
  EXPECT_EQ(wishes.of(0)->x, kNone);
  wishes.ask(0, KeyFrame{2, 0.4, {}});
  wishes.ask(0, KeyFrame{1, 0.5, {}});
  wishes.ask(0, KeyFrame{2, 0.6, {}});
  ASSERT_EQ(wishes.of(0)->keys.size(), 2U);
  EXPECT_EQ(wishes.of(0)->keys[0].time_s, 1);
  EXPECT_EQ(wishes.of(0)->keys[1].x, 0.6);
}

TEST(Wishes, AStillWindowStandsAtItsPlaceAndInsideThePicture) {
  Wishes wishes;
  wishes.ask(0, kNone, std::optional(0.3), kNone);
  const Target target = wished(wishes, 1);
  EXPECT_EQ(target.x, 0.3);
  EXPECT_EQ(target.span_x.lowest, 0.3);
  EXPECT_EQ(target.span_x.highest, 0.3);
  EXPECT_EQ(target.span_y.highest, 1);  // y was not asked for
  wishes.ask(0, kNone, std::optional(0.02), std::optional(0.99));
  EXPECT_EQ(wished(wishes, 1).x, 0.1);
  EXPECT_EQ(wished(wishes, 1).y, 0.8);
}

TEST(Wishes, APanRestsOutsideItsKeyFramesAndRisesBetweenThem) {
  Wishes wishes;
  wishes.ask(0, by(SMARTCROP_PAN), kNone, kNone);
  wishes.ask(0, KeyFrame{2, 0.3, {}});
  wishes.ask(0, KeyFrame{4, 0.7, {}});
  EXPECT_EQ(wished(wishes, 0).x, 0.3);
  EXPECT_EQ(wished(wishes, 2).x, 0.3);
  EXPECT_NEAR(wished(wishes, 3).x, 0.5, 1e-12);
  EXPECT_LT(wished(wishes, 2.2).x - 0.3, 0.01);  // it begins softly
  EXPECT_GT(wished(wishes, 3.1).x, wished(wishes, 2.9).x + 0.05);
  EXPECT_EQ(wished(wishes, 4).x, 0.7);
  EXPECT_EQ(wished(wishes, 9).x, 0.7);
  EXPECT_EQ(wished(wishes, 9).y, 0.5);
}

TEST(Wishes, OneKeyFrameOfAPanIsTheEndThatItIsNearerTo) {
  const ShotEnds ends{target_at(0, 0.2), target_at(10, 0.8)};
  Wishes early, late;
  early.ask(0, by(SMARTCROP_PAN), kNone, kNone);
  late.ask(0, by(SMARTCROP_PAN), kNone, kNone);
  early.ask(0, KeyFrame{4, 0.4, {}});
  late.ask(0, KeyFrame{6, 0.6, {}});
  EXPECT_EQ(wished(early, 0, &ends).x, 0.4);
  EXPECT_EQ(wished(early, 4, &ends).x, 0.4);
  EXPECT_EQ(wished(early, 10, &ends).x, 0.8);
  EXPECT_EQ(wished(late, 0, &ends).x, 0.2);
  EXPECT_EQ(wished(late, 6, &ends).x, 0.6);
  EXPECT_EQ(wished(late, 10, &ends).x, 0.6);
  EXPECT_EQ(wished(late, 10).x, 0.5);  // the ends are not known
}

TEST(Wishes, KeyFramesComeIntoTheTrackOfAShotThatFollows) {
  Wishes wishes;
  wishes.ask(0, KeyFrame{0, 0.3, {}});
  wishes.ask(0, KeyFrame{1.5, 0.7, 0.6});
  wishes.ask(0, KeyFrame{5, 0.9, {}});
  const std::vector<Target> own = {target_at(0, 0.5), target_at(1, 0.4), target_at(2, 0.6)};
  std::vector<Target> track = own;
  add_keys(*wishes.of(0), Options(), 4, &track);
  ASSERT_EQ(track.size(), 4U);  // the last key frame is out of reach
  EXPECT_EQ(track[0].x, 0.3);   // at this frame
  EXPECT_EQ(track[1].x, 0.4);
  EXPECT_EQ(track[1].span_x.lowest, 0);
  EXPECT_EQ(track[2].time_s, 1.5);
  EXPECT_EQ(track[2].x, 0.7);
  EXPECT_EQ(track[2].span_x.lowest, track[2].span_x.highest);
  EXPECT_EQ(track[2].y, 0.6);
  EXPECT_EQ(track[2].weight, 1);
  EXPECT_EQ(track[3].x, 0.6);
  track = own;
  add_keys(*wishes.of(0), with({{"strategy", "pan"}}), 4, &track);
  EXPECT_EQ(track.size(), 3U);  // a pan is on its way between them already
}

TEST(Chooser, GoesByTheStrategyThatIsAskedOfAShotAndByTheOptionsInOthers) {
  const Peaks left = {{0.2, 1}}, right = {{0.8, 1}};
  const auto film = [&](Screening* run) {
    for (int shot = 0; shot < 2; ++shot) run->show(4, left).show(4, right).cut();
  };
  const Options whole = with({{"lookahead", "8"}});
  Screening plain(whole), asked(whole);
  film(&plain);
  asked.ask(1, by(SMARTCROP_HOLD), kNone, kNone);
  film(&asked);
  const std::vector<double> own = plain.centres(), held = asked.centres();
  EXPECT_TRUE(plain.shows(own[0], 0.2) && plain.shows(own[79], 0.8));
  for (size_t i = 0; i < 80; ++i) EXPECT_EQ(held[i], own[i]);
  EXPECT_TRUE(plain.shows(own[80], 0.2) && plain.shows(own[159], 0.8));
  for (size_t i = 80; i < 160; ++i) EXPECT_EQ(held[i], held[80]);
  EXPECT_EQ(asked.targets()[100].strategy, SMARTCROP_HOLD);
  EXPECT_STREQ(asked.targets()[100].why, "a person asked for it");
  EXPECT_STRNE(asked.targets()[10].why, "a person asked for it");
}

TEST(Chooser, FitsTheShotThatIsAskedToBeFittedAlone) {
  Screening run((Options()));
  run.ask(0, by(SMARTCROP_FIT), kNone, kNone);
  run.show(2, {{0.3, 1}}).cut().show(2, {{0.3, 1}});
  EXPECT_EQ(run.targets()[5].width, 1);
  EXPECT_EQ(run.targets()[5].strategy, SMARTCROP_FIT);
  EXPECT_LT(run.targets()[25].width, 0.5);
}

TEST(Chooser, APlaceOutweighsTheMaps) {
  Screening run((Options()));
  run.ask(0, kNone, std::optional(0.7), kNone);
  run.show(3, {{0.2, 1}});
  for (const Target& target : run.targets()) {
    EXPECT_EQ(target.x, 0.7);
    EXPECT_EQ(target.strategy, SMARTCROP_HOLD);
  }
}

}  // namespace
}  // namespace smartcrop
