"""The pages of the doors, in a module of their own so that each part of them can be."""

from flask import Blueprint

blueprint = Blueprint("gates", __name__, url_prefix="/fairs/<fair>")
