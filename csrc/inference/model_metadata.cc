// SPDX-License-Identifier: MIT
#include "inference/model_metadata.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "error.h"
#include "inference/metadata_property.h"
#include "inference/model_kinds.h"

namespace smartcrop {
namespace {

constexpr int kSmallestSide = 8;
constexpr int kLargestSide = 4096;

ModelInput parse_input(const std::string& text, const Property& property) {
  if (text.empty()) {
    property.fail(
        "is missing; it has to say the size and order of the picture, such as "
        "{\"width\":320,\"height\":240,\"order\":\"RGB\"} (see models.md in the manual)");
  }
  const Json json = property.parse_object(
      text, {"name", "width", "height", "order", "mean", "std", "range", "fit", "pad_value"});
  ModelInput input;
  input.name = property.text(json, "name");
  input.size = {property.whole_number(json, "width", kSmallestSide, kLargestSide),
                property.whole_number(json, "height", kSmallestSide, kLargestSide)};
  input.bgr = property.choice(json, "order", {"RGB", "BGR"}) == 1;
  input.range = property.number(json, "range", 255, 1e-3, 65535);
  property.three_numbers(json, "mean", &input.mean);
  property.three_numbers(json, "std", &input.std);
  for (const double value : input.std) {
    if (!(value > 0)) property.fail("has a \"std\" that is not above 0");
  }
  input.fit =
      property.choice(json, "fit", {"stretch", "pad"}) == 1 ? ModelFit::kPad : ModelFit::kStretch;
  input.pad_value = static_cast<uint8_t>(property.number(json, "pad_value", 0, 0, 255));
  return input;
}

std::vector<std::pair<std::string, std::string>> parse_state(const std::string& text,
                                                             const Property& property) {
  std::vector<std::pair<std::string, std::string>> state;
  if (text.empty()) return state;
  const Json json = property.parse(text);
  const char* shape = "is not a list of [\"input\", \"output\"] pairs";
  if (!json.is_array()) property.fail(shape);
  std::set<std::string> names;
  for (const Json& pair : json) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      property.fail(shape);
    }
    state.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    if (!names.insert("<" + state.back().first).second ||
        !names.insert(">" + state.back().second).second) {
      property.fail("names a tensor of " + quoted(pair.dump()) + " twice");
    }
  }
  return state;
}

std::vector<std::string> outputs_of(BoxLayout layout, const std::vector<int>& strides) {
  std::vector<std::string> names;
  if (layout != BoxLayout::kYunet) return names;
  for (const int stride : strides) {
    for (const char* part : {"cls_", "obj_", "bbox_"}) {
      names.push_back(part + std::to_string(stride));
    }
  }
  return names;
}

// What boxes of each class are.
void parse_classes(const Json& json, const Property& property, BoxFormat* format) {
  const Json found = json.value("finds", Json("subject"));
  format->kinds.clear();
  for (const Json& each : found.is_array() ? found : Json::array({found})) {
    const bool is_face = property.choice(Json{{"finds", each}}, "finds", {"subject", "face"}) == 1;
    format->kinds.push_back(is_face ? SubjectKind::kFace : SubjectKind::kSubject);
  }
  if (format->kinds.empty()) property.fail("has no \"finds\"");
  format->names = property.texts(json, "names");
  format->classes = property.whole_numbers(json, "classes", 0, 100000);
  const size_t kinds = found.is_array() ? format->kinds.size() : 0, names = format->names.size();
  if (kinds > 0 && names > 0 && kinds != names) {
    property.fail("has " + std::to_string(names) + " \"names\" and " + std::to_string(kinds) +
                  " \"finds\"; both are lists with one for each class");
  }
  const size_t count = std::max(kinds, names);
  for (const int wanted : format->classes) {
    if (count == 0 || static_cast<size_t>(wanted) < count) continue;
    property.fail("wants class " + std::to_string(wanted) + " in \"classes\", and lists only " +
                  std::to_string(count) + " from 0");
  }
}

BoxFormat parse_boxes(const std::string& text, const Property& property) {
  if (text.empty()) {
    property.fail(
        "is missing; it has to say how the boxes are written, such as "
        "{\"layout\":\"yolox\",\"classes\":[0]} (see models.md in the manual)");
  }
  const Json json = property.parse_object(
      text, {"layout", "outputs", "strides", "decoded", "normalised", "classes", "threshold",
             "overlap", "finds", "names", "weight", "required"});
  if (!json.contains("layout")) property.fail("needs a \"layout\": yolox, yunet or xyxy");
  BoxFormat format;
  format.layout =
      static_cast<BoxLayout>(property.choice(json, "layout", {"yolox", "yunet", "xyxy"}));
  if (json.contains("strides")) format.strides = property.whole_numbers(json, "strides", 1, 256);
  if (format.strides.empty()) property.fail("has no \"strides\"");
  format.outputs = property.texts(json, "outputs");
  const std::vector<std::string> usual = outputs_of(format.layout, format.strides);
  if (format.outputs.empty()) format.outputs = usual;
  if (!usual.empty() && format.outputs.size() != usual.size()) {
    property.fail("has " + std::to_string(format.outputs.size()) +
                  " \"outputs\"; yunet has three for each stride: class, object, box");
  }
  if (usual.empty() && format.outputs.size() > 1) {
    property.fail("has several \"outputs\"; this layout has one");
  }
  format.decoded = property.truth(json, "decoded", false);
  format.normalised = property.truth(json, "normalised", false);
  format.threshold = property.number(json, "threshold", format.threshold, 0, 1);
  format.overlap = property.number(json, "overlap", format.overlap, 0, 1);
  parse_classes(json, property, &format);
  format.weight = property.number(json, "weight", 1, 0, 100);
  format.required = property.truth(json, "required", false);
  return format;
}

