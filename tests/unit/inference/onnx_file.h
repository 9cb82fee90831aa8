// SPDX-License-Identifier: MIT
// Writes small ONNX files for the tests, so that they need neither Python nor files in the tree.
// An ONNX file is one protobuf message; only the fields used here are known (onnx.proto).
#ifndef SMARTCROP_TESTS_UNIT_INFERENCE_ONNX_FILE_H_
#define SMARTCROP_TESTS_UNIT_INFERENCE_ONNX_FILE_H_

#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace smartcrop {

// A protobuf message that grows field by field.
class Message {
 public:
  Message& number(unsigned field, uint64_t value) {
    varint(field << 3);
    varint(value);
    return *this;
  }
  Message& text(unsigned field, const std::string& bytes) {
    varint((field << 3) | 2);
    varint(bytes.size());
    bytes_ += bytes;
    return *this;
  }
  Message& message(unsigned field, const Message& inner) { return text(field, inner.bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  std::string bytes_;
};

using Dimensions = std::vector<int64_t>;  // below 0: open
constexpr uint64_t kFloat32 = 1;
constexpr uint64_t kFloat16 = 10;

class OnnxFile {
 public:
  using Names = std::vector<std::string>;

  OnnxFile& input(const std::string& name, const Dimensions& shape, uint64_t type = kFloat32) {
    graph_.message(11, value_info(name, shape, type));
    return *this;
  }
  OnnxFile& output(const std::string& name, const Dimensions& shape, uint64_t type = kFloat32) {
    graph_.message(12, value_info(name, shape, type));
    return *this;
  }
  OnnxFile& constant(const std::string& name, const Dimensions& shape,
                     const std::vector<float>& values) {
    Message tensor;
    for (const int64_t size : shape) tensor.number(1, static_cast<uint64_t>(size));
    std::string raw(values.size() * sizeof(float), '\0');
    if (!raw.empty()) std::memcpy(&raw[0], values.data(), raw.size());
    graph_.message(5, tensor.number(2, kFloat32).text(8, name).text(9, raw));
    return *this;
  }
  // attributes: lists of whole numbers.
  OnnxFile& node(const std::string& operation, const Names& inputs, const std::string& output,
                 const std::map<std::string, Dimensions>& attributes = {}) {
    Message node;
    for (const std::string& name : inputs) node.text(1, name);
    node.text(2, output).text(4, operation);
    for (const auto& [name, values] : attributes) {
      Message attribute;
      attribute.text(1, name).number(20, 7);
      for (const int64_t value : values) attribute.number(8, static_cast<uint64_t>(value));
      node.message(5, attribute);
    }
    graph_.message(1, node);
    return *this;
  }
  // A Cast, whose attribute is one number.
  OnnxFile& cast(const std::string& from, const std::string& to, uint64_t type) {
    Message attribute;
    attribute.text(1, "to").number(20, 2).number(3, type);
    Message node;
    node.text(1, from).text(2, to).text(4, "Cast").message(5, attribute);
    graph_.message(1, node);
    return *this;
  }
  OnnxFile& property(const std::string& key, const std::string& value) {
    properties_ += property_bytes(key, value);
    return *this;
  }

  // A property in the form in which it can also be appended to any ONNX file.
  static std::string property_bytes(const std::string& key, const std::string& value) {
    return Message().message(14, Message().text(1, key).text(2, value)).bytes();
  }

  std::string bytes() const {
    Message model, operators, graph;
    operators.text(1, "").number(2, 13);
    model.number(1, 7).message(8, operators);
    return model.text(7, graph_.bytes() + graph.text(2, "test").bytes()).bytes() + properties_;
  }

 private:
  static Message value_info(const std::string& name, const Dimensions& shape, uint64_t type) {
    Message dimensions;
    for (size_t i = 0; i < shape.size(); ++i) {
      Message dimension;
      if (shape[i] < 0) {
        dimension.text(2, name + std::to_string(i));
      } else {
        dimension.number(1, static_cast<uint64_t>(shape[i]));
      }
      dimensions.message(1, dimension);
    }
    Message tensor, type_message;
    tensor.number(1, type).message(2, dimensions);
    type_message.message(1, tensor);
    return Message().text(1, name).message(2, type_message);
  }

  Message graph_;
  std::string properties_;
};

inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace smartcrop

#endif  // SMARTCROP_TESTS_UNIT_INFERENCE_ONNX_FILE_H_
