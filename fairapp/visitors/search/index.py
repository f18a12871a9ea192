"""The index that finds a person by the beginning of a word."""

from fairapp.core.data.db import db
from fairapp.visitors.models import SearchTerm, Visitor
from fairapp.visitors.search.terms import search_terms


def index_terms(visitor: Visitor, number: str) -> None:
    """Make the search find this person as the record now reads."""
    remove_terms(visitor)
    for term in search_terms(visitor.name, visitor.name_latin, visitor.company, number):
        db.session.add(SearchTerm(fair_id=visitor.fair_id, term=term, visitor_id=visitor.id))
    db.session.flush()


def remove_terms(visitor: Visitor) -> None:
    """Make the search no longer find this person."""
    db.session.query(SearchTerm).filter_by(fair_id=visitor.fair_id, visitor_id=visitor.id).delete()
