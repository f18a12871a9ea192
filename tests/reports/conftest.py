from tests.told import fair, told

__all__ = ["fair", "told"]
