"""How many badges a stand's staff may have."""

STAFF_PER_3_M2 = 2
MIN_STAFF = 4


def staff_quota(area_m2: int) -> int:
    """Return how many badges a stand may have: two for each three m², four at least; none without a stand."""
    return max(MIN_STAFF, area_m2 * STAFF_PER_3_M2 // 3) if area_m2 > 0 else 0
