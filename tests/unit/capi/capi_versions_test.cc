// SPDX-License-Identifier: MIT
// The C interface: what lets it grow. Arrays of another element size, kinds of memory and reserved
// members of later versions, and that no exception leaves it. Whole hosts of other versions are run
// by tests/docs/test_other_versions.py.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "capi/capi_fixture.h"
#include "smartcrop/clip_motion.h"
#include "smartcrop/smartcrop.h"

namespace smartcrop {
namespace {

// The box of a later version.
struct LargerBox {
  smartcrop_box box;
  uint64_t added[3];
};

// The box of a version before: whether it is followed was not yet a member, nor whose face it is.
struct UnmarkedBox {
  double x, y, width, height, weight;
  int32_t required, kind;
  int64_t id;
  double score;
  int32_t category, reserved;
};
static_assert(sizeof(UnmarkedBox) == offsetof(smartcrop_box, owner));
static_assert(offsetof(UnmarkedBox, reserved) == offsetof(smartcrop_box, followed));

// The box of an earlier one: without id, score and category.
struct SmallerBox {
  double x, y, width, height, weight;
  int32_t required, kind;
};
static_assert(sizeof(SmallerBox) == offsetof(smartcrop_box, id));

smartcrop_box box_at(double x, int64_t id) {
  smartcrop_box box{};
  box.x = x;
  box.y = 10;
  box.width = 20;
  box.height = 30;
  box.weight = 2;
  box.id = id;
  box.score = 0.5;
  box.category = static_cast<int32_t>((id + 7) % 7);
  return box;
}

class Versions : public CInterface {
 protected:
  void SetUp() override {
    CInterface::SetUp();
    ASSERT_EQ(open(), SMARTCROP_OK);
  }
  template <typename Box>
  int send_boxes(const std::vector<Box>& boxes) {
    picture_ = scene(500);
    smartcrop_frame frame = picture_.frame();
    frame.pts = SMARTCROP_NO_PTS;
    frame.boxes = reinterpret_cast<const smartcrop_box*>(boxes.data());
    frame.box_size = sizeof(Box);
    frame.box_count = static_cast<int32_t>(boxes.size());
    const int status = smartcrop_send(context_, &frame);
    if (status == SMARTCROP_OK) receive();
    return status;
  }
  // What the host of a version sees of the boxes.
  template <typename Box>
  std::vector<Box> known() {
    const smartcrop_box* boxes = nullptr;
    int count = 0;
    EXPECT_EQ(smartcrop_last_regions(context_, sizeof(Box), &boxes, &count), SMARTCROP_OK);
    const Box* const first = reinterpret_cast<const Box*>(boxes);
    return {first, first + count};
  }
};

TEST_F(Versions, GiveBackWhoABoxIsOf) {
  ASSERT_EQ(send_boxes<smartcrop_box>({box_at(0, 7001), box_at(50, -3)}), SMARTCROP_OK);
  const std::vector<smartcrop_box> seen = known<smartcrop_box>();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].id, 7001);
  EXPECT_EQ(seen[0].category, 1);
  EXPECT_EQ(seen[0].score, 0.5);
  EXPECT_EQ(seen[1].id, -3);
}

TEST_F(Versions, RefuseAScoreOrACategoryThatIsNone) {
  smartcrop_box box = box_at(0, 1);
  box.score = 1.5;
  expect_refused(send_boxes<smartcrop_box>({box}));
  EXPECT_NE(std::string(smartcrop_last_error()).find("score 1.5"), std::string::npos);
  box.score = std::numeric_limits<double>::quiet_NaN();
  expect_refused(send_boxes<smartcrop_box>({box}));
  box.score = 0;
  box.category = -1;
  expect_refused(send_boxes<smartcrop_box>({box}));
  EXPECT_NE(std::string(smartcrop_last_error()).find("category -1"), std::string::npos);
}

