"""What the environment says: every value with its default, checked once, all faults told together."""

import hashlib
import logging
import os
import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

import dj_database_url
from django.conf.locale import LANG_INFO
from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ladder.installation import data_folder

MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
OF_A_DEPLOYMENT = ("LADDER_PRODUCTION", "LADDER_SECRET_KEY", "LADDER_ALLOWED_HOSTS", "DATABASE_URL")
ENGINES = ("sqlite", "postgres", "postgresql", "pgsql")
WEAK = ("django-insecure", "changeme", "change-me", "secret", "password", "example")


class Environment(BaseSettings):
    """The settings an operator may give. `DATABASE_URL` has no prefix; the others start with `LADDER_`."""

    model_config = SettingsConfigDict(
        env_prefix="LADDER_", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    production: bool = False
    debug: bool = False
    secret_key: str = ""
    secret_key_fallbacks: str = ""
    allowed_hosts: str = ""
    address: str = ""
    served_at: str = ""  # said by `start` to the processes that it starts
    seal_key: Path | None = None
    seal_password: str = ""
    behind_https_proxy: bool = True
    data: Path = Field(default_factory=data_folder)
    database_url: str = Field("", validation_alias="DATABASE_URL")
    tasks: str = "database"
    time_zone: str = "UTC"
    language: str = "en-gb"
    log_level: str = "INFO"
    warm_up: bool = True
    health_token: str = ""
    email_url: str = ""
    email_from: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_client_auth: Literal["", "basic", "post"] = ""
    oidc_name: str = ""
    oidc_only: bool = False
    oidc_trusted: bool = False
    oidc_satisfies_second_factor: bool = False

    @model_validator(mode="after")
    def _known_engine(self):
        if self.tasks != "database" and not self.on_redis:
            raise ValueError("LADDER_TASKS must be database, or start with redis://, rediss:// or unix://")
        if self.on_redis and find_spec("redis") is None:
            raise ValueError("LADDER_TASKS uses Redis: install requirements-redis.txt")
        return self

    @model_validator(mode="after")
    def _known_words(self):
        faults = [
            (
                self.database_url and not readable(self.database_url),
                "DATABASE_URL must look like postgres://user:password@host/name or "
                "sqlite:////folder/file.sqlite3",
            ),
            (
                self.time_zone not in available_timezones(),
                "LADDER_TIME_ZONE must be a time zone, such as Europe/Berlin",
            ),
            (
                self.language.lower() not in LANG_INFO,
                "LADDER_LANGUAGE must be a language code, such as en-gb",
            ),
            (
                self.log_level.upper() not in logging.getLevelNamesMapping(),
                "LADDER_LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL",
            ),
        ]
        if messages := [fault for wrong, fault in faults if wrong]:
            raise ValueError("; ".join(messages))
        return self

    @model_validator(mode="after")
    def _reachable_mail(self):
        if self.email_url and self.mail() is None:
            raise ValueError(
                "LADDER_EMAIL_URL must start with smtp://, smtp+tls:// or smtps:// and have a host, "
                "for example smtp+tls://user:password@mail.example.org:587"
            )
        if self.email_url and not self.email_from:
            raise ValueError("LADDER_EMAIL_FROM is missing: set the address that emails come from")
        return self

    @model_validator(mode="after")
    def _fit_for_documents(self):
        if self.address and not re.fullmatch(r"https?://[^/\s?#]+", self.address):
            raise ValueError(
                "LADDER_ADDRESS must be https:// and a host, without a path: it is where people reach Ladder"
            )
        if self.seal_key and not self.seal_key.is_file():
            raise ValueError("LADDER_SEAL_KEY is not a file: set the path of a PKCS#12 file (.p12)")
        if self.seal_password and not self.seal_key:
            raise ValueError("LADDER_SEAL_KEY is missing: LADDER_SEAL_PASSWORD needs it")
        return self

    @model_validator(mode="after")
    def _fit_for_single_sign_on(self):
        dangling = self.oidc_only or self.oidc_trusted or self.oidc_satisfies_second_factor
        faults = [
            (
                self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret),
                "LADDER_OIDC_CLIENT_ID or LADDER_OIDC_CLIENT_SECRET is missing: your provider gives you both",
            ),
            (
                self.oidc_issuer and not self.oidc_issuer.startswith(("https://", *self._plainly())),
                "LADDER_OIDC_ISSUER must start with https://: it is the address of your provider, "
                "without /.well-known",
            ),
            (
                dangling and not self.oidc_issuer,
                "LADDER_OIDC_ISSUER is missing: another LADDER_OIDC setting needs it",
            ),
        ]
        if messages := [fault for wrong, fault in faults if wrong]:
            raise ValueError("; ".join(messages))
        return self

    def _plainly(self):
        return [] if self.production else ["http://127.0.0.1", "http://localhost"]

    @model_validator(mode="after")
    def _fit_for_production(self):
        if not self.production:
            return self
        faults = [
            (
                self.debug,
                "LADDER_DEBUG is on: turn it off, because it shows the details of every error to anyone",
            ),
            (not self.database_url, "DATABASE_URL is missing: set the database, for example postgres://…"),
            (not self.hosts, "LADDER_ALLOWED_HOSTS is missing: list the hosts, separated by commas"),
            ("*" in self.hosts, "LADDER_ALLOWED_HOSTS is *: list the hosts instead"),
            (
                weak(self.secret_key),
                "LADDER_SECRET_KEY is missing or weak: set at least 50 random characters, for example"
                " from python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
            ),
        ]
        if messages := [fault for wrong, fault in faults if wrong]:
            raise ValueError("; ".join(messages))
        return self

    @property
    def on_redis(self):
        """Return True if workers are woken through Redis."""
        return self.tasks.startswith(("redis://", "rediss://", "unix://"))

    @property
    def hosts(self):
        return [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]

    def reached_at(self):
        """Return the address that links and documents name: the one given, of the first host, or served."""
        host = next((host for host in self.hosts if self.production and not host.startswith((".", "*"))), "")
        return self.address or (f"https://{host}" if host else self.served_at or "http://localhost:8000")

    def mail(self):
        """Return Django's settings for mail as `LADDER_EMAIL_URL` says, or None when it cannot be read.

        User and password may hold any character when it is percent-encoded.
        """
        try:
            url = urlsplit(self.email_url)
            port = url.port or MAIL_PORTS[url.scheme]
        except (ValueError, KeyError):
            return None
        return url.hostname and {
            "EMAIL_HOST": url.hostname,
            "EMAIL_PORT": port,
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_TLS": url.scheme == "smtp+tls",
            "EMAIL_USE_SSL": url.scheme == "smtps",
        }

    @property
    def former_keys(self):
        """Return the secret keys of before, newest first: what they signed or sealed still opens."""
        return [key.strip() for key in self.secret_key_fallbacks.split(",") if key.strip()]

    def provider(self):
        """Return the provider of single sign-on, as allauth is told of it."""
        issuer = self.oidc_issuer.rstrip("/")
        method = f"client_secret_{self.oidc_client_auth}" if self.oidc_client_auth else None
        return {
            "provider_id": f"oidc-{hashlib.sha256(issuer.encode()).hexdigest()[:16]}",
            "name": self.oidc_name,
            "client_id": self.oidc_client_id,
            "secret": self.oidc_client_secret,
            "settings": {"server_url": issuer, "token_auth_method": method},
        }

    def key(self):
        """Return the secret key: the one given, or one made by chance and kept in the data folder."""
        if self.secret_key:
            return self.secret_key
        kept = self.data / "secret-key"
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not kept.exists():
                kept.touch(mode=0o600)
                kept.write_text(secrets.token_urlsafe(50), encoding="ascii")
            return kept.read_text(encoding="ascii").strip()
        except OSError as error:
            reason = f"Ladder can't write to the folder in LADDER_DATA: {error}"
            raise SystemExit(f"Ladder can't start:\n  {reason}") from None


def readable(address):
    """Return True if an address names a database of a kind that Ladder speaks with."""
    try:
        return urlsplit(address).scheme in ENGINES and bool(dj_database_url.parse(address))
    except ValueError:
        return False


def weak(key):
    """Return True if a secret key is too short, too plain, or one that people paste from examples."""
    return len(key) < 50 or len(set(key)) < 15 or any(word in key.lower() for word in WEAK)


def emptied():
    """Return what is said of a deployment with an empty value: a slip, where anything else of it is set."""
    values = {name: os.environ[name].strip() for name in OF_A_DEPLOYMENT if name in os.environ}
    return [name for name, value in values.items() if not value] if any(values.values()) else []


def read():
    """Return the `Environment`, or stop the process with one line per fault."""
    if names := emptied():
        lines = [f"  {name} is empty: set a value, or remove it" for name in names]
        raise SystemExit("\n".join(["Ladder can't start:", *lines]))
    try:
        return Environment()
    except ValidationError as faults:
        lines = [
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}".lstrip(": ") for fault in faults.errors()
        ]
        raise SystemExit("Ladder can't start:\n" + "\n".join(f"  {line}" for line in lines)) from None
