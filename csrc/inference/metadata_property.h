// SPDX-License-Identifier: MIT
// Reading one JSON value of a model's metadata, with the words to complain about it.
#ifndef SMARTCROP_INFERENCE_METADATA_PROPERTY_H_
#define SMARTCROP_INFERENCE_METADATA_PROPERTY_H_

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace smartcrop {

using Json = nlohmann::json;

// The properties' text for a key; empty where it is missing.
std::string property_text(const std::map<std::string, std::string>& properties,
                          const std::string& key);

// The start of a text from a file, quoted and fit for one line of a message.
std::string quoted(const std::string& text);

// The value of one key. Everything throws Error(ERROR_MODEL) that names the model, the key and what
// is wrong with the value.
class Property {
 public:
  Property(const std::string& subject, const std::string& key) : subject_(subject), key_(key) {}

  [[noreturn]] void fail(const std::string& problem) const;
  Json parse(const std::string& text) const;
  // An object that has no other names than these, so that a slip does not pass for a default.
  Json parse_object(const std::string& text, const std::set<std::string>& known) const;

  // Members of an object; the value `absent` where there is none.
  int whole_number(const Json& json, const char* name, int minimum, int maximum) const;  // needed
  double number(const Json& json, const char* name, double absent, double minimum,
                double maximum) const;
  bool truth(const Json& json, const char* name, bool absent) const;
  std::string text(const Json& json, const char* name) const;  // "" where absent
  std::vector<std::string> texts(const Json& json, const char* name) const;
  std::vector<int> whole_numbers(const Json& json, const char* name, int minimum,
                                 int maximum) const;
  void three_numbers(const Json& json, const char* name, std::array<double, 3>* values) const;
  // The number of one of these words; 0 where the name is absent.
  size_t choice(const Json& json, const char* name, const std::vector<std::string>& words) const;

 private:
  std::string subject_;
  std::string key_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_INFERENCE_METADATA_PROPERTY_H_
