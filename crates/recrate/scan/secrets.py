"""Secrets in text: the detectors of detect-secrets, behind a filter that most text never passes.

Its entropy detectors are left out: they see a secret in nearly every line of a notebook. So are
the detectors of public addresses and of Artifactory keys, whose patterns are plain words.
"""

import functools
import importlib
import re
from collections.abc import Iterator
from typing import Any

Hit = tuple[int, str, str, str]
"""(line from 1, kind in words, masked form, the secret itself, which must not be shown)"""

_WORDS = (
    "pass", "pwd", "secret", "token", "_key", "apikey", "api-key", "api key", "authkey", "akia",
    "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "hooks.slack",
    "-----begin", "eyj", "sk_live", "rk_live", "sk-", "sg.", "aiza", "hf_", "npm_", "pypi-",
    "accountkey", "sq0", "dapi", "contrase", "bearer", "-us",
)  # fmt: skip
_LIKELY = re.compile("|".join(map(re.escape, _WORDS)) + r"|://[^/\s:@]{1,80}:[^/\s@]{1,80}@")
_LONGEST_LINE = 20_000
_PLUGINS = (
    ("aws", "AWSKeyDetector", "an AWS key"),
    ("azure_storage_key", "AzureStorageKeyDetector", "an Azure storage key"),
    ("basic_auth", "BasicAuthDetector", "a password in a URL"),
    ("cloudant", "CloudantDetector", "a Cloudant credential"),
    ("discord", "DiscordBotTokenDetector", "a Discord token"),
    ("github_token", "GitHubTokenDetector", "a GitHub token"),
    ("gitlab_token", "GitLabTokenDetector", "a GitLab token"),
    ("ibm_cloud_iam", "IbmCloudIamDetector", "an IBM Cloud key"),
    ("ibm_cos_hmac", "IbmCosHmacDetector", "an IBM COS key"),
    ("jwt", "JwtTokenDetector", "a JSON web token"),
    ("mailchimp", "MailchimpDetector", "a Mailchimp key"),
    ("npm", "NpmDetector", "an npm token"),
    ("openai", "OpenAIDetector", "an OpenAI key"),
    ("private_key", "PrivateKeyDetector", "a private key"),
    ("pypi_token", "PypiTokenDetector", "a package index token"),
    ("sendgrid", "SendGridDetector", "a SendGrid key"),
    ("slack", "SlackDetector", "a Slack token"),
    ("softlayer", "SoftlayerDetector", "a SoftLayer credential"),
    ("square_oauth", "SquareOAuthDetector", "a Square secret"),
    ("stripe", "StripeDetector", "a Stripe key"),
    ("telegram_token", "TelegramBotTokenDetector", "a Telegram token"),
    ("twilio", "TwilioKeyDetector", "a Twilio key"),
)
_OWN = (
    (re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"), "a Google API key"),
    (re.compile(r"\bhf_[A-Za-z]{30,40}\b"), "a Hugging Face token"),
    (re.compile(r"\bgithub_pat_[0-9A-Za-z_]{40,}\b"), "a GitHub token"),
    (re.compile(r"\bsk-(?:proj|ant|or)-[0-9A-Za-z_-]{20,}"), "an API key"),
    (re.compile(r"\bsk-[0-9A-Za-z]{40,}\b"), "an API key"),
    (re.compile(r"\bdapi[0-9a-f]{32}\b"), "a Databricks token"),
    (
        re.compile(
            r"\b\w*token\w*['\"]?\]?\s*[:=]\s*['\"](?=[^'\"]*\d)(?=[^'\"]*[A-Za-z])"
            r"([A-Za-z0-9_.\-/+=]{20,})['\"]",
            re.IGNORECASE,
        ),
        "a token",
    ),
    (re.compile(r"\bBearer\s+(?=\S*\d)([A-Za-z0-9_.\-/+=]{20,})"), "a bearer token"),
)
_UNQUOTED = re.compile(
    r"^\s*(?:export\s+)?\w*(?:password|passwd|secret|api_?key|token|private_?key)\w*"
    r"\s*[:=]\s*['\"]?([^\s'\"#]{6,})",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"your|my_?(pass|secret|key|token)|example|sample|change_?me|dummy|fake|placeholder|todo|insert"
    r"|(x{3,})|(\*{3,})|(\.{3,})|…|^(none|null|true|false|test\w*|pass(word|wd)?\d*|secret\w*"
    r"|api[-_]?key|token|user(name)?|key|str(ing)?|text|demo|admin|root|abc\w{0,3}|redacted|hidden)$"
    r"|^[<\[{$%(]|^os\.|getpass|environ|getenv|input\(",
    re.IGNORECASE,
)


def secrets_in(text: str, *, unquoted: bool = False) -> Iterator[Hit]:
    """Yield what looks like a secret in `text`.

    unquoted: `PASSWORD=value` without quotes counts too, as in `.env` files
    """
    lowered = text.lower()
    if not any(map(lowered.__contains__, _WORDS)) and "://" not in lowered:
        return
    if len(lowered) != len(text):
        lowered = text  # a few letters change their length; places must stay right
    end = 0
    for match in _LIKELY.finditer(lowered):
        if match.start() < end:
            continue
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.start())
        end = len(text) if end < 0 else end
        line = text[start:end]
        if len(line) > _LONGEST_LINE:
            line = text[max(start, match.start() - 500) : match.start() + 1500]
            end = match.start() + 1500
        number = text.count("\n", 0, start) + 1
        for kind, secret in _in_line(line, unquoted=unquoted):
            yield number, kind, masked(secret), secret


