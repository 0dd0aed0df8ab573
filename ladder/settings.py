"""Settings of the project. What an operator may change comes from `ladder.ops.environment`."""

import sys

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from ladder import installation, version
from ladder.ops import environment

VERSION = version.read()
BASE_DIR = installation.PACKAGE.parent
ENVIRONMENT = environment.read()
PRODUCTION = ENVIRONMENT.production
TESTING = "pytest" in sys.modules

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.key()
SECRET_KEY_FALLBACKS = ENVIRONMENT.former_keys
ALLOWED_HOSTS = ENVIRONMENT.hosts or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{'*' * host.startswith('.')}{host}" for host in ENVIRONMENT.hosts]

DATA_DIR = ENVIRONMENT.data.absolute()  # the processes that `start` starts may lie elsewhere
PACKET_DIR = DATA_DIR / "packets"
EXPORT_DIR = DATA_DIR / "exports"
FONT_DIR = DATA_DIR / "fonts"  # for the scripts that the bundled faces have not
ADDRESS = ENVIRONMENT.reached_at()  # documents are made by workers, which no request tells it
ADDRESS_IS_SET = PRODUCTION or bool(ENVIRONMENT.address)
SEAL_KEY, SEAL_PASSWORD = ENVIRONMENT.seal_key, ENVIRONMENT.seal_password
HEALTH_TOKEN = ENVIRONMENT.health_token
WARM_UP = ENVIRONMENT.warm_up
SEED_DIR = installation.SEEDS

INSTALLED_APPS = [
    "competencies.core",
    "competencies.trail",
    "competencies.sources",
    "competencies.framework",
    "competencies.people",
    "competencies.jobs",
    "competencies.people_import",
    "competencies.notices",
    "competencies.evidence",
    "competencies.reviews",
    "competencies.promotions",
    "competencies.packets",
    "competencies.personal_data",
    "ladder",
    "ladder.pdf",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "template_partials",
    "lucide",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "ladder.web.middleware.mind_the_proxy",
    "ladder.web.middleware.guard_answers",  # early: static files and refusals of the others pass through it
    "ladder.web.compression.TextCompression",
    "ladder.web.outage_pages.tell_outages",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ladder.web.middleware.keep_out_while_migrating",  # before the first that asks the database
    "ladder.web.time_zones.tell_time",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ladder.accounts.second_factor.guard_doors",
    "ladder.pages.accounts.presence.note_presence",
    "ladder.web.idempotency.answer_once",
]

ROOT_URLCONF = "ladder.urls"
WSGI_APPLICATION = "ladder.wsgi.application"

FORM_RENDERER = "ladder.web.form_rendering.FormRenderer"
LOADERS = ["ladder.web.templates.Loader", "django.template.loaders.app_directories.Loader"]
CACHED = ("ladder.web.template_constants.Loader", LOADERS)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [installation.TEMPLATES],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [CACHED])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ladder.pages.shell.context.shell",
            ],
            "builtins": ["template_partials.templatetags.partials", "ladder.templatetags.csrf"],
        },
    },
]

# SQLite: a writer takes its lock at once and waits for it, so that tabs which save together do not
# refuse each other; and what was deleted is overwritten, so that it does not rest in free pages.
LONGEST_WAIT = 5  # seconds for a writer's lock, or for a server that does not answer: then it is an outage
DATABASES = {
    "default": dj_database_url.parse(
        ENVIRONMENT.database_url or f"sqlite:///{DATA_DIR / 'ladder.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": LONGEST_WAIT,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Rules make long statements of few rows: compiling them took four fifths of the time of a case's page and
    # planning half of any page's, so a connection has each planned once that it asks for a third time.
    # A server that vanished without a word is noticed within half a minute.
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c jit=off",
        "server_side_binding": True,
        "prepare_threshold": 2,
        "connect_timeout": LONGEST_WAIT,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
    } | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Limits on guessing count in the database, or each process would grant its own number of guesses. The
# table is there after `migrate`. It is never so full that a flood of names could push a count out.
CACHES = {
    "default": {
        "BACKEND": "ladder.accounts.rate_limits.Counts",
        "LOCATION": "ladder_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What holds for a while and may differ between processes: how many work under whom, what rests.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 40},
    },
    # How far an import is, beside the database: SQLite has one writer, and that is the import.
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "progress",
    },
}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["competencies.core.backends.PermissionBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 60 * 60

ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION and ENVIRONMENT.behind_https_proxy else 0
ACCOUNT_ADAPTER = "ladder.pages.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # sign-up is closed; allauth wants the two to agree
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # HR says what somebody's address is
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * 10
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "ladder.pages.shell.forms.SignInForm",
    "change_password": "ladder.pages.accounts.forms.ChangePasswordForm",
    "set_password": "ladder.pages.accounts.forms.SetPasswordForm",
    "reauthenticate": "ladder.pages.accounts.forms.ConfirmForm",
    "reset_password": "ladder.pages.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "ladder.pages.accounts.forms.NewPasswordForm",
    "user_token": "ladder.pages.accounts.forms.LinkForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": None,  # everyone in one office comes from one address; failures are what is counted
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/5m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "invitation": "10/5m/key",
    "endorsement": "20/5m/key",
    "endorsement_asked": "30/h/user",
    "endorsement_link": "60/5m/ip",
    "set_up": "10/5m/ip",
    "verification": "60/5m/ip",
}
USERSESSIONS_ADAPTER = "ladder.pages.accounts.audit_entries.SessionsAdapter"
MFA_ADAPTER = "ladder.pages.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
MFA_FORMS = {
    "activate_totp": "ladder.pages.accounts.forms.ActivateAppForm",
    "authenticate": "ladder.pages.accounts.forms.CodeForm",
    "reauthenticate": "ladder.pages.accounts.forms.ConfirmCodeForm",
    "login_webauthn": "ladder.pages.accounts.forms.SignInPasskeyForm",
    "authenticate_webauthn": "ladder.pages.accounts.forms.CodePasskeyForm",
    "reauthenticate_webauthn": "ladder.pages.accounts.forms.ConfirmPasskeyForm",
    "add_webauthn": "ladder.pages.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "ladder.pages.accounts.forms.RenamePasskeyForm",
}

