// SPDX-License-Identifier: MIT
// Frames whose samples lie elsewhere: every source works on the small pictures that it asks for.
#include <gtest/gtest.h>

#include <map>

#include "inference/fake_model.h"
#include "observer.h"
#include "session_fixture.h"
#include "stage1_proxy/proxy.h"
#include "stage2_evidence/borders/borders.h"
#include "stage2_evidence/evidence.h"
#include "stage2_evidence/maps/network.h"
#include "stage2_evidence/maps/training_free.h"
#include "stage2_evidence/subjects/boxes.h"
#include "stage2_evidence/subjects/caller_boxes.h"
#include "stage2_evidence/text/text_bands.h"

namespace smartcrop {
namespace {

// Finds one box, which is the wider the brighter the picture is.
class BrightBox : public BoxModel {
 public:
  Size input_size() const override { return {64, 48}; }
  ModelFit fit() const override { return ModelFit::kPad; }
  uint8_t pad_value() const override { return 114; }
  void reset_state() override {}
  const BoxFormat& format() const override { return format_; }
  std::vector<Subject> run(const Proxy& rgb) override {
    double sum = 0;
    for (const uint8_t sample : rgb.planes[1]) sum += sample;
    Subject found;
    found.box = {0.2, 0.3, 0.1 + 0.5 * sum / (255.0 * double(rgb.planes[1].size())), 0.3};
    found.score = 0.9F;
    found.label = 0;
    return {found};
  }

 private:
  BoxFormat format_;
};

// How often each kind of picture was asked for.
struct Asked {
  int proxy = 0, rgb = 0, part = 0, thin = 0, lines = 0;
};

// Frames of another memory: what the observer gets of a frame is its number alone, in pts, and the
// samples are here.
class FarFrames : public FrameReader {
 public:
  FarFrames(const smartcrop_stream& stream, const std::vector<TestPicture>* store, Asked* asked)
      : near_(open_frames(stream)), store_(store), asked_(asked) {}

  void show(const smartcrop_frame& frame) override {
    EXPECT_EQ(frame.data[0], nullptr);
    near_->show((*store_)[static_cast<size_t>(frame.pts)].frame());
  }
  const Proxy& proxy() override { return ++asked_->proxy, near_->proxy(); }
  const Proxy& rgb(Size size) override { return ++asked_->rgb, near_->rgb(size); }
  const Proxy& rgb_of(const Window& part, Size size) override {
    return ++asked_->part, near_->rgb_of(part, size);
  }
  const std::vector<uint8_t>& thin_luma(int factor) override {
    return ++asked_->thin, near_->thin_luma(factor);
  }
  std::vector<float> luma_of(const LumaLines& lines) override {
    return ++asked_->lines, near_->luma_of(lines);
  }

 private:
  std::unique_ptr<FrameReader> near_;
  const std::vector<TestPicture>* store_;
  Asked* asked_;
};

// One of each kind.
Observer::Sources all_sources(FakeModel::Script* script) {
  const smartcrop_stream stream = stream_of_clip();
  const Size grid = evidence_grid(proxy_size(stream));
  Observer::Sources sources;
  sources.push_back(std::make_unique<TrainingFreeSource>(grid, kPicture, MotionFrom::kAuto));
  sources.push_back(std::make_unique<NetworkSource>(
      stream, grid, std::make_unique<FakeModel>(script), /*strict=*/true, Log()));
  sources.push_back(std::make_unique<CallerBoxes>(kPicture));
  sources.push_back(std::make_unique<BoxesSource>(stream, std::make_unique<BrightBox>(),
                                                  BoxesSource::Settings{false, true}, Log()));
  sources.push_back(std::make_unique<Borders>(stream));
  sources.push_back(std::make_unique<TextBands>(stream));
  return sources;
}

// A clip with bars, a title, motion and a cut.
std::vector<TestPicture> paint_all() {
  std::vector<TestPicture> pictures;
  for (int i = 0; i < 40; ++i) {
    pictures.push_back(paint({i < 25 ? 0 : 1, 100 + 20 * i, /*bars=*/true, /*title=*/i < 25}));
  }
  return pictures;
}

std::vector<Scene> watch(Observer* observer, const std::vector<TestPicture>& pictures, bool far) {
  const smartcrop_box box{40, 20, 30, 30, 1, 0, 0, 0, 0, 0, 0};
  const smartcrop_motion_vector vector{80, 45, 16, 16, 3, 0, -1, 1};
  std::vector<Scene> all;
  for (size_t i = 0; i < pictures.size(); ++i) {
    smartcrop_frame frame = far ? smartcrop_frame{} : pictures[i].frame();
    frame.pts = static_cast<int64_t>(i);
    frame.boxes = &box;
    frame.box_count = 1;
    frame.motion_vectors = &vector;
    frame.motion_vector_count = i % 5 == 0 ? 0 : 1;
    for (Scene& scene : observer->observe(frame, frame.pts, static_cast<double>(i) / kFps)) {
      all.push_back(std::move(scene));
    }
  }
  return all;
}

TEST(Seam, SourcesSeeNothingOfAFrameButItsSmallPicturesAndItsSideData) {
  const std::vector<TestPicture> pictures = paint_all();
  const Options options = options_of({{"analysis_fps", "10"}});
  FakeModel::Script near_script, far_script;
  near_script.fit = far_script.fit = ModelFit::kPad;
  Asked asked;
  Observer near(options, stream_of_clip(), all_sources(&near_script));
  Observer far(options, stream_of_clip(), all_sources(&far_script),
               std::make_unique<FarFrames>(stream_of_clip(), &pictures, &asked));
  const std::vector<Scene> wanted = watch(&near, pictures, false);
  const std::vector<Scene> got = watch(&far, pictures, true);
  ASSERT_EQ(got.size(), wanted.size());
  size_t texts = 0, subjects = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    const Evidence &a = got[i].evidence, &b = wanted[i].evidence;
    EXPECT_FALSE(a.fallback);
    EXPECT_EQ(a.map.values, b.map.values) << i;
    EXPECT_EQ(a.pan, b.pan);
    EXPECT_EQ(a.content.y, b.content.y);
    ASSERT_EQ(a.subjects.size(), b.subjects.size());
    for (size_t k = 0; k < a.subjects.size(); ++k) {
      EXPECT_EQ(a.subjects[k].box.width, b.subjects[k].box.width);
      EXPECT_EQ(a.subjects[k].weight, b.subjects[k].weight);
      (a.subjects[k].kind == SubjectKind::kText ? texts : subjects) += 1;
    }
  }
  EXPECT_GT(subjects, got.size()) << "the caller's box and the detector's";
  EXPECT_GT(texts, 0u);
  EXPECT_GT(got.back().evidence.content.y, 0.1) << "the bars";
  EXPECT_EQ(asked.proxy, 40);
  EXPECT_GT(asked.rgb, 0);
  EXPECT_GT(asked.thin, 0);
  EXPECT_GT(asked.lines, 0);
}

}  // namespace
}  // namespace smartcrop