def without_secrets(text: str) -> str:
    """Return `text` with all that looks like a secret in it masked."""
    for _, _, shown, secret in sorted(secrets_in(text), key=lambda hit: -len(hit[3])):
        text = text.replace(secret, shown)
    return text


def masked(secret: str) -> str:
    """Return a form that tells its owner which secret it is, and nobody else what it is."""
    shown = secret[:3] if len(secret) >= 16 else secret[:1] if len(secret) >= 8 else ""
    return f"{shown}… ({len(secret)} characters)"


def _in_line(line: str, *, unquoted: bool) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for kind, secret in _candidates(line, unquoted=unquoted):
        if not secret or any(secret in one or one in secret for one in seen):
            continue
        seen.add(secret)
        yield kind, secret


def _candidates(line: str, *, unquoted: bool) -> Iterator[tuple[str, str]]:
    for kind, plugin in _plugins():
        for secret in plugin.analyze_string(line):
            if kind != "a password in a URL" or not _PLACEHOLDER.search(secret):
                yield kind, secret
    for pattern, kind in _OWN:
        for match in pattern.finditer(line):
            secret = match[match.lastindex or 0]
            if not _PLACEHOLDER.search(secret):
                yield kind, secret
    if len(line) <= 1000:
        for secret in _keyword().analyze_string(line):
            if _is_assigned_secret(secret, line):
                yield "a password or key", secret
        assigned = _UNQUOTED.match(line) if unquoted else None
        if assigned and _is_assigned_secret(assigned[1], "") and re.search(r"\d", assigned[1]):
            yield "a password or key", assigned[1]


def _is_assigned_secret(secret: str, line: str) -> bool:
    """Say whether what stands behind `password =` is a value, not a word about one."""
    from detect_secrets.filters import heuristic  # noqa: PLC0415 - see _plugins

    if len(secret) < 6 or re.search(r"[\s(){}\[\]<>,;]", secret) or _PLACEHOLDER.search(secret):
        return False
    if re.fullmatch(r"[a-z]+([_-][a-z]+)+|[A-Z]+(_[A-Z]+)+|[./~][\w./-]*", secret):
        return False
    return not (
        heuristic.is_indirect_reference(line)
        or heuristic.is_sequential_string(secret)
        or heuristic.is_potential_uuid(secret)
        or heuristic.is_templated_secret(secret)
        or heuristic.is_not_alphanumeric_string(secret)
    )


@functools.cache
def _plugins() -> tuple[tuple[str, Any], ...]:
    """Return the detectors; loaded when a text passes the filter, they take a fifth of a second."""
    return tuple((kind, _plugin(module, name)) for module, name, kind in _PLUGINS)


@functools.cache
def _keyword() -> Any:
    return _plugin("keyword", "KeywordDetector")


def _plugin(module: str, name: str) -> Any:
    return getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), name)()
