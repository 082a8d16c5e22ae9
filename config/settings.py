"""One settings file; everything that differs between machines comes from the environment (see `docs/howto/configure.md`)."""

from pathlib import Path

import environ

from config import embedded, local

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env("GREENLANE_VAR", default=str(BASE_DIR / "var")))
DEBUG = env.bool("DEBUG", default=False)
# A demonstration carries synthetic data and known passwords, and says so on every page.
DEMO = env.bool("DEMO", default=embedded.is_demo(VAR_DIR))
SECRET_KEY = env("SECRET_KEY", default="") or local.secret_key(VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
HTTPS = env.bool("HTTPS", default=False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

_servers = embedded.urls(VAR_DIR)
DATABASE_URL = env("DATABASE_URL", default=_servers["DATABASE_URL"])
REDIS_URL = env("REDIS_URL", default=_servers["REDIS_URL"])
ENGINE_URL = env("ENGINE_URL", default="")  # empty: DuckDB in the worker; spark://host:7077 or local[2]: Spark
LAKE_URL = env("LAKE_URL", default=_servers["LAKE_URL"])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
    "django_htmx",
    "template_partials",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_structlog",
    "crm",
    "segmentation",
    "marketing",
]

MIDDLEWARE = [
    "config.security.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.security.ReadersLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.security.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "config.errors.RefusalPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.shell.shell",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if timeout_seconds := env.int("STATEMENT_TIMEOUT_SECONDS", default=0):
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = f"-c statement_timeout={timeout_seconds}s"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "config.cache.ForgivingCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "greenlane"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# --- who may come in -------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = [
    "crm.people.backend.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "crm.people.adapter.ClosedDoor"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": env("LOGIN_RATE", default="60/m/ip"), "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# --- what the browser is told ----------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- languages and time ----------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")

# --- files -----------------------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing
_npm = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *[
        (f"vendor/{prefix}", _npm / folder)
        for prefix, folder in {
            "tabler": "@tabler/core/dist",
            "echarts": "echarts/dist",
            "htmx": "htmx.org/dist",
            "tom-select": "tom-select/dist",
        }.items()
        if (_npm / folder).is_dir()
    ],
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=2 * 1024**3)
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=10 * 2**20)

# --- workers ---------------------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,  # above the longest task, or Redis delivers it twice
    "socket_connect_timeout": 2,
    "socket_timeout": 30,  # above the longest wait of a worker for its next task
}
# A bell that cannot be rung is given up soon: the person waits for the answer, and a sweep takes the row up.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ROUTES = {
    "segmentation.runs.tasks.recompute": {"queue": "heavy"},
    "segmentation.churn.tasks.train": {"queue": "training"},
    "segmentation.runs.tasks.regroup": {"queue": "heavy"},
    "segmentation.runs.tasks.sweep_groups": {"queue": "heavy"},
    "crm.imports.tasks.load": {"queue": "heavy"},
    "crm.exports.tasks.write": {"queue": "heavy"},
    "segmentation.reports.tasks.generate": {"queue": "heavy"},
}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = TIME_ZONE

# Networks of our own that webhooks may call (they may then be plain http): e.g. "10.1.0.0/16,127.0.0.1/32". Everything else must be public.
WEBHOOK_ALLOWED_NETWORKS = env.list("WEBHOOK_ALLOWED_NETWORKS", default=[])

# --- customers are asked how we did ----------------------------------------------------------------------------------------------
# Where customers reach this product from outside, and which function carries a survey to them (`crm.satisfaction.senders`).
PUBLIC_URL = env("PUBLIC_URL", default="http://localhost:8000")
SURVEY_SENDERS = {
    "sms": env("SURVEY_SMS_SENDER", default="crm.satisfaction.senders.console"),
    "mail": env("SURVEY_MAIL_SENDER", default="crm.satisfaction.senders.console"),
}

