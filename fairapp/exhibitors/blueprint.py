"""The door of the feature; its pages stand in the views of its rooms."""

from flask import Blueprint

blueprint = Blueprint("exhibitors", __name__, url_prefix="/fairs/<fair>")
