// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstring>
#include <functional>

#include "analysis_fixture.h"
#include "error.h"
#include "plan/analysis_reader.h"

namespace smartcrop {
namespace {

constexpr int64_t kFrames = 8;

class AnalysisFile : public testing::Test {
 protected:
  void SetUp() override { write_made(path_, kFrames); }
  void TearDown() override { std::filesystem::remove(path_); }

  void save(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  std::string bytes() const { return bytes_of_file(path_); }
  // The sentence of the refusal; "" where all of it was taken.
  std::string refusal() const {
    try {
      AnalysisReader reader(path_);
      Scene scene;
      int64_t pts = 0;
      while (reader.next(&scene, &pts)) continue;
      reader.mark_through(kFrames - 1);
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_FILE);
      return error.what();
    }
    return "";
  }
  void expect_refused(const std::string& bytes, const std::string& words) const {
    save(bytes);
    const std::string sentence = refusal();
    EXPECT_NE(sentence.find(words), std::string::npos) << sentence;
    EXPECT_NE(sentence.find(path_), std::string::npos) << sentence;
    EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
  }

  const std::string path_ = analysis_path("analysis_test.analysis");
};

TEST_F(AnalysisFile, GivesBackEveryFrameWithWhatWasSeen) {
  AnalysisReader reader(path_);
  EXPECT_EQ(reader.header().stream.width, 64);
  EXPECT_EQ(reader.header().stream.frame_rate_num, 10);
  EXPECT_EQ(reader.header().options.model, "none");
  for (int64_t i = 0; i < kFrames; ++i) {
    const Scene written = made_scene(i);
    Scene scene;
    int64_t pts = -1;
    ASSERT_TRUE(reader.next(&scene, &pts));
    EXPECT_EQ(scene.frame, i);
    EXPECT_EQ(pts, i);
    EXPECT_EQ(scene.time_s, written.time_s);
    ASSERT_EQ(scene.analysed, written.analysed);
    EXPECT_EQ(scene.evidence.map.values, written.evidence.map.values);
    EXPECT_EQ(scene.evidence.map.confidence, written.evidence.map.confidence);
    EXPECT_EQ(scene.evidence.pan, written.evidence.pan);
    EXPECT_EQ(scene.evidence.content.height, written.evidence.content.height);
    ASSERT_EQ(scene.evidence.subjects.size(), written.evidence.subjects.size());
    for (const Subject& region : scene.evidence.subjects) {
      EXPECT_EQ(region.box.width, 0.3);
      EXPECT_EQ(region.weight, 0.5F);
      EXPECT_EQ(region.id, 7);
      EXPECT_EQ(region.label, 2);
      EXPECT_EQ(region.score, 0.75F);
      EXPECT_EQ(region.speed.y, -0.25);
      EXPECT_EQ(region.preference, 0.25F);
      EXPECT_TRUE(region.required);
      EXPECT_EQ(region.followed, i % 8 == 0) << i;
      EXPECT_EQ(region.kind, SubjectKind::kFace);
    }
    ASSERT_EQ(scene.marks.size(), written.marks.size());
    for (size_t m = 0; m < scene.marks.size(); ++m) {
      EXPECT_EQ(scene.marks[m].frame, written.marks[m].frame);
      EXPECT_EQ(scene.marks[m].shot, written.marks[m].shot);
      EXPECT_EQ(scene.marks[m].start, written.marks[m].start);
    }
  }
  Scene scene;
  int64_t pts = 0;
  EXPECT_FALSE(reader.next(&scene, &pts));
  const std::vector<ShotMark> rest = reader.mark_through(kFrames - 1);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].frame, kFrames - 1);
}

TEST_F(AnalysisFile, GivesMarksAheadOfTheirFramesToWhoeverAsksForThemAndNotAgain) {
  AnalysisReader reader(path_);
  Scene scene;
  int64_t pts = 0;
  ASSERT_TRUE(reader.next(&scene, &pts));
  EXPECT_TRUE(scene.marks.empty());
  const std::vector<ShotMark> early = reader.mark_through(0);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].frame, 0);
  ASSERT_TRUE(reader.next(&scene, &pts));
  EXPECT_EQ(scene.frame, 1);
  EXPECT_TRUE(scene.marks.empty());
  ASSERT_TRUE(reader.next(&scene, &pts));
  ASSERT_EQ(scene.marks.size(), 1U);
  EXPECT_EQ(scene.marks[0].frame, 1);
}

TEST_F(AnalysisFile, BeginsAgainAfterRewind) {
  AnalysisReader reader(path_);
  Scene scene;
  int64_t pts = 0;
  for (int i = 0; i < 3; ++i) reader.next(&scene, &pts);
  reader.rewind();
  ASSERT_TRUE(reader.next(&scene, &pts));
  EXPECT_EQ(scene.frame, 0);
}

TEST_F(AnalysisFile, MayGoOnAfterItsEndForHosts) {
  save(bytes() + "\n{\"name\":\"a film\"}\n");
  EXPECT_EQ(refusal(), "");
}

