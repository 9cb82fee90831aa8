# SPDX-License-Identifier: MIT
"""The zoo: networks of others, which are fetched once and kept in a folder of the user."""
