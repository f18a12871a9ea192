"""Every setting, read from the environment, typed, failing loudly."""

import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

# OWASP Password Storage Cheat Sheet: argon2id with m=19456 KiB, t=2, p=1
OWASP_MEMORY_KIB, OWASP_ROUNDS = 19_456, 2
ROOT = Path(__file__).resolve().parent.parent


class ConfigurationError(RuntimeError):
    """A setting is missing or makes no sense; the program does not start."""


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isascii() or not text.isdecimal():
        raise ConfigurationError(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _switch(name: str, default: bool = False) -> bool:
    text = os.environ.get(name, "1" if default else "0").lower()
    if text not in {"0", "1", "true", "false", "yes", "no"}:
        raise ConfigurationError(f"{name} must be 1 or 0, not {text!r}")
    return text in {"1", "true", "yes"}


def _instance_path() -> Path:
    return Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance").resolve()


@dataclass(frozen=True)
class Settings:
    """What an operator can set; docs/operations.md and .env.example explain each."""

    instance_path: Path = field(default_factory=_instance_path)
    database_url: str = field(default_factory=lambda: os.environ.get("DATABASE_URL", ""))
    secret_key: str = field(default_factory=lambda: os.environ.get("SECRET_KEY", ""))
    secret_key_fallbacks: tuple[str, ...] = field(
        default_factory=lambda: tuple(filter(None, os.environ.get("SECRET_KEY_FALLBACKS", "").split(",")))
    )
    public_url: str = field(
        default_factory=lambda: os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    )
    smtp_url: str = field(default_factory=lambda: os.environ.get("SMTP_URL", ""))
    mail_from: str = field(default_factory=lambda: os.environ.get("MAIL_FROM", "FairApp <fair@localhost>"))
    jobs_url: str = field(default_factory=lambda: os.environ.get("JOBS_URL", ""))
    jobs_immediate: bool = field(default_factory=lambda: _switch("JOBS_IMMEDIATE"))
    limits_url: str = field(default_factory=lambda: os.environ.get("LIMITS_URL", "memory://"))
    trusted_proxies: int = field(default_factory=lambda: _number("TRUSTED_PROXIES", 0))
    max_upload_mb: int = field(default_factory=lambda: _number("MAX_UPLOAD_MB", 20))
    password_memory_kib: int = field(default_factory=lambda: _number("PASSWORD_MEMORY_KIB", OWASP_MEMORY_KIB))
    password_rounds: int = field(default_factory=lambda: _number("PASSWORD_ROUNDS", OWASP_ROUNDS))
    secure_cookies: bool = field(default_factory=lambda: _switch("SECURE_COOKIES"))
    development: bool = field(default_factory=lambda: _switch("FAIRAPP_DEVELOPMENT"))
    # The demo shows its log-ins on the sign-in page and asks for no second factor.
    demo: bool = field(default_factory=lambda: _switch("FAIRAPP_DEMO"))

    def check(self, debug: bool) -> None:
        """Refuse, by ConfigurationError, what is safe on a developer's machine alone."""
        if self.development:
            return
        if debug:
            raise ConfigurationError(
                "debug mode shows the program's inside; set FAIRAPP_DEVELOPMENT=1 on your own machine"
            )
        if self.secret_key and len(self.secret_key) < 16:
            raise ConfigurationError("SECRET_KEY is too short to be one; leave it out and one is made")
        if self.password_memory_kib < OWASP_MEMORY_KIB or self.password_rounds < OWASP_ROUNDS:
            raise ConfigurationError(f"a password must cost {OWASP_MEMORY_KIB} KiB and {OWASP_ROUNDS} rounds at least")

    def flask(self) -> dict[str, object]:
        """Return the same settings under the names Flask and its extensions look for."""
        return {
            "SECRET_KEY": self.secret_key or self._generated_secret("secret.key"),
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SQLALCHEMY_DATABASE_URI": self.database_uri,
            "MAX_CONTENT_LENGTH": self.max_upload_mb * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
            "WTF_CSRF_CHECK_DEFAULT": False,  # core.access checks: a bearer token needs no CSRF token
            "WTF_CSRF_TIME_LIMIT": None,
            "RATELIMIT_STORAGE_URI": self.limits_url,
            "BABEL_DEFAULT_LOCALE": "zh_Hans",
        }

    @property
    def database_uri(self) -> str:
        """Return SQLAlchemy's address of the database; `postgres://` is read as psycopg's."""
        if not self.database_url:
            return f"sqlite:///{self.instance_path / 'fair.db'}"
        scheme, _, rest = self.database_url.partition("://")
        if scheme in {"postgres", "postgresql"}:
            return f"postgresql+psycopg://{rest}"
        return self.database_url

    def _generated_secret(self, name: str) -> str:
        """Return the random secret that is made at the first start and kept in the instance folder."""
        path = self.instance_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "x", opener=lambda p, flags: os.open(p, flags, 0o600)) as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return path.read_text().strip()
