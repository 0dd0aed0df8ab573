import os

from django.core.wsgi import get_wsgi_application

from ladder.ops.data_folder import keep_private

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ladder.settings")
keep_private()

application = get_wsgi_application()
