import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from ladder.ops.data_folder import keep_private
from ladder.ops.warming_up import load_program

gc.disable()  # what is loaded stays: there is nothing to collect meanwhile
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
keep_private()

application = get_wsgi_application()
if not settings.DEBUG:
    load_program()
gc.enable()
