"""FairApp, the desk of a B2B trade fair. `fairapp.app.create_app` puts it together."""
