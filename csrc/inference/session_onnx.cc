// SPDX-License-Identifier: MIT
#include "inference/session_onnx.h"

#if SMARTCROP_HAS_ONNXRUNTIME

#include "error.h"

namespace smartcrop {
namespace {

std::string type_name(ONNXTensorElementDataType type) {
  switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
      return "float32";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16:
      return "float16";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16:
      return "bfloat16";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE:
      return "float64";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
      return "uint8";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8:
      return "int8";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32:
      return "int32";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64:
      return "int64";
    default:
      return "of element type " + std::to_string(static_cast<int>(type));
  }
}

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> result;
  for (const std::string& text : texts) result.push_back(text.c_str());
  return result;
}

// The same picture has to give the same answer. So operators run one after the other, on a fixed
// number of threads. Threads sleep while they wait, since the decoder and the encoder of the host
// need the processor.
void configure(const OrtRuntime& runtime, OrtSessionOptions* options, int threads) {
  const OrtApi* api = runtime.api;
  const std::string doing = "ONNX Runtime refuses an option";
  runtime.check(api->SetIntraOpNumThreads(options, threads), doing);
  runtime.check(api->SetInterOpNumThreads(options, 1), doing);
  runtime.check(api->SetSessionExecutionMode(options, ORT_SEQUENTIAL), doing);
  runtime.check(api->SetSessionGraphOptimizationLevel(options, ORT_ENABLE_ALL), doing);
  runtime.check(api->SetSessionLogSeverityLevel(options, ORT_LOGGING_LEVEL_FATAL), doing);
  for (const char* key : {"session.intra_op.allow_spinning", "session.inter_op.allow_spinning"}) {
    runtime.check(api->AddSessionConfigEntry(options, key, "0"), doing);
  }
}

}  // namespace

OnnxSession::OnnxSession(const OrtRuntime& runtime, const ModelSource& source, Device device,
                         int threads)
    : runtime_(runtime),
      subject_(source.subject),
      memory_(nullptr, runtime.api->ReleaseMemoryInfo),
      session_(nullptr, runtime.api->ReleaseSession) {
  const OrtApi* api = runtime.api;
  runtime.check(api->GetAllocatorWithDefaultOptions(&allocator_), "ONNX Runtime has no memory");
  memory_ = runtime.create<OrtMemoryInfo>(
      api->ReleaseMemoryInfo, "ONNX Runtime has no memory", [&](OrtMemoryInfo** out) {
        return api->CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, out);
      });
  const auto options = runtime.create<OrtSessionOptions>(
      api->ReleaseSessionOptions, "ONNX Runtime has no options",
      [&](OrtSessionOptions** out) { return api->CreateSessionOptions(out); });
  configure(runtime, options.get(), threads);
  if (device == Device::kCuda) choose_cuda(options.get());
  session_ = runtime.create<OrtSession>(
      api->ReleaseSession, source.subject + " cannot be opened as an ONNX file",
      [&](OrtSession** out) {
        return source.bytes == nullptr
                   ? api->CreateSession(runtime_.env, source.path.c_str(), options.get(), out)
                   : api->CreateSessionFromArray(runtime_.env, source.bytes, source.size,
                                                 options.get(), out);
      });
}

void OnnxSession::choose_cuda(OrtSessionOptions* options) const {
  const OrtApi* api = runtime_.api;
  const std::string doing = "ONNX Runtime cannot use CUDA";
  const auto cuda = runtime_.create<OrtCUDAProviderOptionsV2>(
      api->ReleaseCUDAProviderOptions, doing,
      [&](OrtCUDAProviderOptionsV2** out) { return api->CreateCUDAProviderOptions(out); });
  // By default it times the ways to do a convolution and takes the fastest of the moment, so that
  // two runs differ.
  const char* keys[] = {"cudnn_conv_algo_search"};
  const char* values[] = {"HEURISTIC"};
  runtime_.check(api->UpdateCUDAProviderOptions(cuda.get(), keys, values, 1), doing);
  // By default it rounds what it multiplies to 10 bits (TF32), which moved windows by up to 46
  // pixels. Old runtimes do not know the key.
  const char* precise_keys[] = {"use_tf32"};
  const char* precise_values[] = {"0"};
  api->ReleaseStatus(api->UpdateCUDAProviderOptions(cuda.get(), precise_keys, precise_values, 1));
  runtime_.check(api->SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda.get()), doing);
}

std::string OnnxSession::take_text(char* text) const {
  if (text == nullptr) return std::string();
  const std::string copy = text;
  runtime_.check(runtime_.api->AllocatorFree(allocator_, text), "ONNX Runtime has no memory");
  return copy;
}

