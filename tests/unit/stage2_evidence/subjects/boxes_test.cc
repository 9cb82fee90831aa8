// SPDX-License-Identifier: MIT
#include "stage2_evidence/subjects/boxes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "error.h"
#include "inference/model_fixture.h"
#include "test_picture.h"

namespace smartcrop {
namespace {

constexpr Size kPicture{160, 90};

// A detector that answers what its script says.
class FakeDetector : public BoxModel {
 public:
  struct Script {
    std::vector<Subject> found;
    BoxFormat format;
    ModelFit fit = ModelFit::kStretch;
    bool fail = false;
    int runs = 0, resets = 0;
  };
  explicit FakeDetector(Script* script) : script_(script) {}
  Size input_size() const override { return {64, 64}; }
  ModelFit fit() const override { return script_->fit; }
  uint8_t pad_value() const override { return 114; }
  void reset_state() override { ++script_->resets; }
  const BoxFormat& format() const override { return script_->format; }
  std::vector<Subject> run(const Proxy&) override {
    ++script_->runs;
    if (script_->fail) throw Error(SMARTCROP_ERROR_MODEL, "boxes fake: inference failed");
    return script_->found;
  }

 private:
  Script* script_;
};

Subject found_at(const Box& box, float score) {
  Subject found;
  found.box = box;
  found.label = 0;
  found.score = score;
  return found;
}

class BoxesTest : public ::testing::Test {
 protected:
  void open(BoxesSource::Settings settings = {}) {
    const auto keep = [](void* cookie, int level, const char* line) {
      static_cast<std::vector<std::string>*>(cookie)->push_back(std::to_string(level) + line);
    };
    source_ = std::make_unique<BoxesSource>(stream_of(yuv(1, 1, 8), kPicture),
                                            std::make_unique<FakeDetector>(&script_),
                                            std::move(settings), Log(keep, &lines_));
  }
  Findings observe(double time_s, bool analyse = true) {
    frames_->show(picture_.frame());
    Observation observation{frame_++, time_s, nullptr, frames_.get(), analyse, {}};
    return source_->observe(observation);
  }

