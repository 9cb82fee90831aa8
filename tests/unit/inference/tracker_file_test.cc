// SPDX-License-Identifier: MIT
// Networks of kind tracker: what they answer, and files that are none, each refused in one
// sentence.
#include <cmath>
#include <utility>

#include "inference/model_fixture.h"
#include "inference/model_source.h"

namespace smartcrop {
namespace {

class TrackerFileTest : public RunningModelTest {
 protected:
  void SetUp() override {
    RunningModelTest::SetUp();
    if (!IsSkipped()) save_trunk(trunk_file().bytes());
  }
  void save_trunk(const std::string& bytes) const {
    write_file((folder_ / "trunk.onnx").string(), bytes);
  }
  std::unique_ptr<TrackerModel> load_one(const std::string& path) {
    return load_tracker({path, DeviceChoice::kCpu, 1}, Log());
  }
  std::unique_ptr<TrackerModel> load_one(const OnnxFile& file) {
    return load_one(save(file.bytes()));
  }
  // The sentence about a head of these bytes, which has to name the file.
  std::string refusal_of(const std::string& bytes) {
    const std::string path = save(bytes);
    try {
      load_one(path);
    } catch (const Error& error) {
      const std::string sentence = error.what();
      EXPECT_EQ(error.status(), SMARTCROP_ERROR_MODEL) << sentence;
      EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
      EXPECT_NE(sentence.find(path), std::string::npos) << sentence;
      return sentence;
    }
    return "it was loaded";
  }
  std::string refusal_of(const OnnxFile& file) { return refusal_of(file.bytes()); }
  std::string refusal_with(const std::string& tracker) {
    return refusal_of(describe_tracker(tracker_file(), tracker));
  }
};

// A subject of one colour on another.
Proxy spot(Size size, int column, int row) {
  Proxy rgb = picture(30, size);
  for (int y = row - 4; y < row + 4; ++y) {
    for (int x = column - 4; x < column + 4; ++x) {
      rgb.planes[0][static_cast<size_t>(y * size.width + x)] = 240;
    }
  }
  return rgb;
}

TEST_F(TrackerFileTest, AnswersWhereWhatItWasShownIs) {
  const auto tracker = load_one(describe_tracker(tracker_file()));
  EXPECT_EQ(tracker->input_size().width, 48);
  EXPECT_EQ(tracker->format().template_side, 16);
  EXPECT_EQ(tracker->format().cell_step, 4);
  const TrackerMemory memory = tracker->remember(spot({16, 16}, 8, 8));
  EXPECT_EQ(memory.shape, (std::vector<int64_t>{1, 3, 4, 4}));
  const TrackerAnswer answer = tracker->look(memory, spot({48, 48}, 28, 12));
  ASSERT_EQ(answer.cells, 12);
  for (int y = 0; y < 12; ++y) {
    for (int x = 0; x < 12; ++x) {
      const size_t i = static_cast<size_t>(12 * y + x);
      const bool there = (x == 6 || x == 7) && (y == 2 || y == 3);
      if (there) EXPECT_GT(answer.scores[i], 0.9F);
      if (!there) EXPECT_LT(answer.scores[i], 0.1F);
      EXPECT_EQ(answer.sides[i], (std::array<float, 4>{4, 4, 4, 4}));
    }
  }
}

TEST_F(TrackerFileTest, ScoresAreWhatTheFileSaysTheyAre) {
  const auto best = [&](const char* kind) {
    const std::string tracker = R"({"trunk":"trunk.onnx","template":16,"cells":[2,4],"score":")" +
                                std::string(kind) + "\"}";
    OnnxFile file = tracker_head();
    if (std::string(kind) == "softmax") {
      file.constant("two", {2, 3, 1, 1}, std::vector<float>(6, 0.0F))
          .constant("logits", {2}, {1, 3});
      file.node("Conv", {"search", "two", "logits"}, "score");
    } else {
      file.constant("one", {1, 3, 1, 1}, std::vector<float>(3, 0.0F))
          .constant("logit", {1}, {0.3F});
      file.node("Conv", {"search", "one", "logit"}, "score");
    }
    add_tracked_boxes(file, "box");
    const auto model = load_one(describe_tracker(file, tracker));
    return model->look(model->remember(picture(9, {16, 16})), picture(9, {48, 48})).scores.at(5);
  };
  EXPECT_NEAR(best("plain"), 0.3, 1e-6);
  EXPECT_NEAR(best("sigmoid"), 1 / (1 + std::exp(-0.3)), 1e-6);
  EXPECT_NEAR(best("softmax"), 1 / (1 + std::exp(-2.0)), 1e-6);
}

// ---- values that are none

TEST_F(TrackerFileTest, ScoresThatAreNoNumbersCountAsNone) {
  for (const char* operation : {"Log", "Sqrt"}) {
    OnnxFile file = tracker_head();
    add_comparison(file, "logit").node(operation, {"logit"}, "score");
    add_tracked_boxes(file, "box");
    const auto tracker = load_one(describe_tracker(file));
    const TrackerMemory memory = tracker->remember(spot({16, 16}, 8, 8));
    const TrackerAnswer answer = tracker->look(memory, spot({48, 48}, 28, 12));
    EXPECT_EQ(answer.scores[0], 0) << operation;
    EXPECT_GT(answer.scores[12 * 2 + 6], 0.5F) << operation;
  }
}

TEST_F(TrackerFileTest, BoxesThatAreNoNumbersHaveNoScore) {
  OnnxFile file = tracker_head();
  add_comparison(file, "score");
  add_tracked_boxes(file, "sound");
  file.constant("zeros", {1}, {0}).node("Div", {"sound", "zeros"}, "box");
  const auto tracker = load_one(describe_tracker(file));
  const TrackerAnswer answer =
      tracker->look(tracker->remember(spot({16, 16}, 8, 8)), spot({48, 48}, 28, 12));
  for (const float score : answer.scores) EXPECT_EQ(score, 0);
}

// ---- files that are no trackers

TEST_F(TrackerFileTest, AnotherKindIsNamedWithTheOptionThatTakesIt) {
  expect_contains(refusal_of(describe(brightness_file({1, 1, 1}))), "give it as model= instead");
  expect_contains(refusal_of(corner_file()), "give it as subjects= instead");
  const std::string path = save(describe_tracker(tracker_file()).bytes());
  expect_contains(failure(path), "give it as tracker= instead");
}

TEST_F(TrackerFileTest, FileThatSaysNothingOfItselfSaysWhatIsMissing) {
  expect_contains(refusal_of(tracker_file()), "smartcrop.kind is missing");
  OnnxFile file = tracker_file();
  file.property("smartcrop.kind", "tracker");
  expect_contains(refusal_of(file), "smartcrop.input is missing");
  file.property("smartcrop.input", kSearch);
  expect_contains(refusal_of(file), "smartcrop.tracker is missing");
}

TEST_F(TrackerFileTest, MalformedDescriptionIsRefused) {
  const std::string good = R"("trunk":"trunk.onnx","template":16,"cells":[2,4])";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{", "not JSON"},
      {"[1]", "not a JSON object"},
      {R"({"template":16,"cells":[2,4]})", "needs a \"trunk\""},
      {R"({"trunk":"","template":16,"cells":[2,4]})", "needs a \"trunk\""},
      {R"({"trunk":7,"template":16,"cells":[2,4]})", "\"trunk\""},
      {R"({"trunk":"../trunk.onnx","template":16,"cells":[2,4]})", "in another folder"},
      {R"({"trunk":"/trunk.onnx","template":16,"cells":[2,4]})", "in another folder"},
      {R"({"trunk":"a\\trunk.onnx","template":16,"cells":[2,4]})", "in another folder"},
      {R"({"trunk":"trunk.onnx","cells":[2,4]})", "\"template\""},
      {R"({"trunk":"trunk.onnx","template":2,"cells":[2,4]})", "\"template\" 2"},
      {R"({"trunk":"trunk.onnx","template":99999,"cells":[2,4]})", "\"template\" 99999"},
      {R"({"trunk":"trunk.onnx","template":16})", "needs \"cells\""},
      {R"({"trunk":"trunk.onnx","template":16,"cells":8})", "needs \"cells\""},
      {R"({"trunk":"trunk.onnx","template":16,"cells":[8]})", "needs \"cells\""},
      {R"({"trunk":"trunk.onnx","template":16,"cells":["a","b"]})", "needs \"cells\""},
      {R"({"trunk":"trunk.onnx","template":16,"cells":[2,0]})", "\"cells\" that lie outside"},
      {R"({"trunk":"trunk.onnx","template":16,"cells":[2,-4]})", "\"cells\" that lie outside"},
      {R"({"trunk":"trunk.onnx","template":16,"cells":[1e9,4]})", "\"cells\" that lie outside"},
      {"{" + good + R"(,"context":-1})", "\"context\""},
      {"{" + good + R"(,"score":"best"})", "\"score\""},
      {"{" + good + R"(,"change":-1})", "\"change\""},
      {"{" + good + R"(,"near":2})", "\"near\""},
      {"{" + good + R"(,"rate":"fast"})", "\"rate\""},
      {"{" + good + R"(,"inputs":["template"]})", "other than two \"inputs\""},
      {"{" + good + R"(,"outputs":["a","b","c"]})", "other than two \"outputs\""},
      {"{" + good + R"(,"colour":"RGB"})", "\"colour\""},
  };
  for (const auto& [tracker, words] : cases) expect_contains(refusal_with(tracker), words);
  const std::string wide = R"({"width":64,"height":48})";
  expect_contains(refusal_of(describe_tracker(tracker_file(), kTrackerCells, wide)), "no square");
}

TEST_F(TrackerFileTest, TrunkThatIsMissingOrNoNetworkIsNamed) {
  const std::string path = (folder_ / "trunk.onnx").string();
  const OnnxFile head = describe_tracker(tracker_file());
  fs::remove(path);
  std::string sentence = refusal_of(head);
  expect_contains(sentence, path);
  expect_contains(sentence, "there is no such file; it has to lie beside the tracker");
  save_trunk("");
  expect_contains(refusal_of(head), "the file is empty");
  fs::remove(path);
  fs::create_directories(path);
  expect_contains(refusal_of(head), "it is a folder");
  fs::remove(path);
}

TEST_F(TrackerFileTest, TrunkThatIsNoOnnxFileIsNamed) {
  save_trunk("This is a letter to the editor.\n");
  try {
    load_one(describe_tracker(tracker_file()));
    ADD_FAILURE() << "it was loaded";
  } catch (const Error& error) {
    expect_contains(error.what(), (folder_ / "trunk.onnx").string());
    expect_contains(error.what(), "cannot be opened as an ONNX file");
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
  }
}

TEST_F(TrackerFileTest, TrunkOfOtherInputsOrOutputsIsRefused) {
  OnnxFile two = trunk_file();
  two.output("twin", {1, 3, -1, -1}).node("Neg", {"features"}, "twin");
  save_trunk(two.bytes());
  expect_contains(refusal_of(describe_tracker(tracker_file())),
                  "its trunk trunk.onnx has other than one input and one output");
}

TEST_F(TrackerFileTest, HeadWithoutTheNamedTensorsIsRefused) {
  const std::string good = R"({"trunk":"trunk.onnx","template":16,"cells":[2,4],)";
  expect_contains(refusal_with(good + R"("inputs":["pattern","search"]})"), "no input \"pattern\"");
  expect_contains(refusal_with(good + R"("outputs":["score","boxes"]})"), "no output \"boxes\"");
  OnnxFile three = tracker_file();
  three.input("third", {1});
  expect_contains(refusal_of(describe_tracker(three)), "other than two inputs");
}

TEST_F(TrackerFileTest, AnswersOfAnotherShapeAreRefusedWhenTheFileIsOpened) {
  OnnxFile scores = tracker_head();
  add_comparison(scores, "logit").node("GlobalAveragePool", {"logit"}, "score");
  add_tracked_boxes(scores, "box");
  expect_contains(refusal_of(describe_tracker(scores)), "its scores are no square grid");
  OnnxFile boxes = tracker_head();
  add_comparison(boxes, "score");
  add_tracked_boxes(boxes, "all").node("GlobalAveragePool", {"all"}, "box");
  expect_contains(refusal_of(describe_tracker(boxes)), "its boxes are not four values");
  const std::string softmax =
      R"({"trunk":"trunk.onnx","template":16,"cells":[2,4],"score":"softmax"})";
  expect_contains(refusal_with(softmax), "no square grid of 2 values");
}

TEST_F(TrackerFileTest, TrunkAndHeadThatDoNotFitTogetherAreRefused) {
  OnnxFile trunk;
  trunk.input("picture", {1, 3, -1, -1}).output("features", {1, 1, -1, -1});
  trunk.constant("weights", {1, 3, 4, 4}, std::vector<float>(48, 0.1F));
  trunk.node("Conv", {"picture", "weights"}, "features", {{"strides", {4, 4}}});
  save_trunk(trunk.bytes());
  EXPECT_NE(refusal_of(describe_tracker(tracker_file())), "it was loaded");
}

TEST_F(TrackerFileTest, TensorsOfAnotherTypeAreRefused) {
  OnnxFile trunk;
  trunk.input("picture", {1, 3, -1, -1}, kFloat16).output("features", {1, 3, -1, -1}, kFloat16);
  trunk.node("Identity", {"picture"}, "features");
  save_trunk(trunk.bytes());
  expect_contains(refusal_of(describe_tracker(tracker_file())),
                  "its trunk's input \"picture\" is float16, not float32");
  save_trunk(trunk_file().bytes());
  OnnxFile head;
  head.input("template", {1, 3, -1, -1}).input("search", {1, 3, -1, -1});
  head.output("score", {1, 1, -1, -1}, kFloat16).output("box", {1, 4, -1, -1});
  add_comparison(head, "logit").cast("logit", "score", kFloat16);
  add_tracked_boxes(head, "box");
  expect_contains(refusal_of(describe_tracker(head)), "output \"score\" is float16, not float32");
}

TEST_F(TrackerFileTest, NameThatMeansNothingIsRefusedAndNothingIsOfferedThatCannotBe) {
  for (const std::string name : {std::string("none"), (folder_ / "nothing.onnx").string()}) {
    try {
      load_one(name);
      ADD_FAILURE() << "it was loaded";
    } catch (const Error& error) {
      const std::string sentence = error.what();
      expect_contains(sentence, "tracker " + name + ": there is no such file");
      EXPECT_EQ(sentence.find("or none"), std::string::npos) << sentence;
    }
  }
  EXPECT_THROW(load_one("saliency"), Error);
}

TEST_F(TrackerFileTest, BuiltInTrackerFindsWhatItWasShown) {
  try {
    find_model(ModelKind::kTracker, "tracker");
  } catch (const Error& error) {
    GTEST_SKIP() << "this build has no tracker of its own: " << error.what();
  }
  const auto tracker = load_one("tracker");
  const int side = tracker->format().template_side;
  const TrackerMemory memory = tracker->remember(picture(90, {side, side}));
  EXPECT_GT(tracker->look(memory, picture(90, tracker->input_size())).cells, 1);
}

}  // namespace
}  // namespace smartcrop
