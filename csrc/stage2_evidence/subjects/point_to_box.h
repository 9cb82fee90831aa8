// SPDX-License-Identifier: MIT
// What a person means who points at a picture.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_POINT_TO_BOX_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_POINT_TO_BOX_H_

#include <functional>
#include <vector>

#include "stage1_proxy/pictures.h"
#include "types.h"

namespace smartcrop {

struct Point {
  double x = 0, y = 0;  // shares of the picture
};

// The smallest of the subjects that hold the point, if any does.
const Subject* smallest_around(const std::vector<Subject>& subjects, Point point);

// The region around the point that stands out most from what surrounds it, by colour: the boxes
// around the point are compared by how different their histogram is from that of their surroundings
// (Liu et al., "Learning to detect a salient object", CVPR 2007).
Box contrasting_box(const Proxy& yuv, Point point);

// Where the next looks go: windows around the point of .6, .3 and .15 of the picture's height, of
// this shape (width by height, in pixels), inside the picture. The last one finds what is as small
// as a hundredth of the picture.
std::vector<Window> closer_looks(Point point, Size picture, double shape);

// A window of this shape in which the box is as large as a detector sees best.
Window room_around(const Box& box, Size picture, double shape);

}  // namespace smartcrop

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_POINT_TO_BOX_H_
