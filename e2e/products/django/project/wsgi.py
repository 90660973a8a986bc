"""What the WSGI server calls: Django, with the admin's own static files."""

import os
import time

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

django = StaticFilesHandler(get_wsgi_application())


def application(environ, start_response):
    # For the access log: gunicorn itself notes only the second at which a request is over.
    environ["arrived_ms"] = str(time.time_ns() // 1_000_000)
    return django(environ, start_response)
