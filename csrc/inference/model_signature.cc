// SPDX-License-Identifier: MIT
#include "inference/model_signature.h"

#include <algorithm>

#include "error.h"

namespace smartcrop {
namespace {

constexpr int64_t kLargestMapSide = 4096;
constexpr int64_t kLargestState = int64_t{1} << 26;  // values, 256 MiB

[[noreturn]] void fail(const std::string& subject, const std::string& problem) {
  throw Error(SMARTCROP_ERROR_MODEL, subject + ": " + problem);
}

std::string text_of(const TensorShape& shape) {
  std::string text;
  for (const int64_t side : shape) {
    text += (text.empty() ? "" : " x ") + (side < 0 ? std::string("?") : std::to_string(side));
  }
  return "[" + text + "]";
}

std::string names_of(const std::vector<TensorInfo>& tensors) {
  std::string text;
  for (const TensorInfo& tensor : tensors) text += (text.empty() ? "" : ", ") + tensor.name;
  return text.empty() ? "none" : text;
}

const TensorInfo* find(const std::vector<TensorInfo>& tensors, const std::string& name) {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [&](const TensorInfo& tensor) { return tensor.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

void check_image(const TensorInfo& image, const ModelInput& input, const std::string& subject) {
  check_type(image, "input", subject);
  const std::string wanted = "[1 x 3 x " + std::to_string(input.size.height) + " x " +
                             std::to_string(input.size.width) + "]";
  const TensorShape& shape = image.shape;
  const auto fits = [&](size_t i, int64_t size) { return shape[i] < 0 || shape[i] == size; };
  if (shape.size() == 4 && fits(0, 1) && fits(1, 3)) {
    if (fits(2, input.size.height) && fits(3, input.size.width)) return;
    fail(subject, "input \"" + image.name + "\" is " + text_of(shape) +
                      ", but its metadata smartcrop.input says " + wanted +
                      "; make \"height\" and \"width\" there agree with it");
  }
  fail(subject, "input \"" + image.name + "\" is " + text_of(shape) + ", not " + wanted +
                    ": one picture, three channels, then rows and columns");
}

// The input that is the picture: the one named, or the only one that carries no state.
std::string image_name(const ModelMetadata& metadata, const ModelSignature& signature,
                       const std::string& subject) {
  std::vector<TensorInfo> others;
  for (const TensorInfo& input : signature.inputs) {
    const bool carried = std::any_of(metadata.state.begin(), metadata.state.end(),
                                     [&](const auto& pair) { return pair.first == input.name; });
    if (!carried) others.push_back(input);
  }
  const std::string& name = metadata.input.name;
  if (!name.empty() && find(others, name) == nullptr) {
    fail(subject, "it has no input \"" + name + "\", which smartcrop.input names (inputs: " +
                      names_of(signature.inputs) + ")");
  }
  if (others.size() != 1) {
    fail(subject, "it has " + std::to_string(others.size()) + " inputs (" + names_of(others) +
                      ") beside those in smartcrop.state; there must be one, the picture");
  }
  return others.front().name;
}

// The output that is the answer: the one named, or the only one that carries no state.
std::string answer_name(const ModelMetadata& metadata, const ModelSignature& signature,
                        const std::string& subject) {
  if (!metadata.output.empty()) {
    if (find(signature.outputs, metadata.output) != nullptr) return metadata.output;
    fail(subject, "it has no output \"" + metadata.output + "\", which smartcrop.output names " +
                      "(outputs: " + names_of(signature.outputs) + ")");
  }
  std::vector<TensorInfo> others;
  for (const TensorInfo& output : signature.outputs) {
    const bool carried = std::any_of(metadata.state.begin(), metadata.state.end(),
                                     [&](const auto& pair) { return pair.second == output.name; });
    if (!carried) others.push_back(output);
  }
  if (others.size() != 1) {
    fail(subject, "it has " + std::to_string(others.size()) + " outputs (" + names_of(others) +
                      ") that could be the answer; name it in smartcrop.output");
  }
  return others.front().name;
}

// The shapes of boxes are looked at when the network runs: most files leave the rows open.
std::vector<std::string> box_names(const ModelMetadata& metadata, const ModelSignature& signature,
                                   const std::string& subject) {
  std::vector<std::string> names = metadata.boxes.outputs;
  if (names.empty()) names = {answer_name(metadata, signature, subject)};
  for (const std::string& name : names) {
    const TensorInfo* tensor = find(signature.outputs, name);
    if (tensor == nullptr) {
      fail(subject, "it has no output \"" + name + "\" to read boxes from (outputs: " +
                        names_of(signature.outputs) + "); name them in smartcrop.boxes");
    }
    check_type(*tensor, "output", subject);
  }
  return names;
}

ModelBinding::State bind_state(const std::pair<std::string, std::string>& names,
                               const ModelSignature& signature, const std::string& subject) {
  const TensorInfo* input = find(signature.inputs, names.first);
  const TensorInfo* output = find(signature.outputs, names.second);
  if (input == nullptr || output == nullptr) {
    fail(subject, "smartcrop.state pairs input \"" + names.first + "\" with output \"" +
                      names.second + "\", but it has no such " +
                      (input == nullptr ? "input" : "output"));
  }
  check_type(*input, "state input", subject);
  check_type(*output, "state output", subject);
  int64_t count = 1;
  for (const int64_t size : input->shape) {
    if (size < 1) {
      fail(subject, "state input \"" + input->name + "\" is " + text_of(input->shape) +
                        "; a state that starts at zero needs a fixed size");
    }
    count = size > kLargestState ? kLargestState + 1 : count * size;
    if (count > kLargestState) fail(subject, "state input \"" + input->name + "\" is too large");
  }
  bool same = output->shape.size() == input->shape.size();
  for (size_t i = 0; same && i < input->shape.size(); ++i) {
    same = output->shape[i] < 0 || output->shape[i] == input->shape[i];
  }
  if (!same) {
    fail(subject, "state output \"" + output->name + "\" is " + text_of(output->shape) +
                      ", but the input that it becomes, \"" + input->name + "\", is " +
                      text_of(input->shape));
  }
  return {names.first, names.second, input->shape};
}

}  // namespace

void check_type(const TensorInfo& tensor, const std::string& what, const std::string& subject) {
  if (tensor.type == "float32") return;
  const bool half = tensor.type == "float16" || tensor.type == "bfloat16";
  fail(subject, what + " \"" + tensor.name + "\" is " + tensor.type + ", not float32; " +
                    (half ? "convert the weights alone and keep the inputs and outputs float32"
                          : "export it as float32"));
}

Size map_size(const TensorShape& shape, const std::string& name, const std::string& subject) {
  bool fits = shape.size() >= 2 && shape.size() <= 4;
  for (size_t i = 0; fits && i < shape.size(); ++i) {
    const bool leading = i + 2 < shape.size();
    fits = shape[i] < 0 || (leading ? shape[i] == 1 : shape[i] >= 2 && shape[i] <= kLargestMapSide);
  }
  if (!fits) {
    fail(subject, "output \"" + name + "\" is " + text_of(shape) +
                      ", not a map of one channel: [height x width], [1 x height x width] or "
                      "[1 x 1 x height x width], 2 to " +
                      std::to_string(kLargestMapSide) + " cells a side");
  }
  return {static_cast<int>(shape[shape.size() - 1]), static_cast<int>(shape[shape.size() - 2])};
}

ModelBinding bind_model(const ModelMetadata& metadata, const ModelSignature& signature,
                        const std::string& subject) {
  ModelBinding binding;
  for (const auto& names : metadata.state) {
    binding.state.push_back(bind_state(names, signature, subject));
  }
  binding.image = image_name(metadata, signature, subject);
  check_image(*find(signature.inputs, binding.image), metadata.input, subject);
  if (metadata.kind == ModelKind::kBoxes) {
    binding.answers = box_names(metadata, signature, subject);
    return binding;
  }
  binding.answers = {answer_name(metadata, signature, subject)};
  const TensorInfo& map = *find(signature.outputs, binding.answers[0]);
  check_type(map, "output", subject);
  map_size(map.shape, map.name, subject);
  return binding;
}

}  // namespace smartcrop