# --- Reports ---------------------------------------------------------------------------------------------------------------------
# Where people of the house reach the product (addresses in messages to them), and which function (to, text, subject) carries such a message.
STAFF_URL = env("STAFF_URL", default=PUBLIC_URL)
REPORT_SENDER = env("REPORT_SENDER", default="segmentation.reports.senders.console")

# --- API -------------------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",  # first, so that nobody's token is answered 401
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "crm.lists.api.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"token": "10/min"},
    "EXCEPTION_HANDLER": "config.errors.api_exception_handler",
    "PAGE_SIZE": 50,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Greenlane",
    "DESCRIPTION": "Facts, judgement and action about the accounts of a power utility. Names follow IEC 61968 (CIM) where it has one: "
    "customer = Customer, account = CustomerAccount with its CustomerAgreement, metering point = UsagePoint, meter = Meter, tariff plan = PricingStructure.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "AccountCategory": "crm.accounts.models.Account.Category",
        "CustomerKind": "crm.customers.models.Customer.Kind",
        "EngagementKind": "crm.engagement.models.Engagement.Kind",
        "ImportKind": "crm.imports.models.ImportKind",
        "ImportState": "crm.imports.models.ImportBatch.State",
        "ExportState": "crm.exports.models.Export.State",
        "ClockMeasure": "crm.service_levels.models.Measure",
        "ProposalState": "marketing.green_channel.models.Proposal.State",
        "DeliveryState": "crm.webhooks.models.Delivery.State",
        "SubscriptionState": "crm.webhooks.models.Subscription.State",
        "CallState": "crm.telephony.models.Call.State",
        "LossOutcome": "marketing.market.models.Outcome",
        "RivalKind": "marketing.market.models.Rival.Kind",
        "RetentionStepKind": "marketing.retention.models.playbooks.StepKind",
        "RetentionOfferKind": "marketing.retention.models.playbooks.OFFERED_KINDS",
        "RetentionPlanState": "marketing.retention.models.plans.Plan.State",
        "RetentionOfferState": "marketing.retention.models.plans.Offer.State",
        "SegmentKind": "segmentation.segments.models.Segment.Kind",
        "ProspectState": "marketing.development.models.Prospect.State",
        "RoutingOutcome": "crm.routing.models.RoutingDecision.Outcome",
        "RoutingTarget": "crm.routing.models.Target",
        "RoutingStrategy": "crm.routing.models.Strategy",
        "EscalationRank": "crm.escalation.models.Rank",
        "SurveyState": "crm.satisfaction.models.Survey.State",
        "SurveyChannel": "crm.satisfaction.models.Survey.Channel",
        "TicketClass": "crm.tickets.models.Category",
        "TicketSeverity": "crm.tickets.models.Severity",
        "TicketState": "crm.tickets.models.State",
        "UnitKind": "crm.people.models.Unit.Kind",
        "TicketChannel": "crm.tickets.taxonomy.Channel",
        "GreenChannelService": "crm.service_levels.models.Service",
        "Tier": "segmentation.runs.models.Tier",
        "RiskBand": "segmentation.runs.models.RiskBand",
        "UsageState": "segmentation.runs.models.UsageState",
        "RunState": "segmentation.runs.models.Run.State",
        "PolicyKind": "segmentation.policies.models.Policy.Kind",
        "PolicyState": "segmentation.policies.models.Policy.State",
        "SimulationState": "segmentation.studio.models.Simulation.State",
        "ReportKind": "segmentation.reports.models.Kind",
        "ReportFormat": "segmentation.reports.models.Format",
        "ReportLanguage": "segmentation.reports.models.Language",
        "ExportFormat": "crm.exports.models.Export.Format",
        "GroupingKind": "segmentation.groups.models.Kind",
    },
}

FORM_RENDERER = "crm.display.forms.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

LOGGING = local.logging_settings(env("LOG_LEVEL", default="INFO"))