# Single sign-on. A person is connected by the name that one issuer has for them, so another issuer is another
# provider: its names mean somebody else.
OIDC_ISSUER = ENVIRONMENT.oidc_issuer
OIDC_NAME = (ENVIRONMENT.oidc_name or "single sign-on") if OIDC_ISSUER else ""
OIDC_ONLY = ENVIRONMENT.oidc_only
OIDC_TRUSTED = ENVIRONMENT.oidc_trusted
OIDC_SATISFIES_SECOND_FACTOR = ENVIRONMENT.oidc_satisfies_second_factor
SOCIALACCOUNT_ADAPTER = "ladder.accounts.single_sign_on.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "ladder.accounts.single_sign_on.Provider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [ENVIRONMENT.provider()] if OIDC_ISSUER else [],
    }
}

LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("en-gb", _("English"))]
TIME_ZONE = ENVIRONMENT.time_zone
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static" if PRODUCTION else None  # the code may be read-only
STATICFILES_FINDERS = [
    "ladder.ops.bundles.BundleFinder",  # first, or the lists of the sources would be served
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "ladder.ops.static_files.Storage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# The queue is in the database, where an order and its task are written as one. Redis only wakes its workers.
TASKS_ON_REDIS = ENVIRONMENT.tasks if ENVIRONMENT.on_redis else ""
TASKS: dict = {
    "default": {
        "BACKEND": "ladder.jobs.queue.WakingBackend" if TASKS_ON_REDIS else "django_tasks_db.DatabaseBackend"
    }
}

# Without a mail server, mails are left in the data folder as files.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
EMAIL_HOST_NAMED = bool(ENVIRONMENT.email_url)
if EMAIL_HOST_NAMED:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(ENVIRONMENT.mail())
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.email_from or "Ladder <ladder@localhost>"

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Nothing on a page comes from elsewhere and nothing in it is inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "ladder.accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ladder.pages.shell.errors.forged"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if PRODUCTION and ENVIRONMENT.behind_https_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ladder.api.authentication.TokenAuthentication",  # first: it names the scheme in a 401
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "ladder.api.authentication.WithSecondFactor",
        "ladder.api.authentication.WithinScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ladder.api.parsing.BoundedJSON"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": "ladder.api.negotiation.Methods",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "ladder.api.negotiation.Negotiation",
    "URL_FORMAT_OVERRIDE": None,  # the form of an answer is said by `Accept`
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "ladder.api.paging.Pages",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "ladder.api.refusals.answer",
    "NON_FIELD_ERRORS_KEY": "body",
    "UNICODE_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ladder API",
    "DESCRIPTION": "Career frameworks, assessments and promotion packets, by the same rules as the pages.",
    "VERSION": VERSION,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"],
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "ladder.api.schema.document_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AssessmentKind": "competencies.reviews.models.Assessment.Kind",
        "CaseState": "ladder.api.cases.STATES",
        "CycleState": "ladder.api.cycles.STATES",
        "EditionState": "ladder.api.editions.STATES",
        "EndorsementRelation": "competencies.promotions.models.EndorsementRequest.Relation",
        "EndorsementState": "ladder.api.cases.ENDORSEMENT_STATES",
        "EvidenceKind": "competencies.evidence.models.Evidence.Kind",
        "LetterKind": "competencies.notices.models.Letter.Kind",
        "LetterState": "ladder.api.letters.STATES",
        "PacketState": "ladder.api.packets.STATES",
        "ReviewState": "ladder.api.reviews.STATES",
        "StatementKind": "competencies.promotions.models.Statement.Kind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},  # no badge from elsewhere
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "without keys": {
            "()": "ladder.ops.logs.WithoutKeys",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"briefly": {"()": "ladder.ops.logs.Briefly"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "without keys", "filters": ["briefly"]}
    },
    "root": {"handlers": ["console"], "level": ENVIRONMENT.log_level.upper()},
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
}

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
