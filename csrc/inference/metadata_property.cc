// SPDX-License-Identifier: MIT
#include "inference/metadata_property.h"

#include <cmath>

#include "error.h"

namespace smartcrop {

std::string property_text(const std::map<std::string, std::string>& properties,
                          const std::string& key) {
  const auto found = properties.find(key);
  return found == properties.end() ? std::string() : found->second;
}

std::string quoted(const std::string& text) {
  std::string line = text.substr(0, 60);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  }
  return "\"" + line + "\"" + (text.size() > 60 ? "..." : "");
}

void Property::fail(const std::string& problem) const {
  throw Error(SMARTCROP_ERROR_MODEL, subject_ + ": its metadata " + key_ + " " + problem);
}

Json Property::parse(const std::string& text) const {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) fail("is not JSON: " + quoted(text));
  return json;
}

Json Property::parse_object(const std::string& text, const std::set<std::string>& known) const {
  Json json = parse(text);
  if (!json.is_object()) fail("is not a JSON object");
  for (const auto& item : json.items()) {
    if (known.count(item.key()) == 0) fail("has an unknown name " + quoted(item.key()));
  }
  return json;
}

int Property::whole_number(const Json& json, const char* name, int minimum, int maximum) const {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_integer()) {
    fail(std::string("needs a whole number \"") + name + "\"");
  }
  const auto value = found->get<int64_t>();
  if (value < minimum || value > maximum) {
    fail(std::string("has \"") + name + "\" " + std::to_string(value) + ", which is not " +
         std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return static_cast<int>(value);
}

double Property::number(const Json& json, const char* name, double absent, double minimum,
                        double maximum) const {
  const auto found = json.find(name);
  if (found == json.end()) return absent;
  if (!found->is_number() || !(found->get<double>() >= minimum) ||
      !(found->get<double>() <= maximum)) {
    fail(std::string("has \"") + name + "\" " + quoted(found->dump()) + ", which is out of range");
  }
  return found->get<double>();
}

bool Property::truth(const Json& json, const char* name, bool absent) const {
  const Json value = json.value(name, Json(absent));
  if (!value.is_boolean()) fail(std::string("has a \"") + name + "\" that is not true or false");
  return value.get<bool>();
}

std::string Property::text(const Json& json, const char* name) const {
  const Json value = json.value(name, Json(""));
  if (!value.is_string()) fail(std::string("has a \"") + name + "\" that is not text");
  return value.get<std::string>();
}

std::vector<std::string> Property::texts(const Json& json, const char* name) const {
  const Json list = json.value(name, Json::array());
  std::vector<std::string> texts;
  for (const Json& value : list.is_array() ? list : Json::array({nullptr})) {
    if (!value.is_string()) fail(std::string("has a \"") + name + "\" that is no list of texts");
    texts.push_back(value.get<std::string>());
  }
  return texts;
}

std::vector<int> Property::whole_numbers(const Json& json, const char* name, int minimum,
                                         int maximum) const {
  const Json list = json.value(name, Json::array());
  std::vector<int> numbers;
  for (const Json& value : list.is_array() ? list : Json::array({nullptr})) {
    const bool whole = value.is_number_integer();
    if (!whole || value.get<int64_t>() < minimum || value.get<int64_t>() > maximum) {
      fail(std::string("has a \"") + name + "\" that is no list of whole numbers from " +
           std::to_string(minimum) + " to " + std::to_string(maximum));
    }
    numbers.push_back(value.get<int>());
  }
  return numbers;
}

void Property::three_numbers(const Json& json, const char* name,
                             std::array<double, 3>* values) const {
  const auto found = json.find(name);
  if (found == json.end()) return;
  bool fits = found->is_array() && found->size() == values->size();
  for (size_t i = 0; fits && i < values->size(); ++i) {
    const Json& number = (*found)[i];
    fits = number.is_number() && std::isfinite(number.get<double>());
    if (fits) (*values)[i] = number.get<double>();
  }
  if (!fits) fail(std::string("has a \"") + name + "\" that is not a list of three numbers");
}

size_t Property::choice(const Json& json, const char* name,
                        const std::vector<std::string>& words) const {
  const Json value = json.value(name, Json(words.front()));
  std::string list;
  for (size_t i = 0; i < words.size(); ++i) {
    if (value == words[i]) return i;
    list += (i == 0 ? "\"" : i + 1 == words.size() ? " nor \"" : ", \"") + words[i] + "\"";
  }
  fail(std::string("has \"") + name + "\" " + quoted(value.dump()) + ", which is neither " + list);
}

}  // namespace smartcrop