TEST_F(AnalysisFile, ThatEndsTooEarlyIsRefusedWhereverItWasCutOff) {
  const std::string whole = bytes();
  for (size_t length = 0; length < whole.size(); ++length) {
    SCOPED_TRACE(length);
    expect_refused(whole.substr(0, length), "analy");
  }
}

TEST_F(AnalysisFile, IsRefusedWhereThereIsNoneOrAnotherFile) {
  expect_refused("", "it is no analysis");
  expect_refused("a text\n", "it is no analysis");
  expect_refused(R"({"type":"header","format":"smartcrop-plan"})"
                 "\n",
                 "it is no analysis");
  expect_refused(R"({"kind":"smartcrop analysis","version":1})"
                 "\n",
                 "version 1");
  std::filesystem::remove(path_);
  EXPECT_NE(refusal().find("cannot be read: No such file"), std::string::npos) << refusal();
}

TEST_F(AnalysisFile, OfAHeaderThatLacksAFieldIsRefusedByItsName) {
  const std::string whole = bytes(), line = whole.substr(0, whole.find('\n'));
  for (const char* name : {"source", "map", "options", "width", "sar", "format", "time_base",
                           "frame_rate", "depth", "model", "analysis_fps", "lookahead"}) {
    SCOPED_TRACE(name);
    std::string changed = whole;
    changed.replace(line.find(std::string("\"") + name + "\"") + 1, 1, "?");
    expect_refused(changed, std::string("no ") + name);
  }
}

// Where the records begin, and the numbers of the first.
size_t first_record(const std::string& bytes) { return bytes.find('\n') + 1; }

TEST_F(AnalysisFile, WithAWrongNumberIsRefusedByItsFrame) {
  const std::string whole = bytes();
  const size_t at = first_record(whole), fields = at + 5;
  const auto with = [&](size_t offset, const auto& value) {
    std::string changed = whole;
    std::memcpy(&changed[fields + offset], &value, sizeof value);
    return changed;
  };
  expect_refused(with(0, int64_t{1}), "frame 0 has another number");
  expect_refused(with(16, std::numeric_limits<double>::quiet_NaN()), "frame 0 holds a number");
  expect_refused(with(16, 1e9), "frame 1 is before the one before it");
  expect_refused(with(24, uint32_t{1} << 31), "frame 0 is shorter");
  expect_refused(with(28, uint8_t{2}), "frame 0 holds a flag");
  expect_refused(with(29, 2.0F), "frame 0 holds a number out of its range");
  expect_refused(with(29 + 8, -3.0), "frame 0 holds a box outside the picture");
  expect_refused(with(29 + 8 + 33, uint32_t{0xffffffff}), "frame 0 is shorter");
  std::string changed = whole;
  std::memset(&changed[at], 0, 4);
  expect_refused(changed, "has a length of 0");
  changed = whole;
  changed[at + 3] = '\x7f';
  expect_refused(changed, "ends after frame");
  changed = whole;
  changed[at + 4] = '?';
  expect_refused(changed, "no known type");
}

TEST_F(AnalysisFile, StaysRefusedOnceItWas) {
  const std::string whole = bytes();
  save(whole.substr(0, whole.size() - 40));
  AnalysisReader reader(path_);
  Scene scene;
  int64_t pts = 0;
  EXPECT_THROW(while (reader.next(&scene, &pts)) continue, Error);
  EXPECT_THROW(reader.next(&scene, &pts), Error);
  EXPECT_THROW(reader.mark_through(kFrames - 1), Error);
}

TEST_F(AnalysisFile, WithoutFramesIsRefused) {
  AnalysisWriter writer(path_, made_header());
  writer.end();
  EXPECT_NE(refusal().find("comes before any frame"), std::string::npos) << refusal();
}

TEST_F(AnalysisFile, BeginsAgainWithWhatIsWrittenAfterItsEnd) {
  AnalysisWriter writer(path_, made_header());
  writer.write(made_scene(0), 0);
  writer.write(std::vector<ShotMark>{last_mark(1)});
  writer.end();
  const std::string one = bytes();
  writer.end();
  EXPECT_EQ(bytes(), one);
  writer.write(made_scene(0), 0);
  writer.write(std::vector<ShotMark>{last_mark(1)});
  writer.end();
  EXPECT_EQ(bytes(), one);
}

TEST_F(AnalysisFile, IsWrittenOverAnotherAnalysisAndNotOverAnotherFile) {
  AnalysisWriter(path_, made_header());
  save("");
  AnalysisWriter(path_, made_header());
  for (const std::string other :
       {"the video", "{\"type\":\"header\",\"format\":\"smartcrop-plan\"}"}) {
    save(other);
    try {
      AnalysisWriter(path_, made_header());
      ADD_FAILURE() << "over " << other;
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_FILE);
      EXPECT_EQ(std::string(error.what()),
                "analysis " + path_ +
                    ": is another file, which would be written over; choose "
                    "another name, or delete it first");
    }
    EXPECT_EQ(bytes(), other);
  }
}

TEST_F(AnalysisFile, ThatCannotBeWrittenSaysSo) {
  try {
    AnalysisWriter("/no/such/folder/x.analysis", made_header());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "analysis /no/such/folder/x.analysis: cannot be written: No such file or directory");
  }
}

}  // namespace
}  // namespace smartcrop
