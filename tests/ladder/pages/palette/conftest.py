"""A hearing without names, as the pages of committees have it."""

from tests.competencies.promotions.conftest import committee, proposed  # noqa: F401
from tests.ladder.pages.committees.conftest import convened, folder, masked  # noqa: F401
