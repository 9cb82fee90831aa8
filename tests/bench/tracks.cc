// SPDX-License-Identifier: MIT
// Boxes of single pictures on standard input, boxes with identities on standard output: what
// identities.py scores.
//
//   tracks ASPECT STRONG [REPEATS]
//
// Each line is a command; times are seconds and grow, boxes are shares of the picture:
//   look TIME COUNT             COUNT lines follow, each: x y width height score label
//   camera SECONDS X Y A B TRUST  how the camera moved, as CameraMotion has it
//   cut                         a new shot
//   at TIME                     answers "TIME COUNT" and COUNT lines: id x y width height score
//   label
// With REPEATS the commands are run so often, only the last time aloud, and the time of a look is
// printed on standard error, as the processor has it.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "stage2_evidence/subjects/box_tracker.h"

namespace {

using smartcrop::BoxTracker;
using smartcrop::Subject;

struct Command {
  std::string name;
  double time_s = 0;
  std::vector<Subject> found;
  smartcrop::CameraMotion camera;
};

bool read(Command* command) {
  *command = {};
  if (!(std::cin >> command->name)) return false;
  if (command->name == "cut") return true;
  std::cin >> command->time_s;
  if (command->name == "camera") {
    smartcrop::CameraMotion& camera = command->camera;
    std::cin >> camera.x >> camera.y >> camera.a >> camera.b >> camera.trust;
  } else if (command->name == "look") {
    size_t count = 0;
    std::cin >> count;
    command->found.resize(count);
    for (Subject& each : command->found) {
      std::cin >> each.box.x >> each.box.y >> each.box.width >> each.box.height >> each.score >>
          each.label;
    }
  }
  return std::cin.good();
}

void print(double time_s, const std::vector<Subject>& boxes) {
  std::printf("%.6f %zu\n", time_s, boxes.size());
  for (const Subject& each : boxes) {
    std::printf("%lld %.6f %.6f %.6f %.6f %.4f %d\n", static_cast<long long>(each.id), each.box.x,
                each.box.y, each.box.width, each.box.height, static_cast<double>(each.score),
                each.label);
  }
}

void run(const std::vector<Command>& commands, BoxTracker* tracker, bool aloud) {
  for (const Command& command : commands) {
    if (command.name == "look") {
      tracker->look(command.found, command.time_s);
    } else if (command.name == "camera") {
      tracker->move_with({command.camera, command.time_s});
    } else if (command.name == "cut") {
      tracker->reset(smartcrop::Reset::kCut);
    } else {
      const std::vector<Subject> boxes = tracker->boxes(command.time_s);
      if (aloud) print(command.time_s, boxes);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  BoxTracker::Settings settings;
  if (argc < 3 || !((settings.aspect = std::atof(argv[1])) > 0)) {
    std::fprintf(stderr, "usage: tracks ASPECT STRONG [REPEATS] <commands >boxes\n");
    return 2;
  }
  settings.strong = std::atof(argv[2]);
  const int repeats = argc > 3 ? std::atoi(argv[3]) : 1;
  std::vector<Command> commands;
  size_t looks = 0;
  for (Command command; read(&command); commands.push_back(command)) {
    looks += command.name == "look" ? 1 : 0;
  }
  const std::clock_t start = std::clock();
  for (int i = 1; i <= repeats; ++i) {
    BoxTracker tracker(settings);
    run(commands, &tracker, i == repeats);
  }
  const double passed_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  if (argc > 3) {
    const double all = static_cast<double>(looks) * repeats;
    std::fprintf(stderr, "%.3f us a look\n", 1e6 * passed_s / all);
  }
  return 0;
}
