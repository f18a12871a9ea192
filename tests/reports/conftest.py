from tests.demo_fair import demo_app, fair

__all__ = ["demo_app", "fair"]
