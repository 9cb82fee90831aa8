// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/box_filter.h"

#include <gtest/gtest.h>

#include <cmath>

namespace smartcrop {
namespace {

constexpr double kAspect = 16.0 / 9;

TEST(BoxFilter, LearnsASteadySpeedFromUnevenLooks) {
  BoxFilter filter({0.1, 0.2, 0.05, 0.1}, kAspect);
  const double speed_x = 0.12, speed_y = -0.04;
  double time_s = 0;
  for (int i = 0; i < 24; ++i) {
    const double step_s = i % 3 == 0 ? 0.4 : 0.15;
    time_s += step_s;
    filter.move_on(step_s);
    filter.correct({0.1 + speed_x * time_s, 0.2 + speed_y * time_s, 0.05, 0.1});
  }
  EXPECT_NEAR(filter.speed().x, speed_x, 1e-3);
  EXPECT_NEAR(filter.speed().y, speed_y, 1e-3);
  const Box later = filter.box_after(0.2);
  EXPECT_NEAR(later.x, 0.1 + speed_x * (time_s + 0.2), 1e-3);
  EXPECT_NEAR(filter.box_after(-0.2).x, 0.1 + speed_x * (time_s - 0.2), 1e-3);
}

TEST(BoxFilter, TwoHalfStepsAreOneWholeStep) {
  BoxFilter whole({0.3, 0.3, 0.1, 0.2}, kAspect);
  for (int i = 0; i < 3; ++i) {
    whole.move_on(0.2);
    whole.correct({0.32 + 0.02 * i, 0.3, 0.1, 0.2});
  }
  BoxFilter halves = whole;
  whole.move_on(0.3);
  halves.move_on(0.15);
  halves.move_on(0.15);
  const Box found{0.4, 0.31, 0.1, 0.2};
  whole.correct(found);
  halves.correct(found);
  EXPECT_NEAR(whole.speed().x, halves.speed().x, 1e-9);
  EXPECT_NEAR(whole.box_after(0).x, halves.box_after(0).x, 1e-9);
}

TEST(BoxFilter, ALongerWaitBelievesTheNextBoxMore) {
  const Box seen{0.4, 0.4, 0.1, 0.1}, off{0.44, 0.4, 0.1, 0.1};
  double moved[2];
  for (const bool longer : {false, true}) {
    BoxFilter filter(seen, kAspect);
    for (int i = 0; i < 20; ++i) {
      filter.move_on(0.1);
      filter.correct(seen);
    }
    filter.move_on(longer ? 0.8 : 0.05);
    filter.correct(off);
    moved[longer ? 1 : 0] = filter.box_after(0).x - seen.x;
  }
  EXPECT_GT(moved[0], 0);
  EXPECT_GT(moved[1], 1.2 * moved[0]);
  EXPECT_LE(moved[1], 0.04);
}

TEST(BoxFilter, TheCameraShiftsZoomsAndTurns) {
  const Box box{0.7, 0.5 - 0.05, 0.1, 0.1};
  CameraMotion shift;
  shift.x = -0.1F;
  shift.y = 0.05F;
  BoxFilter shifted(box, kAspect);
  shifted.move_with(shift);
  EXPECT_NEAR(shifted.box_after(0).x, 0.6, 1e-6);
  EXPECT_NEAR(shifted.box_after(0).y, 0.45 + 0.05 * kAspect, 1e-6) << "shares of the width";

  CameraMotion zoom;
  zoom.a = 1.2F;
  BoxFilter zoomed(box, kAspect);
  zoomed.move_with(zoom);
  EXPECT_NEAR(zoomed.box_after(0).width, 0.12, 1e-6);
  EXPECT_NEAR(zoomed.box_after(0).x + 0.06, 0.5 + 1.2 * 0.25, 1e-6);

  CameraMotion turn;
  turn.a = 0;
  turn.b = 1;
  BoxFilter turned(box, kAspect);
  turned.move_with(turn);
  EXPECT_NEAR(turned.box_after(0).x + 0.05, 0.5, 1e-6);
  EXPECT_NEAR(turned.box_after(0).y + 0.05, 0.5 + 0.25 * kAspect, 1e-6);
}

TEST(BoxFilter, ItsSidesStayAboveZeroHoweverFastABoxShrinks) {
  BoxFilter filter({0.4, 0.4, 0.2, 0.2}, kAspect);
  for (int i = 1; i <= 8; ++i) {
    filter.move_on(0.25);
    filter.correct({0.4, 0.4, 0.2 / std::pow(2, i), 0.2 / std::pow(2, i)});
  }
  filter.move_on(5);
  EXPECT_GT(filter.box_after(0).width, 0);
  EXPECT_GT(filter.box_after(0).height, 0);
}

}  // namespace
}  // namespace smartcrop
