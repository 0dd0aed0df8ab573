from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from .assessments import Assessments
from .cases import Cases
from .competencies import Competencies
from .cycles import Cycles
from .editions import Editions
from .evidence import EvidenceRows
from .jobs import Jobs
from .letters import Letters
from .missing import Missing
from .packets import Packets
from .people import Me, People
from .reviews import Reviews
from .skills import Skills
from .sources import Sources
from .tokens import Tokens
from .trail import Trail

router = SimpleRouter(use_regex_path=False)
for name, resource in {
    "assessments": Assessments,
    "cases": Cases,
    "competencies": Competencies,
    "cycles": Cycles,
    "editions": Editions,
    "evidence": EvidenceRows,
    "jobs": Jobs,
    "letters": Letters,
    "packets": Packets,
    "people": People,
    "reviews": Reviews,
    "skills": Skills,
    "sources": Sources,
    "tokens": Tokens,
    "trail": Trail,
}.items():
    router.register(name, resource, basename=f"api-{name}")

# A page, so it leads to signing in instead of refusing.
docs = login_required(SpectacularSwaggerSplitView.as_view(url_name="api-schema"))

urlpatterns = [
    path("v1/me/", Me.as_view(), name="api-me"),
    path("v1/", include(router.urls)),
    path("schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
    re_path(r"^", Missing.as_view()),
]
