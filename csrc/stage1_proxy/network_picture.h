// SPDX-License-Identifier: MIT
// A frame as the picture that a network wants.
#ifndef SMARTCROP_STAGE1_PROXY_NETWORK_PICTURE_H_
#define SMARTCROP_STAGE1_PROXY_NETWORK_PICTURE_H_

#include "inference/model.h"
#include "stage1_proxy/pictures.h"

namespace smartcrop {

// Where the picture lies in the network's input. It fills the input, or with ModelFit::kPad the
// largest part of it that has the stream's display shape, in the middle.
struct InputPlace {
  int x = 0;
  int y = 0;
  Size size;
};
InputPlace place_picture(const smartcrop_stream& stream, Size input, ModelFit fit);

class NetworkPicture {
 public:
  NetworkPicture(const smartcrop_stream& stream, const PictureModel& model);

  // The network's input, valid until the next frame.
  const Proxy& make(Pictures* pictures);
  bool is_padded() const { return padded_; }
  // Where the picture lies in the input, in shares of it.
  Box place() const;

 private:
  InputPlace placement_;
  bool padded_;
  Proxy input_;  // the padding, and room for the picture in it
};

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE1_PROXY_NETWORK_PICTURE_H_