TensorInfo OnnxSession::describe(const OrtTypeInfo* type, const std::string& name) const {
  const OrtApi* api = runtime_.api;
  const std::string doing = subject_ + ": tensor \"" + name + "\" cannot be read";
  const OrtTensorTypeAndShapeInfo* tensor = nullptr;
  runtime_.check(api->CastTypeInfoToTensorInfo(type, &tensor), doing);
  if (tensor == nullptr) return {name, "no tensor", {}};
  ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  runtime_.check(api->GetTensorElementType(tensor, &element), doing);
  size_t rank = 0;
  runtime_.check(api->GetDimensionsCount(tensor, &rank), doing);
  TensorInfo info{name, type_name(element), TensorShape(rank)};
  runtime_.check(api->GetDimensions(tensor, info.shape.data(), rank), doing);
  return info;
}

ModelSignature OnnxSession::signature() const {
  const OrtApi* api = runtime_.api;
  const std::string doing = subject_ + ": its inputs and outputs cannot be read";
  ModelSignature signature;
  for (const bool input : {true, false}) {
    size_t count = 0;
    runtime_.check(
        (input ? api->SessionGetInputCount : api->SessionGetOutputCount)(session_.get(), &count),
        doing);
    for (size_t i = 0; i < count; ++i) {
      char* name = nullptr;
      runtime_.check((input ? api->SessionGetInputName : api->SessionGetOutputName)(
                         session_.get(), i, allocator_, &name),
                     doing);
      const std::string text = take_text(name);
      const auto type =
          runtime_.create<OrtTypeInfo>(api->ReleaseTypeInfo, doing, [&](OrtTypeInfo** out) {
            return (input ? api->SessionGetInputTypeInfo : api->SessionGetOutputTypeInfo)(
                session_.get(), i, out);
          });
      (input ? signature.inputs : signature.outputs).push_back(describe(type.get(), text));
    }
  }
  return signature;
}

std::map<std::string, std::string> OnnxSession::properties() const {
  const OrtApi* api = runtime_.api;
  const std::string doing = subject_ + ": its metadata cannot be read";
  const auto metadata = runtime_.create<OrtModelMetadata>(
      api->ReleaseModelMetadata, doing,
      [&](OrtModelMetadata** out) { return api->SessionGetModelMetadata(session_.get(), out); });
  std::map<std::string, std::string> properties;
  char** keys = nullptr;
  int64_t count = 0;
  runtime_.check(
      api->ModelMetadataGetCustomMetadataMapKeys(metadata.get(), allocator_, &keys, &count), doing);
  for (int64_t i = 0; i < count; ++i) {
    const std::string key = take_text(keys[i]);
    char* value = nullptr;
    runtime_.check(
        api->ModelMetadataLookupCustomMetadataMap(metadata.get(), allocator_, key.c_str(), &value),
        doing);
    properties[key] = take_text(value);
  }
  if (keys != nullptr) runtime_.check(api->AllocatorFree(allocator_, keys), doing);
  return properties;
}

OnnxSession::Value OnnxSession::tensor(float* values, size_t count,
                                       const TensorShape& shape) const {
  return runtime_.create<OrtValue>(runtime_.api->ReleaseValue, "ONNX Runtime cannot make a tensor",
                                   [&](OrtValue** out) {
                                     return runtime_.api->CreateTensorWithDataAsOrtValue(
                                         memory_.get(), values, count * sizeof(float), shape.data(),
                                         shape.size(), ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, out);
                                   });
}

std::vector<OnnxSession::Value> OnnxSession::run(const std::vector<std::string>& input_names,
                                                 const std::vector<const OrtValue*>& inputs,
                                                 const std::vector<std::string>& output_names) {
  std::vector<OrtValue*> raw(output_names.size(), nullptr);
  OrtStatus* status =
      runtime_.api->Run(session_.get(), nullptr, pointers(input_names).data(), inputs.data(),
                        inputs.size(), pointers(output_names).data(), raw.size(), raw.data());
  std::vector<Value> outputs;
  for (OrtValue* value : raw) outputs.emplace_back(value, runtime_.api->ReleaseValue);
  runtime_.check(status, subject_ + ": inference failed");
  return outputs;
}

OnnxSession::Contents OnnxSession::contents(OrtValue* value) const {
  const OrtApi* api = runtime_.api;
  const std::string doing = subject_ + ": an output cannot be read";
  const auto info = runtime_.create<OrtTensorTypeAndShapeInfo>(
      api->ReleaseTensorTypeAndShapeInfo, doing,
      [&](OrtTensorTypeAndShapeInfo** out) { return api->GetTensorTypeAndShape(value, out); });
  size_t rank = 0;
  runtime_.check(api->GetDimensionsCount(info.get(), &rank), doing);
  Contents contents{nullptr, TensorShape(rank)};
  runtime_.check(api->GetDimensions(info.get(), contents.shape.data(), rank), doing);
  void* data = nullptr;
  runtime_.check(api->GetTensorMutableData(value, &data), doing);
  contents.values = static_cast<const float*>(data);
  return contents;
}

}  // namespace smartcrop

#endif  // SMARTCROP_HAS_ONNXRUNTIME
