-- dialect: sqlite
CREATE TRIGGER account_events_is_append_only_update BEFORE UPDATE ON account_events BEGIN SELECT RAISE(ABORT, 'account_events is append-only'); END

CREATE TRIGGER account_events_is_append_only_delete BEFORE DELETE ON account_events BEGIN SELECT RAISE(ABORT, 'account_events is append-only'); END

CREATE TRIGGER fair_events_is_append_only_update BEFORE UPDATE ON fair_events BEGIN SELECT RAISE(ABORT, 'fair_events is append-only'); END

CREATE TRIGGER fair_events_is_append_only_delete BEFORE DELETE ON fair_events BEGIN SELECT RAISE(ABORT, 'fair_events is append-only'); END

CREATE TRIGGER ledger_checks_is_append_only_update BEFORE UPDATE ON ledger_checks BEGIN SELECT RAISE(ABORT, 'ledger_checks is append-only'); END

CREATE TRIGGER ledger_checks_is_append_only_delete BEFORE DELETE ON ledger_checks BEGIN SELECT RAISE(ABORT, 'ledger_checks is append-only'); END

CREATE TRIGGER privacy_notices_is_append_only_update BEFORE UPDATE ON privacy_notices BEGIN SELECT RAISE(ABORT, 'privacy_notices is append-only'); END

CREATE TRIGGER privacy_notices_is_append_only_delete BEFORE DELETE ON privacy_notices BEGIN SELECT RAISE(ABORT, 'privacy_notices is append-only'); END

CREATE TRIGGER published_heads_is_append_only_update BEFORE UPDATE ON published_heads BEGIN SELECT RAISE(ABORT, 'published_heads is append-only'); END

CREATE TRIGGER published_heads_is_append_only_delete BEFORE DELETE ON published_heads BEGIN SELECT RAISE(ABORT, 'published_heads is append-only'); END

CREATE TRIGGER fx_proposals_is_append_only_update BEFORE UPDATE ON fx_proposals BEGIN SELECT RAISE(ABORT, 'fx_proposals is append-only'); END

CREATE TRIGGER fx_proposals_is_append_only_delete BEFORE DELETE ON fx_proposals BEGIN SELECT RAISE(ABORT, 'fx_proposals is append-only'); END

CREATE TRIGGER publications_is_append_only_update BEFORE UPDATE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END

CREATE TRIGGER publications_is_append_only_delete BEFORE DELETE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END

CREATE TRIGGER fx_decisions_is_append_only_update BEFORE UPDATE ON fx_decisions BEGIN SELECT RAISE(ABORT, 'fx_decisions is append-only'); END

CREATE TRIGGER fx_decisions_is_append_only_delete BEFORE DELETE ON fx_decisions BEGIN SELECT RAISE(ABORT, 'fx_decisions is append-only'); END

CREATE TRIGGER publication_contents_is_append_only_update BEFORE UPDATE ON publication_contents BEGIN SELECT RAISE(ABORT, 'publication_contents is append-only'); END

CREATE TRIGGER publication_contents_is_append_only_delete BEFORE DELETE ON publication_contents BEGIN SELECT RAISE(ABORT, 'publication_contents is append-only'); END

CREATE TRIGGER publication_decisions_is_append_only_update BEFORE UPDATE ON publication_decisions BEGIN SELECT RAISE(ABORT, 'publication_decisions is append-only'); END

CREATE TRIGGER publication_decisions_is_append_only_delete BEFORE DELETE ON publication_decisions BEGIN SELECT RAISE(ABORT, 'publication_decisions is append-only'); END

CREATE TRIGGER fx_rates_is_append_only_update BEFORE UPDATE ON fx_rates BEGIN SELECT RAISE(ABORT, 'fx_rates is append-only'); END

CREATE TRIGGER fx_rates_is_append_only_delete BEFORE DELETE ON fx_rates BEGIN SELECT RAISE(ABORT, 'fx_rates is append-only'); END

CREATE TRIGGER scans_is_append_only_update BEFORE UPDATE ON scans BEGIN SELECT RAISE(ABORT, 'scans is append-only'); END

CREATE TRIGGER scans_is_append_only_delete BEFORE DELETE ON scans BEGIN SELECT RAISE(ABORT, 'scans is append-only'); END

CREATE TRIGGER deal_entries_is_append_only_update BEFORE UPDATE ON deal_entries BEGIN SELECT RAISE(ABORT, 'deal_entries is append-only'); END

CREATE TRIGGER deal_entries_is_append_only_delete BEFORE DELETE ON deal_entries BEGIN SELECT RAISE(ABORT, 'deal_entries is append-only'); END

-- dialect: postgresql
CREATE FUNCTION account_events_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'account_events is append-only'; END $$

CREATE TRIGGER account_events_is_append_only BEFORE UPDATE OR DELETE ON account_events FOR EACH ROW EXECUTE FUNCTION account_events_is_append_only()

CREATE TRIGGER account_events_is_append_only_truncate BEFORE TRUNCATE ON account_events FOR EACH STATEMENT EXECUTE FUNCTION account_events_is_append_only()

CREATE FUNCTION fair_events_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fair_events is append-only'; END $$

CREATE TRIGGER fair_events_is_append_only BEFORE UPDATE OR DELETE ON fair_events FOR EACH ROW EXECUTE FUNCTION fair_events_is_append_only()

