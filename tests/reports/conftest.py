from tests.demo_fair import fair, told

__all__ = ["fair", "told"]
