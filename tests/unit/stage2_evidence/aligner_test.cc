// SPDX-License-Identifier: MIT
#include "stage2_evidence/aligner.h"

#include <gtest/gtest.h>

#include "error.h"
#include "stage2_evidence/made_source.h"

namespace smartcrop {
namespace {

constexpr Size kGrid{4, 3};

Aligner aligner_of(const std::vector<int>& delays) {
  std::vector<std::unique_ptr<Source>> sources;
  for (const int delay : delays) sources.push_back(std::make_unique<MadeSource>(delay, numbered));
  return Aligner(kGrid, std::move(sources));
}

Observation frame_at(int64_t frame, bool analyse = true) {
  return {frame, 0.04 * static_cast<double>(frame), nullptr, nullptr, analyse};
}

// Shows these frames and expects the answers to those, each with findings of that very frame.
void show(Aligner* aligner, int64_t first, int64_t end) {
  for (int64_t frame = first; frame < end; ++frame) aligner->observe(frame_at(frame));
}
void expect_frames(Aligner* aligner, int64_t first, int64_t end) {
  const std::vector<AlignedFrame> frames = aligner->take();
  ASSERT_EQ(static_cast<int64_t>(frames.size()), end - first);
  for (const AlignedFrame& frame : frames) {
    EXPECT_EQ(frame.frame, first);
    EXPECT_DOUBLE_EQ(frame.time_s, 0.04 * static_cast<double>(first));
    for (const Findings& findings : frame.findings) {
      EXPECT_EQ(findings.pan.value_or(-1), static_cast<float>(first));
    }
    ++first;
  }
}

TEST(Aligner, WithoutDelaysAnswersEachFrameAtOnce) {
  Aligner aligner = aligner_of({0, 0});
  EXPECT_EQ(aligner.delay(), 0);
  for (int64_t frame = 0; frame < 5; ++frame) {
    show(&aligner, frame, frame + 1);
    expect_frames(&aligner, frame, frame + 1);
  }
  aligner.finish();
  EXPECT_TRUE(aligner.take().empty());
}

TEST(Aligner, FindingsThatComeLateMeetTheOthersOfTheirFrame) {
  Aligner aligner = aligner_of({0, 3, 1});
  EXPECT_EQ(aligner.delay(), 3);
  show(&aligner, 0, 3);
  EXPECT_TRUE(aligner.take().empty()) << "the slowest has answered none";
  for (int64_t frame = 3; frame < 10; ++frame) {
    show(&aligner, frame, frame + 1);
    expect_frames(&aligner, frame - 3, frame - 2);
  }
}

TEST(Aligner, AtTheEndOfTheStreamTheLastFramesAreAnsweredToo) {
  Aligner aligner = aligner_of({0, 3, 1});
  show(&aligner, 0, 10);
  expect_frames(&aligner, 0, 7);
  aligner.finish();
  expect_frames(&aligner, 7, 10);
}

TEST(Aligner, AStreamShorterThanTheDelayIsAnsweredAtItsEnd) {
  Aligner aligner = aligner_of({3, 0});
  show(&aligner, 0, 2);
  aligner.finish();
  expect_frames(&aligner, 0, 2);
}

TEST(Aligner, ACutAnswersWhatIsOpenAndBeginsTheDelayAnew) {
  Aligner aligner = aligner_of({0, 3});
  show(&aligner, 0, 5);
  aligner.reset(Reset::kCut);
  expect_frames(&aligner, 0, 5);
  show(&aligner, 5, 8);
  EXPECT_TRUE(aligner.take().empty());
  show(&aligner, 8, 9);
  expect_frames(&aligner, 5, 6);
}

TEST(Aligner, ASeekDropsWhatIsOpen) {
  Aligner aligner = aligner_of({0, 3});
  show(&aligner, 0, 5);
  aligner.reset(Reset::kSeek);
  EXPECT_TRUE(aligner.take().empty());
  show(&aligner, 0, 4);
  expect_frames(&aligner, 0, 1);
}

TEST(Aligner, FramesThatAreNotAnalysedHaveNoFindings) {
  Aligner aligner = aligner_of({0, 3});
  for (int64_t frame = 0; frame < 8; ++frame) aligner.observe(frame_at(frame, frame % 2 == 0));
  aligner.finish();
  for (const AlignedFrame& frame : aligner.take()) {
    EXPECT_EQ(frame.analysed, frame.frame % 2 == 0);
    EXPECT_EQ(frame.findings.size(), frame.analysed ? 2u : 0u);
    for (const Findings& findings : frame.findings) {
      EXPECT_EQ(findings.pan.value_or(-1), static_cast<float>(frame.frame));
    }
  }
}

// One that wants every second frame, and counts how often it was asked.
class Wanting : public MadeSource {
 public:
  explicit Wanting(int* asked) : MadeSource(0, numbered), asked_(asked) {}
  bool wants(const Observation& observation) override {
    ++*asked_;
    return observation.frame % 2 == 1;
  }

 private:
  int* asked_;
};

TEST(Aligner, AsksEverySourceWhatItWants) {
  int asked = 0;
  std::vector<std::unique_ptr<Source>> sources;
  for (int i = 0; i < 3; ++i) sources.push_back(std::make_unique<Wanting>(&asked));
  Aligner aligner(kGrid, std::move(sources));
  EXPECT_TRUE(aligner.wants(frame_at(1)));
  EXPECT_EQ(asked, 3);
  EXPECT_FALSE(aligner.wants(frame_at(2)));
}

void expect_refused(std::unique_ptr<Source> source, const std::string& part) {
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::move(source));
  Aligner aligner(kGrid, std::move(sources));
  try {
    show(&aligner, 0, 5);
    aligner.finish();
    FAIL() << "the source's answer was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_INTERNAL);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(Aligner, RefusesAMapOnAnotherGrid) {
  expect_refused(std::make_unique<MadeSource>(0,
                                              [](const Observation&) {
                                                Findings findings;
                                                findings.map = even_map({3, 4});
                                                return findings;
                                              }),
                 "grid");
}

// Declares a delay, and owes the last frames.
class Debtor : public MadeSource {
 public:
  Debtor() : MadeSource(3, numbered) {}
  std::vector<Findings> finish() override { return {}; }
};

TEST(Aligner, RefusesASourceThatOwesItsLastFrames) {
  expect_refused(std::make_unique<Debtor>(), "answers 0 frames, not the 3");
}

}  // namespace
}  // namespace smartcrop