TrackerFormat parse_tracker(const std::string& text, const ModelInput& input,
                            const Property& property) {
  if (text.empty()) {
    property.fail(
        "is missing; it has to name the file that makes the features, such as "
        "{\"trunk\":\"trunk.onnx\",\"template\":96,\"cells\":[8,16]} (see models.md in the "
        "manual)");
  }
  const Json json = property.parse_object(text, {"trunk", "template", "context", "cells", "score",
                                                 "change", "near", "rate", "inputs", "outputs"});
  TrackerFormat format;
  format.trunk = property.text(json, "trunk");
  if (format.trunk.empty()) property.fail("needs a \"trunk\": the name of a file beside this one");
  if (format.trunk.find_first_of("/\\") != std::string::npos) {
    property.fail("has a \"trunk\" in another folder; the file has to lie beside this one");
  }
  format.template_side = property.whole_number(json, "template", kSmallestSide, kLargestSide);
  format.context = property.number(json, "context", format.context, 0, 4);
  const auto cells = json.find("cells");
  const bool two = cells != json.end() && cells->is_array() && cells->size() == 2 &&
                   (*cells)[0].is_number() && (*cells)[1].is_number();
  if (!two) property.fail("needs \"cells\": the place of the first one and the step, in pixels");
  format.first_cell = (*cells)[0].get<double>();
  format.cell_step = (*cells)[1].get<double>();
  if (!(format.cell_step >= 1 && format.cell_step <= kLargestSide) ||
      !(std::abs(format.first_cell) <= kLargestSide)) {
    property.fail("has \"cells\" that lie outside the search picture");
  }
  format.score =
      static_cast<ScoreKind>(property.choice(json, "score", {"plain", "sigmoid", "softmax"}));
  format.change_price = property.number(json, "change", format.change_price, 0, 10);
  format.near_share = property.number(json, "near", format.near_share, 0, 1);
  format.size_rate = property.number(json, "rate", format.size_rate, 0, 1);
  for (const auto& [name, texts] :
       {std::pair("inputs", &format.inputs), {"outputs", &format.outputs}}) {
    const std::vector<std::string> given = property.texts(json, name);
    if (!given.empty() && given.size() != 2) {
      property.fail(std::string("has other than two \"") + name + "\"");
    }
    if (!given.empty()) *texts = given;
  }
  if (input.size.width != input.size.height)
    property.fail("is of a search picture that is no square");
  return format;
}

}  // namespace

void check_kind(const ModelMetadata& metadata, ModelKind wanted, const std::string& subject) {
  if (metadata.kind == wanted) return;
  throw Error(SMARTCROP_ERROR_MODEL, subject + ": it answers " + answer_of(metadata.kind) +
                                         ", not " + answer_of(wanted) + "; give it as " +
                                         option_of(metadata.kind) + "= instead");
}

ModelMetadata parse_model_metadata(const std::map<std::string, std::string>& properties,
                                   const std::string& subject) {
  const auto text = [&](const char* key) { return property_text(properties, key); };
  const std::string kind = text("smartcrop.kind");
  const Property kind_property(subject, "smartcrop.kind");
  if (kind.empty()) {
    kind_property.fail(
        "is missing: an ONNX file has to describe itself (smartcrop.kind, "
        "smartcrop.input), see models.md in the manual");
  }
  ModelMetadata metadata;
  const std::optional<ModelKind> known = kind_named(kind);
  if (!known) {
    kind_property.fail("is " + quoted(kind) + ", which this version does not support (only " +
                       kind_names() + ")");
  }
  metadata.kind = *known;
  metadata.input = parse_input(text("smartcrop.input"), Property(subject, "smartcrop.input"));
  if (metadata.kind == ModelKind::kBoxes) {
    metadata.boxes = parse_boxes(text("smartcrop.boxes"), Property(subject, "smartcrop.boxes"));
  }
  if (metadata.kind == ModelKind::kTracker) {
    metadata.tracker = parse_tracker(text("smartcrop.tracker"), metadata.input,
                                     Property(subject, "smartcrop.tracker"));
  }
  metadata.output = text("smartcrop.output");
  metadata.state = parse_state(text("smartcrop.state"), Property(subject, "smartcrop.state"));
  metadata.licence = text("smartcrop.licence");
  metadata.trained_on = text("smartcrop.trained_on");
  metadata.version = text("smartcrop.version");
  return metadata;
}

}  // namespace smartcrop
