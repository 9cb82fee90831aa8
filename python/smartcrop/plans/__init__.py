# SPDX-License-Identifier: MIT
"""Plans: what was decided for a video, how it is read, edited, solved again and exported."""