  TestPicture picture_{yuv(1, 1, 8), kPicture};
  std::unique_ptr<FrameReader> frames_ = open_frames(stream_of(yuv(1, 1, 8), kPicture));
  FakeDetector::Script script_;
  std::vector<std::string> lines_;
  int64_t frame_ = 0;
  std::unique_ptr<BoxesSource> source_;
};

TEST_F(BoxesTest, RegionsAreWhatTheFileSaysTheyAre) {
  script_.found = {found_at({0.25, 0.5, 0.5, 0.25}, 0.8f)};
  script_.found[0].kind = SubjectKind::kFace;
  script_.format.weight = 2;
  open();
  const Findings findings = observe(0);
  ASSERT_EQ(findings.subjects.size(), 1u);
  const Subject& region = findings.subjects[0];
  EXPECT_DOUBLE_EQ(region.box.x, 0.25);
  EXPECT_DOUBLE_EQ(region.box.height, 0.25);
  EXPECT_FLOAT_EQ(region.weight, 1.6f / kMapsOfFullWeight);
  EXPECT_GE(region.id, 0);
  EXPECT_EQ(region.label, 0);
  EXPECT_FLOAT_EQ(region.score, 0.8f);
  EXPECT_EQ(region.kind, SubjectKind::kFace);
  EXPECT_FALSE(region.required);
  EXPECT_FALSE(findings.failed);
  open({/*required=*/true, /*strict=*/false});
  EXPECT_TRUE(observe(1).subjects.at(0).required);
  script_.format.required = true;
  open();
  EXPECT_TRUE(observe(2).subjects.at(0).required);
}

TEST_F(BoxesTest, OnlyWhatTheFileWantsIsFollowed) {
  Subject other = found_at({0.1, 0.1, 0.2, 0.2}, 0.9f);
  other.label = 4;
  script_.found = {found_at({0.25, 0.5, 0.5, 0.25}, 0.8f), found_at({0.7, 0.1, 0.1, 0.1}, 0.1f),
                   other};
  script_.format.classes = {0};
  open();
  const Findings findings = observe(0);
  ASSERT_EQ(findings.subjects.size(), 1u) << "neither another class nor a low score";
  EXPECT_FLOAT_EQ(findings.subjects[0].score, 0.8f);
}

TEST_F(BoxesTest, AScoreUnderTheThresholdKeepsABoxThatWasAboveIt) {
  script_.found = {found_at({0.25, 0.5, 0.5, 0.25}, 0.8f)};
  open();
  const int64_t id = observe(0).subjects.at(0).id;
  script_.found[0].score = 0.1f;
  for (int i = 1; i < 12; ++i) {
    const Findings findings = observe(i * kBoxesPeriod_s);
    ASSERT_EQ(findings.subjects.size(), 1u) << "longer than a box that is missed would stay";
    EXPECT_EQ(findings.subjects[0].id, id);
  }
  EXPECT_LT(observe(12 * kBoxesPeriod_s).subjects.at(0).score, 0.3f) << "it tells the low score";
}

TEST_F(BoxesTest, BoxesMoveWithTheCameraBetweenLooks) {
  script_.found = {found_at({0.25, 0.5, 0.5, 0.25}, 0.8f)};
  BoxesSource::Settings settings;
  std::optional<CameraStep> step;
  settings.camera = [&step] { return step; };
  open(settings);
  observe(0);
  step = CameraStep{};
  step->motion.x = 0.1f;
  step->motion.trust = 1;
  step->seconds = 0.1;
  EXPECT_NEAR(observe(0.1).subjects.at(0).box.x, 0.35, 1e-6);
  observe(0.15, /*analyse=*/false);
  step.reset();
  EXPECT_NEAR(observe(0.2).subjects.at(0).box.x, 0.45, 1e-6) << "also with frames not analysed";
}

TEST_F(BoxesTest, PaddingIsTakenOffTheBoxes) {
  // 160 x 90 in 64 x 64: 64 x 36, with 14 rows of padding above and below.
  script_.fit = ModelFit::kPad;
  script_.found = {found_at({0.5, 14.0 / 64, 0.25, 18.0 / 64}, 0.9f),  // upper half of the picture
                   found_at({0, 0, 0.2, 10.0 / 64}, 0.9f)};            // in the padding alone
  open();
  const Findings findings = observe(0);
  ASSERT_EQ(findings.subjects.size(), 1u);
  const Box& box = findings.subjects[0].box;
  EXPECT_NEAR(box.x, 0.5, 1e-9);
  EXPECT_NEAR(box.y, 0, 1e-9);
  EXPECT_NEAR(box.height, 0.5, 1e-9);
}

TEST_F(BoxesTest, LooksOnceAPeriodAndAtTheFirstFrameAfterAReset) {
  script_.found = {found_at({0.25, 0.5, 0.5, 0.25}, 0.8f)};
  open();
  EXPECT_TRUE(observe(0, /*analyse=*/false).subjects.empty());
  EXPECT_EQ(script_.runs, 0);
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(observe(i * 0.125).subjects.size(), 1u);
    EXPECT_EQ(script_.runs, i / 2 + 1);
  }
  source_->reset(Reset::kCut);
  EXPECT_EQ(script_.resets, 1);
  script_.found.clear();
  EXPECT_TRUE(observe(0.9).subjects.empty()) << "what was before the cut is gone";
  EXPECT_EQ(script_.runs, 5);
}

TEST_F(BoxesTest, AFailureIsMarkedAndLoggedOnceAndTheLastBoxesServeForAWhile) {
  script_.found = {found_at({0.25, 0.5, 0.5, 0.25}, 0.8f)};
  open();
  observe(0);
  script_.fail = true;
  for (int i = 1; i <= 3; ++i) {
    const Findings findings = observe(i * kBoxesPeriod_s);
    EXPECT_TRUE(findings.failed);
    EXPECT_EQ(findings.subjects.size(), 1u);
  }
  EXPECT_TRUE(observe(4 * kBoxesPeriod_s).subjects.empty());
  const auto warnings = [&] {
    return std::count_if(lines_.begin(), lines_.end(), [](const std::string& line) {
      return line[0] == '0' + SMARTCROP_LOG_WARNING;
    });
  };
  EXPECT_EQ(warnings(), 1);
  script_.fail = false;
  EXPECT_FALSE(observe(5 * kBoxesPeriod_s).failed);
  EXPECT_EQ(warnings(), 1);
}

TEST_F(BoxesTest, ClassesThatArePreferredAreWorthMoreThanOthers) {
  script_.found = {found_at({0.1, 0.1, 0.2, 0.2}, 0.8f), found_at({0.4, 0.1, 0.2, 0.2}, 0.8f),
                   found_at({0.7, 0.1, 0.2, 0.2}, 0.8f)};
  for (int i = 0; i < 3; ++i) script_.found[static_cast<size_t>(i)].label = i;
  script_.format.names = {"face", "person", "sports ball"};
  const auto preferences = [&](const std::string& prefer) {
    BoxesSource::Settings settings;
    settings.prefer = prefer;
    open(settings);
    std::vector<float> found;
    for (const Subject& each : observe(0).subjects) found.push_back(each.preference);
    return found;
  };
  const float other = kOtherPreference;
  EXPECT_LT(other, 1);
  EXPECT_EQ(preferences(""), (std::vector<float>{1, 1, 1}));
  EXPECT_EQ(preferences("person"), (std::vector<float>{other, 1, other}));
  EXPECT_EQ(preferences("face+sports ball"), (std::vector<float>{1, other, 1}));
  EXPECT_EQ(preferences(" person , face,"), (std::vector<float>{1, 1, other}));
  script_.format.names.clear();
  EXPECT_EQ(preferences("2,0"), (std::vector<float>{1, other, 1})) << "numbers without names";
}

TEST_F(BoxesTest, AClassThatTheNetworkDoesNotFindIsRefusedWithThoseThatItFinds) {
  const auto refusal = [&](const std::string& prefer) -> std::string {
    try {
      BoxesSource::Settings settings;
      settings.prefer = prefer;
      open(settings);
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_OPTION);
      return error.what();
    }
    return "it was taken";
  };
  script_.format.names = {"face", "person", "ball"};
  EXPECT_EQ(refusal("person+cat"),
            "option prefer: the network of the option subjects finds no 'cat'; "
            "its classes are face, person, ball");
  expect_contains(refusal("1"), "no '1'");
  script_.format.classes = {1, 2};
  expect_contains(refusal("face"), "no 'face'; its classes are person, ball");
  script_.format = BoxFormat();
  expect_contains(refusal("person"), "no 'person'; its classes have numbers from 0, and no names");
  expect_contains(refusal("99999999999999"), "no '99999999999999'");
  script_.format.classes = {3};
  expect_contains(refusal("4"), "no '4'");
  EXPECT_EQ(refusal("3"), "it was taken");
}

