// SPDX-License-Identifier: MIT
// The built-in models: that they run, that the default run uses one, and what becomes of a run
// where no ONNX Runtime is found.
#include <cmath>
#include <numeric>

#include "inference/model_source.h"
#include "session.h"
#include "session_fixture.h"

namespace smartcrop {
namespace {

// What a run came to.
struct Outcome {
  std::string error;
  std::vector<std::string> warnings, notes;
  std::vector<double> windows;  // x and confidence of each frame
  std::vector<float> map;       // of the last decision
  uint32_t flags = 0;           // of all decisions
};

Outcome run(const std::string& model, const Values& values = {}) {
  Outcome outcome;
  const auto keep = [](void* cookie, int level, const char* line) {
    auto* const outcome = static_cast<Outcome*>(cookie);
    (level == SMARTCROP_LOG_INFO ? outcome->notes : outcome->warnings).push_back(line);
  };
  try {
    Values all{{"model", model}, {"device", "cpu"}};
    all.insert(all.end(), values.begin(), values.end());
    Session session(options_of(all), stream_of_clip(), Log(keep, &outcome));
    const auto take = [&] {
      smartcrop_decision decision{};
      while (session.receive(&decision) == SMARTCROP_OK) {
        outcome.windows.insert(outcome.windows.end(), {decision.x, decision.confidence});
        outcome.flags |= decision.flags;
        outcome.map = session.last_map()->values;
      }
    };
    const Clip clip = walk();
    for (size_t i = 0; i < clip.size(); ++i) {
      const TestPicture picture = paint(clip[i]);
      smartcrop_frame frame = picture.frame();
      frame.pts = static_cast<int64_t>(i) * 1000 / kFps;
      session.send(frame);
      take();
    }
    session.end();
    take();
  } catch (const Error& error) {
    outcome.error = error.what();
    EXPECT_EQ(error.status(), SMARTCROP_ERROR_MODEL);
  }
  return outcome;
}

class BuiltinModelTest : public RunningModelTest,
                         public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Name, BuiltinModelTest, testing::Values("saliency", "center"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(BuiltinModelTest, RunsFromMemoryAndAnswersAMap) {
  const auto model = load(GetParam());
  const Size size = model->input_size();
  EXPECT_EQ(size.width, 224);
  EXPECT_EQ(model->fit(), ModelFit::kStretch);
  Proxy scene = picture(90, size);
  for (int i = 0; i < 20; ++i) fill_cell(&scene, 4 + i % 4, 3 + i / 4, {230, 160, 120});
  const HeatMap map = model->run(scene);
  EXPECT_NEAR(std::accumulate(map.values.begin(), map.values.end(), 0.0), 1, 1e-4);
  EXPECT_GE(map.width, 7);
  EXPECT_GE(map.height, 7);
  EXPECT_GE(map.confidence, 0);
  EXPECT_LE(map.confidence, 1);
}

TEST_P(BuiltinModelTest, AnswersTheSameAfterAReset) {
  const auto model = load(GetParam());
  std::vector<Proxy> pictures(3, picture(40, model->input_size()));
  fill_cell(&pictures[1], 20, 5, {255, 255, 255});
  std::vector<std::vector<float>> answers;
  for (int round = 0; round < 2; ++round) {
    for (const Proxy& each : pictures) answers.push_back(model->run(each).values);
    model->reset_state();
  }
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(answers[i], answers[i + 3]) << i;
}

TEST_P(BuiltinModelTest, IsNamedAsBuiltInInTheLog) {
  load(GetParam());
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_EQ(lines_[0].rfind(std::string("built-in model ") + GetParam(), 0), 0u) << lines_[0];
}

// Also where there is CUDA.
TEST_P(BuiltinModelTest, RunsOnTheProcessorUnlessCudaIsAskedFor) {
  load(GetParam(), DeviceChoice::kAuto);
  expect_contains(lines_.back(), "on the CPU");
}

TEST_P(BuiltinModelTest, FramesOnCudaAsOnTheProcessor) {
  const Outcome on_cuda = run(GetParam(), {{"device", "cuda"}});
  if (!on_cuda.error.empty()) GTEST_SKIP() << on_cuda.error;
  const Outcome on_cpu = run(GetParam());
  ASSERT_EQ(on_cuda.windows.size(), on_cpu.windows.size());
  for (size_t i = 0; i < on_cpu.windows.size(); i += 2) {
    EXPECT_NEAR(on_cuda.windows[i], on_cpu.windows[i], 1) << "frame " << i / 2;
  }
}

TEST_P(BuiltinModelTest, LeadsARunAndTheSameRunComesOutTheSame) {
  const Outcome with = run(GetParam()), again = run(GetParam()), without = run("none");
  EXPECT_EQ(with.error, "");
  EXPECT_EQ(with.windows.size(), 2 * walk().size());
  EXPECT_EQ(with.windows, again.windows);
  EXPECT_EQ(with.map, again.map);
  EXPECT_NE(with.map, without.map);
  EXPECT_TRUE(with.warnings.empty()) << with.warnings[0];
  EXPECT_EQ(with.flags & SMARTCROP_FALLBACK, 0u);
}

class ModelRun : public RunningModelTest {};

TEST_F(ModelRun, TheDetectorSaysWhatEachOfItsClassesIsAndThatItsBoxesWeighNothing) {
  const auto keep = [](void* cookie, int, const char* line) {
    static_cast<std::vector<std::string>*>(cookie)->push_back(line);
  };
  const auto model = load_box_model({"subjects", DeviceChoice::kAuto, 1}, Log(keep, &lines_));
  expect_contains(lines_.at(0), "built-in model subjects");
  expect_contains(lines_.at(0), "on the CPU");
  const BoxFormat& format = model->format();
  EXPECT_EQ(format.names, (std::vector<std::string>{"face", "person", "thing"}));
  EXPECT_EQ(format.kind_of(0), SubjectKind::kFace);
  EXPECT_EQ(format.kind_of(1), SubjectKind::kSubject);
  EXPECT_EQ(format.kind_of(2), SubjectKind::kSubject);
  EXPECT_EQ(format.weight, 0);
  EXPECT_FALSE(format.required);
  const Proxy grey = picture(114, model->input_size());
  EXPECT_TRUE(best_boxes(format, model->run(grey), format.threshold).empty());
}

TEST_F(ModelRun, TheDetectorIsOpenedWithATrackerAndByItselfWhereASubjectIsFollowed) {
  const Outcome without = run("none"), named = run("none", {{"subjects", "subjects"}});
  EXPECT_EQ(named.error, "");
  EXPECT_TRUE(named.warnings.empty());
  EXPECT_EQ(named.notes.size(), without.notes.size() + 2);
  EXPECT_EQ(run("none", {{"subjects", "auto"}}).notes.size(), without.notes.size());
  const Values followed = {{"subjects", "none"}, {"follow", "auto"}};
  EXPECT_EQ(run("none", {{"subjects", "auto"}, {"follow", "auto"}}).notes.size(),
            run("none", followed).notes.size() + 1);
}

TEST_F(ModelRun, ABuiltInModelGivenToTheOtherOptionIsOneLine) {
  EXPECT_EQ(run("subjects").error,
            "model subjects: this built-in model answers boxes; give it as subjects= instead");
  expect_contains(run("none", {{"subjects", "saliency"}}).error, "subjects saliency: ");
}

TEST_F(ModelRun, ModelsHaveMapsOfTheirOwn) { EXPECT_NE(run("saliency").map, run("center").map); }

TEST_F(ModelRun, CudaWithoutItIsAnErrorThatSaysWhatToInstall) {
  if (describe_runtime().find("CUDA") != std::string::npos) GTEST_SKIP() << describe_runtime();
  const std::string error = run("saliency", {{"device", "cuda"}}).error;
  expect_contains(error, "device=cuda: ONNX Runtime ");
  expect_contains(error, "pip install onnxruntime-gpu");
  expect_contains(error, "device=cpu");
  EXPECT_EQ(run("saliency", {{"device", "auto"}}).windows, run("saliency").windows);
}

// An empty folder named as the place of the runtime hides every other. (A library that was built
// without the runtime's header behaves so anyway.)
class HiddenRuntime : public Files {
 protected:
  void SetUp() override {
    Files::SetUp();
    setenv("SMARTCROP_ONNXRUNTIME", folder_.c_str(), 1);
  }
};

TEST_F(HiddenRuntime, GivesOneWarningAndThePlanOfTheTrainingFreeMap) {
  const Outcome without = run("none");
  EXPECT_EQ(without.error, "");
  EXPECT_TRUE(without.warnings.empty());
  for (const std::string name : {std::string("saliency"), std::string("center"), model()}) {
    const Outcome outcome = run(name);
    EXPECT_EQ(outcome.error, "");
    ASSERT_EQ(outcome.warnings.size(), 1u);
    const std::string& warning = outcome.warnings[0];
    EXPECT_EQ(warning.find('\n'), std::string::npos);
    for (const std::string& part : {"model=" + name, describe_runtime(), std::string("model=none"),
                                    std::string("strict=1")}) {
      expect_contains(warning, part);
    }
    EXPECT_EQ(outcome.windows, without.windows);
    EXPECT_EQ(outcome.map, without.map);
    EXPECT_EQ(outcome.flags, without.flags);
  }
}

TEST_F(HiddenRuntime, LeavesTheDetectorOutAndWarnsWhereItWasAskedForByName) {
  const Outcome without = run("none");
  const Outcome by_name = run("none", {{"subjects", "subjects"}});
  ASSERT_EQ(by_name.warnings.size(), 1u);
  expect_contains(by_name.warnings[0], "subjects=subjects is left out: " + describe_runtime());
  const Outcome by_itself = run("none", {{"subjects", "auto"}});
  EXPECT_TRUE(by_itself.warnings.empty());
  for (const Outcome* each : {&by_name, &by_itself}) {
    EXPECT_EQ(each->error, "");
    EXPECT_EQ(each->windows, without.windows);
    EXPECT_EQ(each->flags, without.flags);
  }
  EXPECT_EQ(run("none", {{"subjects", "subjects"}, {"strict", "1"}}).error, describe_runtime());
  EXPECT_EQ(run("none", {{"subjects", "auto"}, {"strict", "1"}}).error, "")
      << "where nobody is followed, no runtime is asked for";
}

TEST_F(HiddenRuntime, IsAnErrorWhereStrict) {
  for (const std::string name : {std::string("saliency"), std::string("center"), model()}) {
    const Outcome outcome = run(name, {{"strict", "1"}});
    EXPECT_EQ(outcome.error, describe_runtime());
    EXPECT_TRUE(outcome.warnings.empty());
    EXPECT_TRUE(outcome.windows.empty());
  }
  EXPECT_EQ(run("none", {{"strict", "1"}}).error, "");
}

TEST_F(HiddenRuntime, DoesNotHideThatAModelIsMissing) {
  for (const char* strict : {"0", "1"}) {
    const Outcome outcome = run("foo", {{"strict", strict}});
    expect_contains(outcome.error, "model foo: there is no such file");
    expect_contains(outcome.error, "saliency, center");
    EXPECT_TRUE(outcome.warnings.empty());
  }
}

TEST_F(HiddenRuntime, ThatIsNoneAtAllIsSaidLikeOneThatIsMissing) {
  setenv("SMARTCROP_ONNXRUNTIME", model().c_str(), 1);  // a file, but no library
  const Outcome outcome = run("saliency");
  EXPECT_EQ(outcome.error, "");
  ASSERT_EQ(outcome.warnings.size(), 1u);
  expect_contains(outcome.warnings[0], describe_runtime());
}

}  // namespace
}  // namespace smartcrop
