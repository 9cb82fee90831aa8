// SPDX-License-Identifier: MIT
// ONNX Runtime, opened at run time through its C interface. Only the files *_onnx.h and *_onnx.cc
// of this folder use it. It is neither bundled nor linked: the build needs its header alone, and
// without that header the library has no models.
#ifndef SMARTCROP_INFERENCE_RUNTIME_ONNX_H_
#define SMARTCROP_INFERENCE_RUNTIME_ONNX_H_

#if __has_include(<onnxruntime_c_api.h>)
#define SMARTCROP_HAS_ONNXRUNTIME 1
#include <onnxruntime_c_api.h>

#include <memory>
#include <string>
#include <vector>

namespace smartcrop {

// Low and fixed: every runtime from 1.16 on answers to it, and what is newer we do not need.
constexpr int kOrtApiVersion = 16;

template <typename T>
using OrtOwned = std::unique_ptr<T, void (*)(T*)>;

struct OrtRuntime {
  const OrtApi* api = nullptr;
  OrtEnv* env = nullptr;
  std::string version;
  std::string file;
  std::vector<std::string> providers;

  bool has_provider(const std::string& name) const;
  // Throws Error(ERROR_MODEL) with `doing` and the runtime's own words where status is an error;
  // frees it.
  void check(OrtStatus* status, const std::string& doing) const;
  // The object that make(T**) creates, owned.
  template <typename T, typename Make>
  OrtOwned<T> create(void (*release)(T*), const std::string& doing, const Make& make) const {
    T* object = nullptr;
    check(make(&object), doing);
    return OrtOwned<T>(object, release);
  }
  // The runtime's own words, on one line; empty where status is no error. Frees it.
  std::string message(OrtStatus* status) const;
};

// The runtime of this process, opened by the first call and never closed (its threads outlive us).
// Throws RuntimeMissing saying what was tried and what to install; the next call tries again.
// A change of SMARTCROP_ONNXRUNTIME opens the one that it names.
const OrtRuntime& ort_runtime();

}  // namespace smartcrop

#else
#define SMARTCROP_HAS_ONNXRUNTIME 0
#endif

#endif  // SMARTCROP_INFERENCE_RUNTIME_ONNX_H_
