// SPDX-License-Identifier: MIT
// Every number of the path stage that was chosen on clips, as in stage4_crop/camera.h. Before each:
// what it is, in which unit; what a larger value does; over which range it was swept.
//
//   python -m tests.bench.sweep kLean 0 0.015 0.03 ../shared/data
//
// "People" is half of RetargetVid, where tests/bench/paths.py compares the path with windows that
// people chose.
#ifndef SMARTCROP_STAGE5_PATH_MOVEMENT_H_
#define SMARTCROP_STAGE5_PATH_MOVEMENT_H_

#include <cstddef>

#include "tuned.h"

namespace smartcrop::movement {

// ---- what motion costs, beside being 1 away from a target for a second --------------------------
// How calm the path is besides goes by the weights of the targets. Chosen on people: windows as
// near to what others chose as a person's, with fewer moves and reversals. The ranges are not
// recorded.

// Of speed, in seconds: a move and its way back have to be worth twice this. Larger: fewer moves.
SC_TUNED(double, kSpeedCost, 0.1);
// Of acceleration, in s^2. Larger: fewer changes of speed.
SC_TUNED(double, kAccelCost, 0.01);
// Of jerk, in s^3. Larger: softer beginnings and ends.
SC_TUNED(double, kJerkCost, 0.00015);
// Of being off the target inside the dead zone, a share of the cost outside. Larger: rests are
// nearer to the target. It is too little to move for, and enough to choose where to rest. Swept:
// 0.0025 to 0.01, over which IoU changes by 0.001 on the training clips.
SC_TUNED(double, kCentringCost, 0.005);

// ---- what a limit costs that cannot be kept -----------------------------------------------------
// In seconds of being a picture away from a target. Larger: nothing, as long as the first two
// outweigh the targets, and the third outweighs the first two.

SC_TUNED(double, kSpeedLimitCost, 1e2);
SC_TUNED(double, kAccelLimitCost, 3e3);
SC_TUNED(double, kPictureCost, 1e5);

// ---- targets to nodes ---------------------------------------------------------------------------
// A node's target is where a line through the points around it passes. What is kOther away, an
// outlier or the place before a move, has no say, so that noise goes and moves keep their time.

// The seconds to each side from which points are taken. Larger: less noise, moves begin earlier.
// Swept: 0.2 to 1.2, on people.
SC_TUNED(double, kAround_s, 0.6);
// How far from the line a point has no say, share of the picture. Larger: outliers have more say.
// Swept: 0.02 to 0.12, on people.
SC_TUNED(double, kOther, 0.05);
// How often the line is fitted again with new weights. Larger: outliers have less say, for more
// time. Not swept.
SC_TUNED(int, kRounds, 3);
// The points that a line needs. Larger: sparse targets are taken as they are. Not swept.
SC_TUNED(size_t, kFewestForLine, 5);
// The share of its size by which the window is wanted nearer to the middle of the picture: what
// people agree on lies less far out than what any one of them chose. Larger: nearer. Swept: 0.01 to
// 0.1, on people.
SC_TUNED(double, kLean, 0.015);

// ---- beyond what is known -----------------------------------------------------------------------

// The seconds of last targets of which the middle is expected to stay: about three samples, so that
// an outlier among them has no say. Larger: a new place is believed later. Not swept.
SC_TUNED(double, kRecent_s, 0.35);
// For how many seconds it is expected to stay beyond the plan. Larger: the path ends there more
// surely. Not swept.
SC_TUNED(double, kPersistence_s, 2);
// The plan goes on for this many times what a stop from the highest speed takes. Larger: more time
// for each plan. Not swept.
SC_TUNED(double, kTailStops, 3);
// But for so many seconds at least and at most. Larger: as kTailStops. Not swept.
SC_TUNED(double, kShortestTail_s, 1.5);
SC_TUNED(double, kLongestTail_s, 6);

// ---- time ---------------------------------------------------------------------------------------

// From knot to knot of the curve, in seconds. Larger: coarser, for less time. Not swept.
SC_TUNED(double, kStep_s, 0.08);
// The seconds that are planned at once, however long a shot is. Larger: more memory and time. Not
// swept.
SC_TUNED(double, kLongestPlan_s, 60);
// What is further away than so many seconds hardly bears on what is done now, so it need not be
// planned for at once. Larger: more plans. Not swept.
SC_TUNED(double, kSettled_s, 5);
// A pause between two frames of more seconds counts as this. Larger: the window may be further away
// after a gap. Not swept.
SC_TUNED(double, kLongestPause_s, 1);
// The seconds that a change of the window's size takes. Larger: slower. Not swept.
SC_TUNED(double, kResize_s, 0.8);

}  // namespace smartcrop::movement

#endif  // SMARTCROP_STAGE5_PATH_MOVEMENT_H_
