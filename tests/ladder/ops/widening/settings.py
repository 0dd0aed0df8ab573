from ladder.settings import *  # noqa: F403
from ladder.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.ladder.ops.widening.apps.WideningConfig"]
