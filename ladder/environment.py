"""What the environment says: every value with its default, checked once, all faults told together."""

import secrets
from pathlib import Path

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).resolve().parent.parent
WEAK = ("django-insecure", "changeme", "change-me", "secret", "password", "example")


class Environment(BaseSettings):
    """The settings an operator may give. `DATABASE_URL` has no prefix; the others start with `LADDER_`."""

    model_config = SettingsConfigDict(env_prefix="LADDER_", extra="ignore", populate_by_name=True)

    production: bool = False
    debug: bool = False
    secret_key: str = ""
    allowed_hosts: str = ""
    behind_https_proxy: bool = True
    data: Path = HERE / "var"
    database_url: str = Field("", validation_alias="DATABASE_URL")
    time_zone: str = "UTC"
    language: str = "en-gb"
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _fit_for_production(self):
        if not self.production:
            return self
        faults = [
            (self.debug, "LADDER_DEBUG is on: it shows the inside of every error to anyone"),
            (not self.database_url, "DATABASE_URL is missing: name the database, for instance postgres://…"),
            (not self.hosts, "LADDER_ALLOWED_HOSTS is missing: name the hosts, separated by commas"),
            ("*" in self.hosts, "LADDER_ALLOWED_HOSTS is *: name the hosts"),
            (
                weak(self.secret_key),
                "LADDER_SECRET_KEY is missing or weak: give 50 characters or more by chance, for instance "
                "from python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
            ),
        ]
        if told := [fault for wrong, fault in faults if wrong]:
            raise ValueError("; ".join(told))
        return self

    @property
    def hosts(self):
        return [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]

    def key(self):
        """Return the secret key: the one given, or one made by chance and kept in the data folder."""
        if self.secret_key:
            return self.secret_key
        self.data.mkdir(parents=True, exist_ok=True)
        kept = self.data / "secret-key"
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(50), encoding="ascii")
        return kept.read_text(encoding="ascii").strip()


def weak(key):
    """Say whether a secret key is too short, too plain, or one that people paste from examples."""
    return len(key) < 50 or len(set(key)) < 15 or any(word in key.lower() for word in WEAK)


def read():
    """Return the `Environment`, or stop the process with one line per fault."""
    try:
        return Environment()
    except ValidationError as faults:
        lines = [
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}".lstrip(": ") for fault in faults.errors()
        ]
        raise SystemExit("Ladder does not start:\n" + "\n".join(f"  {line}" for line in lines)) from None
