"""What all pages of a site share: the frame, the style, and a policy that keeps scripts out."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from recrate.model.errors import BadInput
from recrate.publish.site_text import size_in_words, web_address
from recrate.publish.site_words import LANGUAGES, PAGES, words

GENERATOR = "recrate site"
"""What marks a page as one that we wrote, and may write over."""

_TEMPLATES = Environment(
    loader=PackageLoader("recrate.publish", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLook:
    """What a site's own answers say of its pages.

    url:    public base address with `/` at its end; None while nobody said
    titles: of the site, by language
    launch: address of a launch service with `{url}` in it
    inbox:  where COAR Notify messages go
    """

    titles: Mapping[str, str]
    url: str | None = None
    launch: str | None = None
    inbox: str | None = None

    def title(self, language: str) -> str:
        """Return the site's title in `en` or `ja`."""
        return self.titles.get(language) or words(language)["default_title"]


def launch_template(template: str) -> str:
    """Return a launch service's address; raises BadInput where it is none or names no `{url}`."""
    told = template.strip()
    if told.count("{url}") != 1 or web_address(told.replace("{url}", "x")) is None:
        raise BadInput(
            "not the address of a launch service",
            where="launch",
            hint="write an https address with `{url}` where the crate's address belongs",
        )
    return told


def page(template: str, language: str, *, look: SiteLook, up: str, **given: Any) -> str:
    """Return a page made from one of our templates.

    up:    relative address of the site's own folder, empty for its front page
    rules: in `given`, more rules of style; script: our own script, no page has another
    """
    other = next(one for one in LANGUAGES if one != language)
    css = source("site.css")
    style = css + given.pop("rules", "")
    script = given.get("script")
    if script is not None:
        given["script"] = Markup(script)  # noqa: S704 our own file, not a word of a stranger's
    return _TEMPLATES.get_template(template).render(
        language=language,
        other=other,
        own_page=PAGES[language],
        other_page=PAGES[other],
        other_name=words(other)["language_name"],
        w=words(language),
        site_title=look.title(language),
        generator=GENERATOR,
        up=up,
        style=Markup(style),  # noqa: S704 our own file and numbers
        policy=_policy(style, script),
        size_in_words=size_in_words,
        **given,
    )


def _policy(style: str, script: str | None) -> str:
    """Return a policy that lets our own style and script pass, by their hashes, and nothing else.

    Source: https://www.w3.org/TR/CSP3/#grammardef-hash-source
    """
    told = ["default-src 'none'", "img-src 'self' data:", f"style-src {_hash(style)}"]
    if script is not None:
        told.append(f"script-src {_hash(script)}")
    return "; ".join([*told, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def data_block(document: bytes | None) -> Markup | None:
    """Return JSON-LD that cannot end the element it stands in; None for what is no JSON."""
    if document is None:
        return None
    try:
        text = json.dumps(json.loads(document), ensure_ascii=True)
    except (ValueError, RecursionError):
        return None
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 ASCII JSON without <, > and &


def atom_feed(document: Mapping[str, Any]) -> str:
    """Return a feed in Atom. Source: RFC 4287."""
    return _TEMPLATES.get_template("site_feed.xml.j2").render(**document)


def source(name: str) -> str:
    """Return one of our own files as it lies among the templates."""
    assert _TEMPLATES.loader is not None
    return _TEMPLATES.loader.get_source(_TEMPLATES, name)[0]
