"""The door of the feature; its pages stand in views.py and the modules beside it."""

from flask import Blueprint

blueprint = Blueprint("exhibitors", __name__, url_prefix="/fairs/<fair>")
