"""The WSGI application: Django."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

application = get_wsgi_application()
# What stays as long as the process is loaded before anybody waits for it, and never searched for garbage.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
