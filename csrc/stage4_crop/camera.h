// SPDX-License-Identifier: MIT
// Every number of the crop stage that was chosen on clips. Before each: what it is, in which unit;
// what a larger value does; over which range it was swept. This sweeps one:
//
//   python -m tests.bench.sweep kMovePrice 0.02 0.05 0.1 ../shared/data
//
// What people may choose is an option, with its default in smartcrop/options.def. What is
// mathematics, or keeps rounding out, stands where it is used.
//
// "Coverage" is the share of the saliency map that a window shows. "The four maps" are those of two
// networks, of an older one and of none, on all labelled clips.
#ifndef SMARTCROP_STAGE4_CROP_CAMERA_H_
#define SMARTCROP_STAGE4_CROP_CAMERA_H_

#include "tuned.h"

namespace smartcrop::camera {

// ---- what a map says ----------------------------------------------------------------------------

// The power that a map is raised to, times the window's share of the picture. Larger: the window
// goes by peaks, and large subjects in wide windows lose their middle. Swept: powers 1 to 6, on the
// four maps at 1:3 to 3:1.
SC_TUNED(double, kPeaks, 1.15);
// The least of these powers. Larger: wide windows go by peaks. Swept: as kPeaks.
SC_TUNED(double, kLeastPower, 2);
// The largest. Larger: narrow windows go by peaks. Swept: as kPeaks.
SC_TUNED(double, kMostPower, 6);
// The exponent of the shot's mean map, in its product with the map. Larger: the window stays with
// what was salient until now. Swept: 0.15 to 0.4, on the four maps.
SC_TUNED(float, kInertia, 0.3F);
// Time constant of that mean, and of whether the shot is clear, in seconds. Larger: both remember
// longer. Swept: 3 to 40, as kInertia.
SC_TUNED(double, kShotMemory_s, 40);

// ---- the room that a box gets -------------------------------------------------------------------
// Shares of the box's own sides: a face stands for a head, and a head wants room above.

// Above a face. Larger: faces stand lower in the window. Not swept.
SC_TUNED(double, kFaceAbove, 0.6);
// To each side of a face. Larger: it is kept further from the window's edge. Not swept.
SC_TUNED(double, kFaceBeside, 0.2);
// Below a face. Larger: faces stand higher. Not swept.
SC_TUNED(double, kFaceBelow, 0.3);
// Above any other subject. Larger: it stands lower. Not swept.
SC_TUNED(double, kSubjectAbove, 0.08);

// ---- whether a shot's maps say what to follow ---------------------------------------------------
// Chosen on the four maps; five of the clips alone say where viewers looked.

// The power that maps are raised to for this. Larger: more shots are clear. Swept: as kPeaks.
SC_TUNED(float, kClarityPower, 2.5F);
// The share missed at which the map counts half. Larger: more shots are clear. Swept: 0.035 to
// 0.06.
SC_TUNED(double, kDoubtful, 0.043);
// How fast it falls beyond. Larger: faster. Swept: 4 to 8.
SC_TUNED(double, kDoubtPower, 8);
// What the map of an unclear shot counts: it leads the centre prior even so. Larger: the window
// follows such a map. Not swept.
SC_TUNED(double, kLeastClarity, 0.05);
// The pan at which half of what is missed counts, in picture widths a second. Larger: the window
// rests also where the camera pans. Swept: 0.01 to infinity.
SC_TUNED(double, kStillPan, 0.015);
// ---- how large the window is --------------------------------------------------------------------

// A change of the source's borders that is none, share of the picture. Larger: the window ignores
// larger ones. Not swept.
SC_TUNED(double, kSameBorders, 0.01);
// Room to each side of what is fitted, share of the picture. Larger: fitted windows are wider. Not
// swept.
SC_TUNED(double, kMargin, 0.02);
// Text of this share of the picture is what a shot is about. Larger: fewer shots are fitted. Not
// swept.
SC_TUNED(double, kTextArea, 0.06);
// The share of a text's width that has to be seen. Larger: more shots are fitted. Not swept.
SC_TUNED(double, kLegible, 0.95);
// The share of the time in view for which text has to be there. Larger: fewer shots are fitted. Not
// swept.
SC_TUNED(double, kOftenEnough, 0.25);
// What a zoomed window holds of the map. Larger: it zooms less. Not swept; 0.6 cut a head off.
SC_TUNED(double, kZoomHolds, 0.75);
// The window's side over the stretch that holds it. Larger: it zooms less. Not swept.
SC_TUNED(double, kZoomRoom, 1.8);
// The window's side over that of the boxes, where there are boxes. Larger: it zooms less. Not
// swept.
SC_TUNED(double, kSubjectRoom, 2.2);
// The confidence below which no map is zoomed by, 0 to 1. Larger: it zooms less. Not swept.
SC_TUNED(double, kZoomTrusts, 0.15);
// The share of samples whose subject a zoom may be too close for. Larger: it zooms more. Not swept.
SC_TUNED(double, kZoomMisses, 0.1);

// ---- the places to choose between ---------------------------------------------------------------

// How many there are at most. Larger: finer places of narrow windows, for more time. Not swept.
SC_TUNED(int, kMostCandidates, 97);
// How far they are apart at least, share of the picture. Larger: fewer places, for less time. Not
// swept.
SC_TUNED(double, kFinestSpacing, 1.0 / 128);
// What the middle of the picture gains over its ends where no map is to be trusted, at
// center_bias=1; full coverage gains 1. Larger: weak evidence is left for the middle. Not swept.
SC_TUNED(float, kCentrePrior, 0.2F);
// The price of what may not be: in coverage, for each picture by which a required box is outside,
// and for a switch too early. Larger: nothing, as long as it outweighs all gains.
SC_TUNED(float, kForbidden, 100.0F);

// ---- what a move has to earn --------------------------------------------------------------------

// The price of starting to move, in seconds of full coverage. Larger: fewer moves.
// Swept: 0.005 to 0.5.
SC_TUNED(float, kMovePrice, 0.05F);
// The price of moving by the whole picture, in the same. Larger: shorter moves. Not swept.
SC_TUNED(float, kDistancePrice, 1.0F);
// A camera that pans goes with the subject itself, and then two moves are one too many: what a
// window gains is divided by 1 + this * pan, in picture widths a second. Larger: calmer in pans.
// Swept: 0 to 20.
SC_TUNED(float, kPanCalm, 2.0F);
// Both prices are multiplied by this at strategy=follow. Larger: fewer, shorter moves. Not swept.
SC_TUNED(float, kFollowDiscount, 0.3F);
// The rest that ends the one move of strategy=pan, in seconds. Larger: it may go on later. Not
// swept.
SC_TUNED(double, kPanRest_s, 1.0);
// For how many seconds beyond what is in view the usual is taken to go on. Larger: moves pay
// sooner at the end of what is in view. Not swept.
SC_TUNED(double, kOutlook_s, 2.0);
// Time constant of the average that is called usual, in seconds. Larger: a new subject is usual
// later. Not swept.
SC_TUNED(double, kUsual_s, 0.5);
// A change of place by this share of the window is a change of subject. Larger: fewer moves count
// as one, so fewer are locked or cut. Not swept.
SC_TUNED(double, kSwitch, 0.5);
// The seconds for which a new subject is kept. Larger: fewer changes. Not swept.
SC_TUNED(double, kKept_s, 1.0);

// ---- the place within what is shown -------------------------------------------------------------

// The share of its gain that a window keeps as it goes to the middle of what it shows. Larger: it
// goes less far. Not swept.
SC_TUNED(double, kKeeps, 0.995);
// By how many seconds of its motion the window runs ahead of a subject, at most lead_room. Larger:
// further ahead. Tried: 0.1, 0.3.
SC_TUNED(double, kLead_s, 0.1);
// The seconds to each side from which the subject's speed is taken. Larger: steadier, later. Swept:
// 0.4 to 1.6, over which IoU changes by 0.004 on the training clips.
SC_TUNED(double, kLeadSpan_s, 0.8);

// The width from which a face counts for that, share of the picture's. Larger: faces in a crowd are
// cut.
SC_TUNED(double, kLeastFace, 0.04);
// The price of cutting off half a face, in windows to move. Larger: fewer faces are cut.
SC_TUNED(double, kFacePrice, 4);
// The share of a face that may be cut off for nothing. Larger: windows move less.
SC_TUNED(double, kFaceNick, 0.06);
// What all of the map that it shows is worth against that. Larger: a face is cut rather than what
// the map says lost.
SC_TUNED(double, kFaceLoss, 4);
// How far a window moves for that at most, in windows. Larger: as kFacePrice.
SC_TUNED(double, kFaceShift, 0.35);
// The price of another such place within a rest, in seconds of a window's way. Larger: fewer moves.
SC_TUNED(float, kFaceMove, 1.5F);

// ---- what a target weighs in the path -----------------------------------------------------------
// The weight of a target is kLeastWeight + kTrust * confidence of its map, so 0.057 to 0.343. A
// place that a person chose weighs 1, and what follows from evidence is far less certain: the
// lighter the targets, the calmer the path. The three came from 0.2, 1 and 0.02, of weights that
// reached 1.2, and were scaled together. Not swept one by one.

// Of a map that says nothing. Larger: the path follows weak evidence more closely.
SC_TUNED(double, kLeastWeight, 0.057);
// What full confidence adds. Larger: the path follows sure evidence more closely.
SC_TUNED(double, kTrust, 0.286);
// Inside a dissolve or a fade, as a share of kLeastWeight. Larger: its pictures have more say.
SC_TUNED(double, kTransitionShare, 0.1);
// The weight that the exponential average takes as sure. It is what confidence adds, without
// kLeastWeight: so a target of confidence 0.8 is already as sure as one of 1. Larger: targets of
// little confidence are followed later.
SC_TUNED(double, kSureWeight, kTrust);

// ---- the subject that the window goes after -----------------------------------------------------
// Where there is one, it says where the window should be, and the map does not. These came from a
// prototype on the training clips.

// The price of being away from it, in coverage for each picture. Larger: more moves.
SC_TUNED(double, kLockPull, 10);
// The weight of its target: a subject is surer than a map. Larger: the path follows more closely.
SC_TUNED(double, kLockWeight, 0.6);
// The share of the dead zone that its target has. Larger: fewer moves, and it is further from the
// middle.
SC_TUNED(double, kLockSlack, 1.0 / 3);
// The score at which a subject and the map are worth the same. Larger: fewer subjects are gone
// after.
SC_TUNED(double, kLockHalf, 0.3);
// What the map is worth beside it, 0 to 1. Larger: as kLockHalf.
SC_TUNED(double, kMapWorth, 0.5);
// The power of a box's area in its score: small subjects hold little of the map.
SC_TUNED(double, kLockArea, -0.5);
// The power of the share of the time in which it is seen. Larger: who comes and goes is left.
SC_TUNED(double, kLockStays, 1.5);
// The price of going to another subject, or to the map, in seconds of full worth. Larger: fewer
// changes.
SC_TUNED(double, kLockChange, 0.6);
// Where another subject elsewhere has this share of the best one's score, neither is gone after.
// Larger: more shots have a subject.
SC_TUNED(double, kRival, 0.4);
// Two faces of this share of the picture's width, in this share of the time, are both wanted.
SC_TUNED(double, kTalkingFace, 0.04);
SC_TUNED(double, kTalkingTime, 0.3);
// The seconds for which a subject that is not seen is expected where it was, or between.
SC_TUNED(double, kLockGap_s, 1.5);

// ---- what a subject rides, pushes or holds ------------------------------------------------------

// How far apart two boxes may be that touch, in sides of the larger. Larger: more things go with
// people.
SC_TUNED(double, kTouch, 0.1);
// The seconds for which they have to touch, and the share of the time in which the rarer is seen.
// Larger: fewer things go with people.
SC_TUNED(double, kCompany_s, 0.5);
SC_TUNED(double, kCompanyShare, 0.6);
// The deviation of where the thing is beside the person, in sides of the larger. Larger: as kTouch.
SC_TUNED(double, kCompanySteady, 0.12);
// How far they have to go, or the camera with them, in sides of the person. Larger: as kCompany_s.
SC_TUNED(double, kCompanyGoes, 1.0);

// ---- the name of a strategy ---------------------------------------------------------------------

// A target that stays within this share of the window to each side counts as one place. Larger:
// more shots are called hold. Only names depend on it. Not swept.
SC_TUNED(double, kNoticed, 0.25);

}  // namespace smartcrop::camera

#endif  // SMARTCROP_STAGE4_CROP_CAMERA_H_
