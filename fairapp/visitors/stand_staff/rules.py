"""How many badges a stand's staff may have."""

STAFF_PER_3_M2 = 2
STAFF_AT_LEAST = 4


def staff_quota(area_m2: int) -> int:
    """Badges for the staff of a stand: two for each three square metres, four at least; none without a stand."""
    return max(STAFF_AT_LEAST, area_m2 * STAFF_PER_3_M2 // 3) if area_m2 > 0 else 0
