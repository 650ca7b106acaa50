"""Spreads the tenants' tables over a Citus cluster, sharded by organization.

Written to a recipe that was run with the walls alone, and tried on a stand-in for the
extension: never on Citus with all of today's tables.
"""

from config.distribute.tables import Spread, spread

__all__ = ["Spread", "spread"]