TEST_F(BoxesTest, AFaceBelongsToThePersonWhoseHeadItIsAt) {
  Subject person = found_at({0.3, 0.2, 0.3, 0.7}, 0.8F),
          face = found_at({0.4, 0.22, 0.1, 0.15}, 0.8F);
  person.label = 1;
  face.kind = SubjectKind::kFace;
  const auto owners = [&](const std::vector<std::string>& names) {
    script_.found = {person, face};
    script_.format.names = names;
    open();
    Findings findings;
    for (int i = 0; i < 4; ++i) findings = observe(i * kBoxesPeriod_s);
    const std::vector<Subject>& found = findings.subjects;
    EXPECT_EQ(found.at(0).owner, -1) << "nobody owns a person";
    EXPECT_EQ(source_->known().at(1).owner, found.at(1).owner);
    return std::pair{found.at(1).owner, found.at(0).id};
  };
  const auto [owner, id] = owners({"face", "person"});
  EXPECT_EQ(owner, id);
  EXPECT_EQ(owners({"face", "dog"}).first, id) << "no class is said to be people, so all may be";
  script_.found.clear();
  person.label = 2;
  EXPECT_EQ(owners({"face", "person", "dog"}).first, -1);
}

TEST_F(BoxesTest, ASubjectHasItsIdAgainAfterACutAndNotAfterASeek) {
  picture_.fill(0, [](int x, int y) { return x < 80 ? 200 - y : 40 + y; });
  const Subject left = found_at({0.05, 0.1, 0.3, 0.8}, 0.8F),
                right = found_at({0.6, 0.1, 0.3, 0.8}, 0.8F);
  script_.found = {left, right};
  open();
  const auto ids = [&](double time_s) {
    std::vector<int64_t> ids;
    for (const Subject& each : observe(time_s).subjects) ids.push_back(each.id);
    return ids;
  };
  EXPECT_EQ(ids(0), (std::vector<int64_t>{0, 1}));
  source_->reset(Reset::kCut);
  script_.found = {right};
  EXPECT_EQ(ids(1), std::vector<int64_t>{1});
  source_->reset(Reset::kSeek);
  EXPECT_EQ(ids(2), std::vector<int64_t>{0});
}

