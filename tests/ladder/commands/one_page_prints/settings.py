from ladder.settings import *  # noqa: F403
from ladder.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.ladder.commands.one_page_prints.apps.OnePagePrintsConfig"]
