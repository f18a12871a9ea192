"""The pages of deals hang here."""

from flask import Blueprint

blueprint = Blueprint("deals", __name__, url_prefix="/fairs/<fair>")
