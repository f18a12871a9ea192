"""The blueprint of all pages of the reports."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__, url_prefix="/fairs/<fair>/desk/reports")
