// SPDX-License-Identifier: MIT
#include "stage2_evidence/model_metadata.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "error.h"

namespace smartcrop {
namespace {

using Json = nlohmann::json;

constexpr int kSmallestSide = 8;
constexpr int kLargestSide = 4096;

// The start of a text from the file, fit for one line of a message.
std::string shown(const std::string& text) {
  std::string line = text.substr(0, 60);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  }
  return "\"" + line + "\"" + (text.size() > 60 ? "..." : "");
}

// The value of one key, with the words to complain about it.
class Property {
 public:
  Property(const std::string& subject, const std::string& key) : subject_(subject), key_(key) {}

  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(SMARTCROP_ERROR_MODEL, subject_ + ": its metadata " + key_ + " " + problem);
  }

  Json parse(const std::string& text) const {
    Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) fail("is not JSON: " + shown(text));
    return json;
  }

 private:
  const std::string& subject_;
  std::string key_;
};

std::string text_of(const std::map<std::string, std::string>& properties, const std::string& key) {
  const auto found = properties.find(key);
  return found == properties.end() ? std::string() : found->second;
}

int side(const Json& json, const char* name, const Property& property) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_integer()) {
    property.fail(std::string("needs a whole number \"") + name + "\"");
  }
  const auto value = found->get<int64_t>();
  if (value < kSmallestSide || value > kLargestSide) {
    property.fail(std::string("has \"") + name + "\" " + std::to_string(value) + ", which is not " +
                  std::to_string(kSmallestSide) + " to " + std::to_string(kLargestSide));
  }
  return static_cast<int>(value);
}

// One of two words; the first where the name is absent.
bool is_second(const Json& json, const char* name, const char* first, const char* second,
               const Property& property) {
  const Json value = json.value(name, Json(first));
  if (value == first) return false;
  if (value == second) return true;
  property.fail(std::string("has \"") + name + "\" " + shown(value.dump()) +
                ", which is neither \"" + first + "\" nor \"" + second + "\"");
}

void three_numbers(const Json& json, const char* name, const Property& property,
                   std::array<double, 3>* values) {
  const auto found = json.find(name);
  if (found == json.end()) return;
  if (!found->is_array() || found->size() != values->size()) {
    property.fail(std::string("has a \"") + name + "\" that is not a list of three numbers");
  }
  for (size_t i = 0; i < values->size(); ++i) {
    const Json& number = (*found)[i];
    if (!number.is_number() || !std::isfinite(number.get<double>())) {
      property.fail(std::string("has a \"") + name + "\" that is not a list of three numbers");
    }
    (*values)[i] = number.get<double>();
  }
}

double number(const Json& json, const char* name, double absent, double minimum, double maximum,
              const Property& property) {
  const auto found = json.find(name);
  if (found == json.end()) return absent;
  if (!found->is_number() || !(found->get<double>() >= minimum) ||
      !(found->get<double>() <= maximum)) {
    property.fail(std::string("has \"") + name + "\" " + shown(found->dump()) +
                  ", which is out of range");
  }
  return found->get<double>();
}

ModelInput parse_input(const std::string& text, const Property& property) {
  if (text.empty()) {
    property.fail(
        "is missing; it has to say the size and order of the picture, such as "
        "{\"width\":320,\"height\":240,\"order\":\"RGB\"} (see MODELS.md)");
  }
  const Json json = property.parse(text);
  if (!json.is_object()) property.fail("is not a JSON object");
  static const std::set<std::string> known{"name", "width", "height", "order",    "mean",
                                           "std",  "range", "fit",    "pad_value"};
  for (const auto& item : json.items()) {
    if (known.count(item.key()) == 0) property.fail("has an unknown name " + shown(item.key()));
  }
  ModelInput input;
  const Json name = json.value("name", Json(""));
  if (!name.is_string()) property.fail("has a \"name\" that is not text");
  input.name = name.get<std::string>();
  input.size = {side(json, "width", property), side(json, "height", property)};
  input.bgr = is_second(json, "order", "RGB", "BGR", property);
  input.range = number(json, "range", 255, 1e-3, 65535, property);
  three_numbers(json, "mean", property, &input.mean);
  three_numbers(json, "std", property, &input.std);
  for (const double value : input.std) {
    if (!(value > 0)) property.fail("has a \"std\" that is not above 0");
  }
  input.fit =
      is_second(json, "fit", "stretch", "pad", property) ? ModelFit::kPad : ModelFit::kStretch;
  input.pad_value = static_cast<uint8_t>(number(json, "pad_value", 0, 0, 255, property));
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
      property.fail("names a tensor of " + shown(pair.dump()) + " twice");
    }
  }
  return state;
}

}  // namespace

ModelMetadata parse_model_metadata(const std::map<std::string, std::string>& properties,
                                   const std::string& subject) {
  const std::string kind = text_of(properties, "smartcrop.kind");
  const Property kind_property(subject, "smartcrop.kind");
  if (kind.empty()) {
    kind_property.fail(
        "is missing: an ONNX file has to describe itself (smartcrop.kind, "
        "smartcrop.input), see MODELS.md");
  }
  if (kind != "heatmap") {
    kind_property.fail("is " + shown(kind) +
                       ", which this version does not support (only \"heatmap\")");
  }
  ModelMetadata metadata;
  metadata.input =
      parse_input(text_of(properties, "smartcrop.input"), Property(subject, "smartcrop.input"));
  metadata.output = text_of(properties, "smartcrop.output");
  metadata.state =
      parse_state(text_of(properties, "smartcrop.state"), Property(subject, "smartcrop.state"));
  metadata.licence = text_of(properties, "smartcrop.licence");
  metadata.trained_on = text_of(properties, "smartcrop.trained_on");
  metadata.version = text_of(properties, "smartcrop.version");
  return metadata;
}

}  // namespace smartcrop
