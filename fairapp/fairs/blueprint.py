"""The door of the feature; its pages stand in the views of its rooms."""

from flask import Blueprint

blueprint = Blueprint("fairs", __name__)
