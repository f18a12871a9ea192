"""The pages of the gates and their API, in a module of their own so that each room can add to them."""

from apiflask import APIBlueprint
from flask import Blueprint

blueprint = Blueprint("gates", __name__, url_prefix="/fairs/<fair>")
api_blueprint = APIBlueprint("gates_api", __name__, url_prefix="/api/v1/fairs/<fair>", tag="Gates")
