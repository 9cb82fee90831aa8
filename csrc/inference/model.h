// SPDX-License-Identifier: MIT
// A trained network in an ONNX file that describes itself, so that dropping in another takes no
// code. python/docs/models.md says what a file has to carry.
#ifndef SMARTCROP_INFERENCE_MODEL_H_
#define SMARTCROP_INFERENCE_MODEL_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "choices.h"
#include "error.h"
#include "inference/box_decoder.h"
#include "log.h"
#include "types.h"

namespace smartcrop {

// Thrown if there is no ONNX Runtime, so that no model can be run. what() says what was tried and
// what to install.
class RuntimeMissing : public Error {
 public:
  explicit RuntimeMissing(const std::string& sentence) : Error(SMARTCROP_ERROR_MODEL, sentence) {}
};

struct ModelOptions {
  std::string name;  // of a built-in model, or the path of a file
  DeviceChoice device = DeviceChoice::kAuto;
  int threads = 1;
};

// How a picture is brought to the size that the network wants.
enum class ModelFit {
  kStretch,  // each side on its own
  kPad       // the shape is kept; the picture is in the middle, and pad_value() fills the rest
};

// What a network answers.
// kFeatures: what a tracker compares, made by its trunk; no option takes it by itself.
enum class ModelKind { kHeatmap, kBoxes, kTracker, kFeatures };

class PictureModel {
 public:
  virtual ~PictureModel() = default;
  // The picture that run() wants: R, G, B, 8 bit, of this size.
  virtual Size input_size() const = 0;
  virtual ModelFit fit() const = 0;
  virtual uint8_t pad_value() const = 0;  // sample of all three planes
  // Zeroes the state that a recurrent network carries from call to call.
  virtual void reset_state() = 0;
};

// A network that answers a map.
class Model : public PictureModel {
 public:
  // Gives the softmax of the answer with its confidence, at the network's own resolution. The map
  // covers the whole input, padding included. Throws Error(ERROR_MODEL) if inference fails or
  // answers values that are not finite. The state is then as it was.
  virtual HeatMap run(const Proxy& rgb) = 0;
};

// A network that answers boxes.
class BoxModel : public PictureModel {
 public:
  // The layout, kind and weight of its boxes.
  virtual const BoxFormat& format() const = 0;
  // All boxes over the whole input (padding included), as decode_boxes() gives them. Throws
  // Error(ERROR_MODEL) when inference fails.
  virtual std::vector<Subject> run(const Proxy& rgb) = 0;
};

// What the scores of a tracker are made of.
enum class ScoreKind {
  kPlain,    // they are shares already
  kSigmoid,  // logits
  kSoftmax   // two logits a cell: nothing, then the subject
};

// How a tracker looks, and how it writes what it found (python/docs/models.md).
struct TrackerFormat {
  std::string trunk;      // the file that makes the features, beside the file itself
  int template_side = 0;  // of the picture of the subject; both pictures are squares
  double context = 0.5;   // how much is seen around the subject, in the mean of its sides
  double first_cell = 0;  // where the first cell is in the search picture, in its pixels
  double cell_step = 0;   // from one cell to the next
  ScoreKind score = ScoreKind::kPlain;
  // What suits this network in the loop that follows a subject (object_follower.h). The defaults
  // were chosen for the built-in one, as following.h says.
  double change_price = 0.05;  // of a change of size and shape; larger: steadier boxes
  double near_share =
      0.35;                 // of being near in what a place is worth; larger: fast moves are missed
  double size_rate = 0.35;  // of a new size, times how sure it is; larger: it follows faster
  std::vector<std::string> inputs{"template", "search"}, outputs{"score", "box"};
};

// What the cells of a search picture say, row by row.
struct TrackerAnswer {
  int cells = 0;  // of a row and of a column
  std::vector<float> scores;
  // How far the subject's left, top, right and bottom are from the cell, in pixels.
  std::vector<std::array<float, 4>> sides;
};

// What a tracker keeps of a subject.
struct TrackerMemory {
  std::vector<float> values;
  std::vector<int64_t> shape;
};

// A network that finds again what it was shown.
class TrackerModel : public PictureModel {
 public:
  // input_size() is that of the search picture.
  virtual const TrackerFormat& format() const = 0;
  // Of an R, G, B picture of template_side. Throws Error(ERROR_MODEL) when inference fails.
  virtual TrackerMemory remember(const Proxy& rgb) = 0;
  // The same; values that are not finite count as no score.
  virtual TrackerAnswer look(const TrackerMemory& memory, const Proxy& rgb) = 0;
};

// Finds the model, opens the runtime and runs the network once. Throws Error(ERROR_MODEL) with a
// sentence that names the model and its fault. Throws RuntimeMissing if there is nothing to run it.
std::unique_ptr<Model> load_model(const ModelOptions& options, const Log& log);
// The same for the option `subjects`.
std::unique_ptr<BoxModel> load_box_model(const ModelOptions& options, const Log& log);
// The same for the option `tracker`.
std::unique_ptr<TrackerModel> load_tracker(const ModelOptions& options, const Log& log);

// The line of smartcrop_runtime_info(): version, file and providers, or why there is no runtime.
std::string describe_runtime();

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_MODEL_H_
