"""The same list by the shortest road: DRF's ModelSerializers over the same tables."""
