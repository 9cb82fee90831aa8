# SPDX-License-Identifier: MIT
"""Pictures of what was decided and why."""