TEST_F(Versions, ReadBoxesThatAreLargerOrSmaller) {
  ASSERT_EQ(send_boxes<LargerBox>({{box_at(0, 1), {~0u, ~0u, ~0u}}, {box_at(60, 2), {}}}),
            SMARTCROP_OK);
  std::vector<smartcrop_box> seen = known<smartcrop_box>();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[1].x, 60);
  EXPECT_EQ(seen[1].id, 2);
  ASSERT_EQ(smartcrop_reset(context_), SMARTCROP_OK);
  ASSERT_EQ(send_boxes<SmallerBox>({{0, 1, 20, 30, 2, 0, 0}, {70, 5, 20, 30, 2, 1, 0}}),
            SMARTCROP_OK);
  seen = known<smartcrop_box>();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[1].x, 70);
  EXPECT_EQ(seen[1].y, 5);
  EXPECT_EQ(seen[1].required, 1);
  EXPECT_EQ(seen[1].id, 0);
}

TEST_F(Versions, TellAHostOfBeforeNothingOfTheSubjectThatTheWindowGoesAfter) {
  picture_ = scene(500);
  smartcrop_box marked = box_at(100, 7);
  marked.followed = 1;
  smartcrop_frame frame = picture_.frame();
  frame.boxes = &marked;
  frame.box_size = sizeof(marked);
  frame.box_count = 1;
  ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK);
  // The struct of that host ends before these members; what lies behind it is its own.
  smartcrop_decision decision{};
  decision.subject = 0x5a5a;
  decision.subject_height = 77;
  decision.struct_size = offsetof(smartcrop_decision, subject);
  ASSERT_EQ(smartcrop_receive(context_, &decision), SMARTCROP_OK);
  EXPECT_EQ(decision.subject, 0x5a5a);
  EXPECT_EQ(decision.subject_height, 77);
  ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK);
  EXPECT_EQ(receive().subject, 7);
}

TEST_F(Versions, ReadNoMarkFromABoxThatHasNone) {
  ASSERT_EQ(send_boxes<SmallerBox>({{100, 10, 20, 30, 2, 0, 0}}), SMARTCROP_OK);
  EXPECT_EQ(known<smartcrop_box>().at(0).followed, 0);
  ASSERT_EQ(smartcrop_reset(context_), SMARTCROP_OK);
  ASSERT_EQ(send_boxes<UnmarkedBox>({{100, 10, 20, 30, 2, 0, 0, 7, 0.5, 1, 0}}), SMARTCROP_OK);
  EXPECT_EQ(known<smartcrop_box>().at(0).followed, 0);
  ASSERT_EQ(smartcrop_reset(context_), SMARTCROP_OK);
  smartcrop_box marked = box_at(100, 7);
  marked.followed = 1;
  ASSERT_EQ(send_boxes<smartcrop_box>({marked}), SMARTCROP_OK);
  EXPECT_EQ(known<smartcrop_box>().at(0).followed, 1);
}

TEST_F(Versions, LendBoxesInTheSizeOfTheCaller) {
  ASSERT_EQ(send_boxes<smartcrop_box>({box_at(0, 1), box_at(60, 2), box_at(120, 3)}), SMARTCROP_OK);
  const std::vector<SmallerBox> smaller = known<SmallerBox>();
  const std::vector<LargerBox> larger = known<LargerBox>();
  ASSERT_EQ(smaller.size(), 3u);
  ASSERT_EQ(larger.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(smaller[i].x, 60.0 * static_cast<double>(i));
    EXPECT_EQ(smaller[i].kind, SMARTCROP_BOX_CALLER);
    EXPECT_EQ(larger[i].box.x, smaller[i].x);
    EXPECT_EQ(larger[i].box.id, static_cast<int64_t>(i) + 1);
    for (const uint64_t added : larger[i].added) EXPECT_EQ(added, 0u);
  }
}

TEST_F(Versions, NeedTheSizeOfEveryElement) {
  const smartcrop_box box = box_at(0, 1);
  const smartcrop_motion_vector vector = {20, 20, 16, 16, 1, 1, -1, 1};
  picture_ = scene(500);
  smartcrop_frame frame = picture_.frame();
  frame.boxes = &box;
  frame.box_count = 1;
  expect_refused(smartcrop_send(context_, &frame));
  frame.box_size = sizeof(box);
  frame.motion_vectors = &vector;
  frame.motion_vector_count = 1;
  expect_refused(smartcrop_send(context_, &frame));
  frame.motion_vector_size = sizeof(vector);
  ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK) << smartcrop_last_error();
  receive();
  const smartcrop_box* known = nullptr;
  int count = 0;
  expect_refused(smartcrop_last_regions(context_, 0, &known, &count));
  const smartcrop_path_point point{0, 0.5, 0, 1, 1};
  double centre = 0;
  expect_refused(smartcrop_smooth_path(options_, &point, 0, 1, 0.5, &centre));
}

