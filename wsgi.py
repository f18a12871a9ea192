"""For gunicorn and flask: `gunicorn wsgi:app`."""

from fairapp.app import create_app

app = create_app()