CREATE TRIGGER fair_events_is_append_only_truncate BEFORE TRUNCATE ON fair_events FOR EACH STATEMENT EXECUTE FUNCTION fair_events_is_append_only()

CREATE FUNCTION ledger_checks_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_checks is append-only'; END $$

CREATE TRIGGER ledger_checks_is_append_only BEFORE UPDATE OR DELETE ON ledger_checks FOR EACH ROW EXECUTE FUNCTION ledger_checks_is_append_only()

CREATE TRIGGER ledger_checks_is_append_only_truncate BEFORE TRUNCATE ON ledger_checks FOR EACH STATEMENT EXECUTE FUNCTION ledger_checks_is_append_only()

CREATE FUNCTION privacy_notices_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'privacy_notices is append-only'; END $$

CREATE TRIGGER privacy_notices_is_append_only BEFORE UPDATE OR DELETE ON privacy_notices FOR EACH ROW EXECUTE FUNCTION privacy_notices_is_append_only()

CREATE TRIGGER privacy_notices_is_append_only_truncate BEFORE TRUNCATE ON privacy_notices FOR EACH STATEMENT EXECUTE FUNCTION privacy_notices_is_append_only()

CREATE FUNCTION published_heads_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'published_heads is append-only'; END $$

CREATE TRIGGER published_heads_is_append_only BEFORE UPDATE OR DELETE ON published_heads FOR EACH ROW EXECUTE FUNCTION published_heads_is_append_only()

CREATE TRIGGER published_heads_is_append_only_truncate BEFORE TRUNCATE ON published_heads FOR EACH STATEMENT EXECUTE FUNCTION published_heads_is_append_only()

CREATE FUNCTION fx_proposals_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fx_proposals is append-only'; END $$

CREATE TRIGGER fx_proposals_is_append_only BEFORE UPDATE OR DELETE ON fx_proposals FOR EACH ROW EXECUTE FUNCTION fx_proposals_is_append_only()

CREATE TRIGGER fx_proposals_is_append_only_truncate BEFORE TRUNCATE ON fx_proposals FOR EACH STATEMENT EXECUTE FUNCTION fx_proposals_is_append_only()

CREATE FUNCTION publications_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'publications is append-only'; END $$

CREATE TRIGGER publications_is_append_only BEFORE UPDATE OR DELETE ON publications FOR EACH ROW EXECUTE FUNCTION publications_is_append_only()

CREATE TRIGGER publications_is_append_only_truncate BEFORE TRUNCATE ON publications FOR EACH STATEMENT EXECUTE FUNCTION publications_is_append_only()

CREATE FUNCTION fx_decisions_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fx_decisions is append-only'; END $$

CREATE TRIGGER fx_decisions_is_append_only BEFORE UPDATE OR DELETE ON fx_decisions FOR EACH ROW EXECUTE FUNCTION fx_decisions_is_append_only()

CREATE TRIGGER fx_decisions_is_append_only_truncate BEFORE TRUNCATE ON fx_decisions FOR EACH STATEMENT EXECUTE FUNCTION fx_decisions_is_append_only()

CREATE FUNCTION publication_contents_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'publication_contents is append-only'; END $$

CREATE TRIGGER publication_contents_is_append_only BEFORE UPDATE OR DELETE ON publication_contents FOR EACH ROW EXECUTE FUNCTION publication_contents_is_append_only()

CREATE TRIGGER publication_contents_is_append_only_truncate BEFORE TRUNCATE ON publication_contents FOR EACH STATEMENT EXECUTE FUNCTION publication_contents_is_append_only()

CREATE FUNCTION publication_decisions_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'publication_decisions is append-only'; END $$

CREATE TRIGGER publication_decisions_is_append_only BEFORE UPDATE OR DELETE ON publication_decisions FOR EACH ROW EXECUTE FUNCTION publication_decisions_is_append_only()

CREATE TRIGGER publication_decisions_is_append_only_truncate BEFORE TRUNCATE ON publication_decisions FOR EACH STATEMENT EXECUTE FUNCTION publication_decisions_is_append_only()

CREATE FUNCTION fx_rates_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fx_rates is append-only'; END $$

CREATE TRIGGER fx_rates_is_append_only BEFORE UPDATE OR DELETE ON fx_rates FOR EACH ROW EXECUTE FUNCTION fx_rates_is_append_only()

CREATE TRIGGER fx_rates_is_append_only_truncate BEFORE TRUNCATE ON fx_rates FOR EACH STATEMENT EXECUTE FUNCTION fx_rates_is_append_only()

CREATE FUNCTION scans_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'scans is append-only'; END $$

CREATE TRIGGER scans_is_append_only BEFORE UPDATE OR DELETE ON scans FOR EACH ROW EXECUTE FUNCTION scans_is_append_only()

CREATE TRIGGER scans_is_append_only_truncate BEFORE TRUNCATE ON scans FOR EACH STATEMENT EXECUTE FUNCTION scans_is_append_only()

CREATE FUNCTION deal_entries_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deal_entries is append-only'; END $$

CREATE TRIGGER deal_entries_is_append_only BEFORE UPDATE OR DELETE ON deal_entries FOR EACH ROW EXECUTE FUNCTION deal_entries_is_append_only()

CREATE TRIGGER deal_entries_is_append_only_truncate BEFORE TRUNCATE ON deal_entries FOR EACH STATEMENT EXECUTE FUNCTION deal_entries_is_append_only()