TEST_F(Versions, SmoothAPathOfLargerPoints) {
  struct Larger {
    smartcrop_path_point point;
    double added;
  };
  std::vector<smartcrop_path_point> points;
  std::vector<Larger> larger;
  for (int i = 0; i < 50; ++i) {
    points.push_back({i * 0.04, i < 25 ? 0.3 : 0.7, 0, 1, 1});
    larger.push_back({points.back(), 99});
  }
  std::vector<double> centres(points.size()), same(points.size());
  ASSERT_EQ(smartcrop_smooth_path(options_, points.data(), sizeof(points[0]), points.size(), 0.3,
                                  centres.data()),
            SMARTCROP_OK);
  ASSERT_EQ(smartcrop_smooth_path(options_, &larger[0].point, sizeof(Larger), larger.size(), 0.3,
                                  same.data()),
            SMARTCROP_OK);
  EXPECT_EQ(centres, same);
  EXPECT_GT(centres.back(), centres.front() + 0.2);
}

TEST_F(Versions, ReadPicturesInTheMemoryOfTheHostAlone) {
  picture_ = scene(500);
  smartcrop_frame frame = picture_.frame();
  frame.memory = 3;
  expect_refused(smartcrop_send(context_, &frame), SMARTCROP_ERROR_FORMAT);
  EXPECT_NE(std::string(smartcrop_last_error()).find("memory of kind 3"), std::string::npos);
  frame.memory = SMARTCROP_MEMORY_HOST;
  ASSERT_EQ(smartcrop_send(context_, &frame), SMARTCROP_OK);
  const smartcrop_decision decision = receive();
  TestPicture target(yuv(1, 1, 8), {50, 90});
  smartcrop_picture picture = target.picture();
  picture.memory = 1;
  expect_refused(smartcrop_render(context_, &decision, &frame, &picture), SMARTCROP_ERROR_FORMAT);
}

// A member that is added later must not lie where an older host has padding.
TEST_F(Versions, LeaveNoPaddingAtTheEndOfAStruct) {
#define EXPECT_ENDS_WITH(type, member) \
  EXPECT_EQ(offsetof(type, member) + sizeof(type::member), sizeof(type))
  EXPECT_ENDS_WITH(smartcrop_option_row, help);
  EXPECT_ENDS_WITH(smartcrop_pixel_format, reserved);
  EXPECT_ENDS_WITH(smartcrop_stream, full_range);
  EXPECT_ENDS_WITH(smartcrop_motion_vector, distance);
  EXPECT_ENDS_WITH(smartcrop_box, owner);
  EXPECT_ENDS_WITH(smartcrop_frame, reserved);
  EXPECT_ENDS_WITH(smartcrop_pane, subject);
  EXPECT_ENDS_WITH(smartcrop_decision, subject_height);
  EXPECT_ENDS_WITH(smartcrop_geometry, sar_den);
  EXPECT_ENDS_WITH(smartcrop_picture, reserved);
  EXPECT_ENDS_WITH(smartcrop_path_point, weight);
  EXPECT_ENDS_WITH(smartcrop_density_settings, seed);
  EXPECT_ENDS_WITH(smartcrop_point, height);
  EXPECT_ENDS_WITH(smartcrop_point_list, reserved);
  EXPECT_ENDS_WITH(smartcrop_shot_wish, reserved);
  EXPECT_ENDS_WITH(smartcrop_key_wish, says);
#undef EXPECT_ENDS_WITH
}

TEST_F(Versions, RefuseAReservedMemberThatIsSet) {
  picture_ = scene(500);
  smartcrop_frame frame = picture_.frame();
  frame.reserved = 1;
  expect_refused(smartcrop_send(context_, &frame), SMARTCROP_ERROR_FORMAT);
  smartcrop_close(&context_);
  stream_.format.reserved[2] = 5;
  expect_refused(open(), SMARTCROP_ERROR_FORMAT);
  EXPECT_NE(std::string(smartcrop_last_error()).find("reserved"), std::string::npos);
}

