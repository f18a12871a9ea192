"""The door of the feature; its pages stand in views.py (the desk) and my_views.py (an exhibitor's phone)."""

from flask import Blueprint

blueprint = Blueprint("meetings", __name__, url_prefix="/fairs/<fair>")
