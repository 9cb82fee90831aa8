// SPDX-License-Identifier: MIT
// The numbers by which boxes are followed, once. A size is the root of a box's area.
//
// They were chosen on the 28 clips of subjects_train.txt, with what YOLOX-nano finds there at 4 and
// 6 looks a second, and with shaken true boxes of which some are missing or weak: the mean share of
// frames in which a subject has its most frequent id (tests/bench/targets.py). It is 0.62 with
// these; the greedy tracker that was here before had 0.54. Within the ranges no more than 0.02 is
// lost, but where a range says more.
#ifndef SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_FOLLOWING_H_
#define SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_FOLLOWING_H_

#include "tuned.h"

namespace smartcrop::following {

// ---- the filter

// Deviation of the centre of a detection, in sizes. Larger: steadier boxes that come late. Range
// 0.03 to 0.12.
SC_TUNED(double, kFoundNoise, 0.05);
// The same of its sides. Range 0.05 to 0.16; the steadiest that loses nothing.
SC_TUNED(double, kFoundSideNoise, 0.12);
// Deviation of what a second adds to the speed of the centre, in sizes a second. Larger: boxes turn
// faster, jitter more, and are expected in wrong places. Range 0.7 to 6; 3 loses 0.04, 6 loses
// 0.07.
SC_TUNED(double, kPush, 1.0);
// The same of a side. Range 0.1 to 0.6.
SC_TUNED(double, kSidePush, 0.15);
// Deviation of these speeds for a box that was found once, in sizes a second. Range 1 to 4.
SC_TUNED(double, kStartSpeed, 2.0);
SC_TUNED(double, kSideStartSpeed, 0.2);
// How long a box that is not found is moved on, in seconds: past it, it is likelier to have
// stopped. Range 0.2 to 1.
SC_TUNED(double, kMovesOn_s, 0.3);
// Least trust in the camera's motion for boxes to be moved with it. Range 0 to 0.8; without the
// camera 0.07 is lost, with 0.7 most of that.
SC_TUNED(double, kCameraTrust, 0.3);
// Share of a new error, where the filter that the camera moves is compared with the one that it
// does not move. Range 0.3 to 0.8.
SC_TUNED(double, kErrorShare, 0.5);
// Share of a new score in the one that is told; it decides no id.
SC_TUNED(double, kScoreShare, 0.4);

// ---- which box is whose

// Least overlap (intersection over union) of where a track is expected with a strong box. Lower:
// fast subjects keep their ids, and neighbours get mixed up. Range 0.1 to 0.3; 0.3 loses 0.03.
SC_TUNED(double, kStrongOverlap, 0.2);
// The same with a weak box. Range 0.2 to 0.5.
SC_TUNED(double, kWeakOverlap, 0.3);
// How far a box may be from where its track is expected, in sizes for each second since it was
// seen, and in sizes at most; and how much larger it may be. For what is small and fast, and was
// seen at the last look: among many people, a box near one who left is most often another. Range
// 0.5 to 2 sizes; 0.5 loses 0.03.
SC_TUNED(double, kNearSpeed, 8.0);
SC_TUNED(double, kNear, 2.0);
SC_TUNED(double, kLargestGrowth, 2.0);
// How long a track that is not found is kept for its id, in seconds. Longer: more occlusions are
// survived, and more strangers get the id of one who left. Range 0.75 to 3; 3 gains nothing.
SC_TUNED(double, kBuffer_s, 2.0);

// ---- a subject that comes back (recognition.h, gallery.h)
//
// Chosen on tracks that the built-in detector has in 28 clips of tracks_train.txt, cut in two with
// two seconds between: 68 times a face was back, .85 of them had their id and none a wrong one; of
// 188 bodies .46 and .03. Where the own views were taken out, .03 and .07 had a wrong one, most of
// them cars, and one woman under two ids. Of people who talk .9 had their id and none a wrong one.
// Likeness .91 gives .87 of the faces theirs, and .10 a wrong one; .93 gives .51 of the bodies
// theirs, and .12 a wrong one.

// Least likeness (appearance.h) for a subject that is back to have its old id: of bodies, and of
// faces. Lower: more come back, and more strangers are taken for them.
SC_TUNED(double, kSameLook, 0.95);
SC_TUNED(double, kSameFace, 0.93);
// How much likeness it is worth to be where that subject was last, in the same shot, times the
// overlap.
SC_TUNED(double, kSamePlace, 0.05);
// By how much it has to be more alike than the next best one.
SC_TUNED(double, kClearLook, 0.05);
// A view is not new that is so much like one that is kept; and how many are kept of a subject.
SC_TUNED(double, kSameView, 0.97);
SC_TUNED(int, kMostViews, 6);
// How many subjects are remembered.
SC_TUNED(int, kMostKnown, 64);
// Looks at which a subject that is new is compared; and until which it may be known by its face.
SC_TUNED(int, kRecallLooks, 4);
SC_TUNED(int, kKnowLooks, 8);
// How long until what it looks like is learned again, in seconds.
SC_TUNED(double, kLearn_s, 1.0);
// Longer side of a box, as a share of the picture, from which its colours say who it is; and
// overlap with another one of its kind from which they do not.
SC_TUNED(double, kLeastShown, 0.08);
SC_TUNED(double, kMostCovered, 0.3);

// ---- a subject that a network finds again (object_follower.h)

// Share of a new worth in that of who may lead; and by how much another has to be worth more.
// Larger: leaders change sooner; later.
SC_TUNED(double, kLeaderShare, 0.15);
SC_TUNED(double, kLeaderChange, 1.5);
// Score from which the subject is seen; from which it is again, once it was lost; and from which
// what another shot shows is the same.
SC_TUNED(double, kSeenScore, 0.15);
SC_TUNED(double, kFoundScore, 0.65);
SC_TUNED(double, kSameScore, 0.7);
// By how much the detector's place has to look more like the subject than the tracker's, for the
// detector to be right. Larger: the tracker is believed more.
SC_TUNED(double, kMoreAlike, 0.15);
// Score from which it is at the place where it was, after a cut: what was no cut shows it there.
SC_TUNED(double, kStillThere, 0.7);
// How much wider the search is for a subject that was lost: the two in turn.
SC_TUNED(double, kLostWider, 1.5);
SC_TUNED(double, kLostWidest, 2.0);

}  // namespace smartcrop::following

#endif  // SMARTCROP_STAGE2_EVIDENCE_SUBJECTS_FOLLOWING_H_