TEST_F(BoxesTest, StrictMakesAFailureAnError) {
  script_.fail = true;
  open({false, /*strict=*/true});
  EXPECT_THROW(observe(0), Error);
}

// ---- files

class BoxFile : public RunningModelTest {
 protected:
  std::string failure_of_boxes(const std::string& bytes) {
    const std::string path = save(bytes);
    try {
      load_box_model({path, DeviceChoice::kCpu, 1}, Log());
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_MODEL);
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      expect_contains(error.what(), "subjects " + path + ": ");
      return error.what();
    }
    return "it was loaded";
  }
};

TEST_F(BoxFile, IsRunAndDecodedAsItSays) {
  const auto model = load_box_model({save(corner_file().bytes()), DeviceChoice::kCpu, 1}, Log());
  EXPECT_EQ(model->input_size().width, 48);
  const std::vector<Subject> dark = model->run(picture(20));
  ASSERT_EQ(dark.size(), 1u);
  EXPECT_NEAR(dark[0].score, 0.08, 0.005);
  EXPECT_TRUE(best_boxes(model->format(), dark, model->format().threshold).empty())
      << "the file's threshold is 0.3";
  const std::vector<Subject> found = model->run(picture(204));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].score, 0.8, 1e-3);
  EXPECT_NEAR(found[0].box.x, 0.25, 1e-6);
  EXPECT_NEAR(found[0].box.width, 0.5, 1e-6);
  EXPECT_NEAR(found[0].box.height, 0.5, 1e-6);
}

TEST_F(BoxFile, SaysWhatIsWrongWithItsDescription) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "smartcrop.boxes is missing"},
      {"{", "not JSON"},
      {"{}", "\"layout\""},
      {R"({"layout":"ssd"})", "neither \"yolox\", \"yunet\" nor \"xyxy\""},
      {R"({"layout":"xyxy","thresold":1})", "unknown name \"thresold\""},
      {R"({"layout":"xyxy","threshold":2})", "\"threshold\""},
      {R"({"layout":"xyxy","overlap":-1})", "\"overlap\""},
      {R"({"layout":"xyxy","weight":"much"})", "\"weight\""},
      {R"({"layout":"xyxy","required":1})", "\"required\""},
      {R"({"layout":"xyxy","classes":[0.5]})", "\"classes\""},
      {R"({"layout":"xyxy","strides":8})", "\"strides\""},
      {R"({"layout":"xyxy","strides":[]})", "\"strides\""},
      {R"({"layout":"xyxy","finds":"cats"})", "\"finds\""},
      {R"({"layout":"xyxy","finds":["face","cats"]})", "\"finds\" \"\"cats\"\""},
      {R"({"layout":"xyxy","finds":[]})", "no \"finds\""},
      {R"({"layout":"xyxy","finds":3})", "\"finds\""},
      {R"({"layout":"xyxy","names":"face"})", "\"names\" that is no list of texts"},
      {R"({"layout":"xyxy","finds":["face","subject"],"names":["a"]})",
       "1 \"names\" and 2 \"finds\""},
      {R"({"layout":"xyxy","names":["a","b"],"classes":[2]})", "wants class 2"},
      {R"({"layout":"xyxy","outputs":["a","b"]})", "one"},
      {R"({"layout":"xyxy","outputs":["gone"]})", "no output \"gone\""},
      {R"({"layout":"yunet"})", "no output \"cls_8\""},
      {R"({"layout":"yunet","strides":[8],"outputs":["rows"]})", "three for each stride"},
      {R"({"layout":"yolox"})", "[1 x 5]"},
  };
  for (const auto& [boxes, part] : cases) {
    expect_contains(failure_of_boxes(corner_file(boxes).bytes()), part);
  }
}

