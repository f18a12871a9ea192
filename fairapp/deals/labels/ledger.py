"""The words people read about the ledger's verification."""

from fairapp.core.text.i18n import _


def problem_label(problem: str) -> str:
    """Return a broken entry's problem for people."""
    labels = {
        "missing": _("is missing"),
        "not_chained": _("does not follow the entry before it"),
        "changed": _("was changed after it was written"),
        "separator_in_text": _("holds a character that a text of the chain cannot hold"),
        "beyond_head": _("stands beyond the head"),
        "not_the_head": _("is not the head that was kept"),
        "not_the_head_seen_before": _("is not what an earlier verification saw"),
        "deal_differs": _("says something else than the deal it made"),
        "deal_without_entry": _("belongs to a deal without an entry"),
        "entry_without_deal": _("belongs to a deal that is gone"),
        "sums_differ": _("does not lead to the sums kept beside it"),
        "evidence_missing": _("belongs to a deal whose file of evidence is gone"),
        "evidence_changed": _("belongs to a deal whose evidence was changed"),
        "evidence_differs": _("names other evidence than the deal has"),
        "name_differs": _("belongs to a deal whose names or goods were changed"),
        "rate_not_of_the_ecb": _("stands beside a rate that is not in the file of the European Central Bank"),
        "rate_not_released": _("stands beside a rate that no two people prepared and released"),
        "rate_missing": _("stands beside rates that lack one of the European Central Bank's file"),
        "note_differs": _("has a note that was changed"),
    }
    return str(labels.get(problem, problem))
