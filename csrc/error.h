// SPDX-License-Identifier: MIT
// The one way in which the core fails: an exception with a status and a sentence for the user.
// capi/ turns it into a return value; nothing else catches it for good.
#ifndef SMARTCROP_ERROR_H_
#define SMARTCROP_ERROR_H_

#include <stdexcept>
#include <string>

#include "smartcrop/smartcrop.h"

namespace smartcrop {

class Error : public std::runtime_error {
 public:
  Error(smartcrop_status status, const std::string& sentence)
      : std::runtime_error(sentence), status_(status) {}
  smartcrop_status status() const { return status_; }

 private:
  smartcrop_status status_;
};

}  // namespace smartcrop

#endif  // SMARTCROP_ERROR_H_