// Two panes, one above the other, in elements of a size of the caller's.
template <typename Element>
TestPicture render_panes(smartcrop_context* context, const TestPicture& source, Size output) {
  Element panes[2] = {};
  const double half = output.height / 2;
  static_cast<smartcrop_pane&>(panes[0]) = {0, 0, 60, 40, 0, 0, double(output.width), half, 0};
  static_cast<smartcrop_pane&>(panes[1]) = {90, 30, 60, 40, 0, half, double(output.width), half, 0};
  smartcrop_decision decision{};
  decision.struct_size = sizeof(decision);
  decision.panes = panes;
  decision.pane_size = sizeof(Element);
  decision.pane_count = 2;
  TestPicture got(yuv(1, 1, 8), output);
  const smartcrop_frame frame = source.frame();
  const smartcrop_picture picture = got.picture();
  EXPECT_EQ(smartcrop_render(context, &decision, &frame, &picture), SMARTCROP_OK)
      << smartcrop_last_error();
  EXPECT_EQ(smartcrop_is_exact(context, &decision, nullptr, nullptr), 0);
  return got;
}

TEST_F(Versions, RenderPanesOfAnyElementSize) {
  struct Longer : smartcrop_pane {
    double added = 1e300;
  };
  smartcrop_close(&context_);
  set("size", "40x64");
  ASSERT_EQ(open(), SMARTCROP_OK);
  ASSERT_EQ(send(500), SMARTCROP_OK);
  const TestPicture source = scene(300);
  const TestPicture wanted = render_panes<smartcrop_pane>(context_, source, {40, 64});
  const TestPicture got = render_panes<Longer>(context_, source, {40, 64});
  bool differ = false;
  for (int i = 0; i < 40 * 64; ++i) {
    ASSERT_EQ(got.get(0, i % 40, i / 40), wanted.get(0, i % 40, i / 40));
    differ = differ || got.get(0, i % 40, i / 40) != got.get(0, i % 40, (i / 40 + 32) % 64);
  }
  EXPECT_TRUE(differ) << "the halves show two places";
}

TEST_F(Versions, RefusePanesThatAreNone) {
  ASSERT_EQ(send(500), SMARTCROP_OK);
  const smartcrop_decision received = receive();
  EXPECT_EQ(received.pane_count, 0);
  EXPECT_EQ(received.panes, nullptr);
  const auto refuse = [&](const smartcrop_pane* panes, size_t size, int32_t count) {
    smartcrop_decision decision = received;
    decision.panes = panes;
    decision.pane_size = size;
    decision.pane_count = count;
    expect_refused(smartcrop_is_exact(context_, &decision, nullptr, nullptr));
    const smartcrop_frame frame = picture_.frame();
    smartcrop_geometry geometry{sizeof(geometry), 0, 0, 0, 0, 0, 0};
    ASSERT_EQ(smartcrop_geometry_of(context_, &geometry), SMARTCROP_OK);
    const TestPicture got(yuv(1, 1, 8), {geometry.output_width, geometry.output_height});
    const smartcrop_picture picture = got.picture();
    expect_refused(smartcrop_render(context_, &decision, &frame, &picture));
  };
  const smartcrop_pane nowhere[65] = {};
  const size_t size = sizeof(smartcrop_pane);
  refuse(nowhere, size, 2);
  refuse(nowhere, 0, 2);
  refuse(nullptr, size, 1);
  refuse(nowhere, size, -1);
  refuse(nowhere, size, 65);
}

// ---- what is thrown -----------------------------------------------------------------------------

void throw_number(void*, int, const char*) { throw 7; }
void throw_error(void*, int, const char*) { throw std::runtime_error("the disk is full"); }

TEST_F(Versions, LetNoExceptionThrough) {
  set("lookahead", "8");
  set("buffer", "1");
  stream_ = stream_of(yuv(1, 1, 8), {3840, 2160});
  expect_refused(smartcrop_fit_lookahead(options_, &stream_, throw_number, nullptr),
                 SMARTCROP_ERROR_INTERNAL);
  EXPECT_STREQ(smartcrop_last_error(), "internal error: an exception of no known kind");
  set("lookahead", "8");
  expect_refused(smartcrop_fit_lookahead(options_, &stream_, throw_error, nullptr),
                 SMARTCROP_ERROR_INTERNAL);
  EXPECT_STREQ(smartcrop_last_error(), "internal error: the disk is full");
}

}  // namespace
}  // namespace smartcrop
