// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/appearance.h"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>

namespace smartcrop {
namespace {

using Colour = std::array<uint8_t, 3>;
constexpr Colour kSkin{220, 170, 140}, kJeans{40, 60, 120}, kShirt{200, 30, 40}, kWall{90, 90, 90};

// colour(x, y), both from 0 to 1.
Proxy picture(const std::function<Colour(double, double)>& colour, Size size = kAppearanceSize) {
  Proxy rgb;
  rgb.width = size.width;
  rgb.height = size.height;
  for (size_t plane = 0; plane < 3; ++plane) {
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        rgb.planes[plane].push_back(colour((x + 0.5) / size.width, (y + 0.5) / size.height)[plane]);
      }
    }
  }
  return rgb;
}

Colour person(double, double y) { return y < 0.33 ? kSkin : y < 0.66 ? kShirt : kJeans; }

TEST(AppearanceTest, IsOfLengthOneAndLikeItself) {
  const Appearance own = appearance_of(picture(person));
  EXPECT_NEAR(std::inner_product(own.begin(), own.end(), own.begin(), 0.0), 1, 1e-5);
  EXPECT_NEAR(likeness_of(own, own), 1, 1e-5);
}

TEST(AppearanceTest, TellsColoursApart) {
  const Appearance own = appearance_of(picture(person));
  const Appearance other = appearance_of(
      picture([](double x, double y) { return y > 0.33 && y < 0.66 ? kWall : person(x, y); }));
  EXPECT_NEAR(likeness_of(own, other), 2.0 / 3, 0.05) << "a third is of another colour";
}

TEST(AppearanceTest, TellsTheSameColoursInOtherPlacesApart) {
  const Appearance own = appearance_of(picture(person));
  const Appearance turned =
      appearance_of(picture([](double x, double y) { return person(x, 1 - y); }));
  EXPECT_LT(likeness_of(own, turned), 0.4);
}

TEST(AppearanceTest, ALittleMoreLightChangesLittle) {
  const auto brighter = [](double x, double y) {
    Colour colour = person(x, y);
    for (uint8_t& sample : colour) sample = static_cast<uint8_t>(sample + 3);
    return colour;
  };
  EXPECT_GT(likeness_of(appearance_of(picture(person)), appearance_of(picture(brighter))), 0.95);
}

TEST(AppearanceTest, TheGroundAtTheSidesCountsLessThanTheMiddle) {
  const auto before = [](double from, double to) {
    return appearance_of(
        picture([=](double x, double y) { return x >= from && x < to ? kWall : person(x, y); }));
  };
  const Appearance own = appearance_of(picture(person));
  const double sides = likeness_of(own, before(0, 0.25)),
               middle = likeness_of(own, before(0.375, 0.625));
  EXPECT_GT(sides, 0.9);
  EXPECT_LT(middle, sides - 0.1);
}

TEST(AppearanceTest, TheSizeOfThePictureDoesNotMatter) {
  EXPECT_GT(likeness_of(appearance_of(picture(person)), appearance_of(picture(person, {48, 48}))),
            0.98);
}

}  // namespace
}  // namespace smartcrop