TEST_F(BoxFile, GivenAsAModelSaysWhereItBelongsAndTheOtherWayRound) {
  expect_contains(failure_of(corner_file().bytes()), "give it as subjects=");
  expect_contains(failure_of_boxes(describe(brightness_file({1, 1, 1})).bytes()),
                  "give it as model=");
}

TEST_F(BoxFile, MayListAKindAndANameForEachClass) {
  const char* description =
      R"({"layout":"xyxy","finds":["face","subject"],"names":["face","dog"],"classes":[0],"weight":0})";
  const auto model =
      load_box_model({save(corner_file(description).bytes()), DeviceChoice::kCpu, 1}, Log());
  const BoxFormat& format = model->format();
  EXPECT_EQ(format.kind_of(0), SubjectKind::kFace);
  EXPECT_EQ(format.kind_of(1), SubjectKind::kSubject);
  EXPECT_EQ(format.names, (std::vector<std::string>{"face", "dog"}));
  EXPECT_EQ(format.weight, 0);
  EXPECT_EQ(model->run(picture(204)).at(0).kind, SubjectKind::kFace);
}

TEST_F(BoxFile, MissingIsAnErrorThatNamesTheOption) {
  for (const std::string path : {"nothing.onnx", "auto", ""}) {
    try {
      load_box_model({path, DeviceChoice::kCpu, 1}, Log());
      FAIL();
    } catch (const Error& error) {
      expect_contains(error.what(), "give subjects= this name");
    }
  }
}

using BoxesWithoutRuntime = ModelTest;

TEST_F(BoxesWithoutRuntime, AreLeftOutWithOneWarningOrAnErrorWhereStrict) {
  setenv("SMARTCROP_ONNXRUNTIME", "/nonexistent", 1);
  const std::string path = save(corner_file().bytes());
  const smartcrop_stream stream = stream_of(yuv(1, 1, 8), kPicture);
  const auto keep = [](void* cookie, int level, const char* line) {
    static_cast<std::vector<std::string>*>(cookie)->push_back(std::to_string(level) + line);
  };
  const Log log(keep, &lines_);
  EXPECT_EQ(open_boxes(stream, {path, DeviceChoice::kCpu, 1}, {}, log), nullptr);
  ASSERT_EQ(lines_.size(), 1u);
  expect_contains(lines_[0], "1subjects=" + path + " is left out");
  EXPECT_THROW(open_boxes(stream, {path, DeviceChoice::kCpu, 1}, {false, true}, log),
               RuntimeMissing);
  EXPECT_EQ(open_boxes(stream, {"auto", DeviceChoice::kCpu, 1}, {}, log), nullptr);
  ASSERT_EQ(lines_.size(), 2u);
  expect_contains(lines_[1], std::to_string(SMARTCROP_LOG_INFO) + "subjects=auto is left out");
  EXPECT_THROW(open_boxes(stream, {"auto", DeviceChoice::kCpu, 1}, {false, true}, log),
               RuntimeMissing);
}

}  // namespace
}  // namespace smartcrop
