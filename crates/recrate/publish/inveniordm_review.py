"""Handing a draft in to a community, whose curators look at it before it is public.

Source: https://inveniordm.docs.cern.ch/reference/rest_api_reviews/; invenio-rdm-records,
services/review/service.py: one review for one draft; an open one is neither deleted nor replaced.
"""

from recrate.model.errors import NotFound, OutsideFailed
from recrate.publish.inveniordm_api import Api, Json, item, sound

_TYPE = "community-submission"


def wants_review(api: Api, identifier: str) -> bool:
    """Say whether a draft carries a review already: some instances make one for new versions."""
    review = api.review(identifier)
    return review is not None and not review.get("is_closed")


def hand_in(api: Api, identifier: str, community: str) -> None:
    """Ask a community to take the draft; where the person may, it is published at once.

    community: its slug, empty to hand in the review that the draft carries
    """
    review = api.review(identifier)
    if _is_open(review):
        return
    if community and not _waits_for(review, wanted := _identifier(api, community)):
        body = {"receiver": {"community": wanted}, "type": _TYPE}
        api.ask("PUT", f"{item(identifier)}/draft/review", json_body=body).expect(200, 201)
    try:
        answer = api.ask("POST", f"{item(identifier)}/draft/actions/submit-review", json_body={})
        if answer.status not in {400, 404} or not _settled(api, identifier):
            answer.expect(200, 201, 202)
    except OutsideFailed:
        if not _settled(api, identifier):
            raise


def standing(api: Api, identifier: str) -> str:
    """Return in words how a draft stands that was handed in."""
    review = api.review(identifier) or {}
    if review.get("is_closed") and review.get("status") != "accepted":
        return "the community did not take it: see why on the draft's page"
    return "the community's curators look at it before it is public"


def _settled(api: Api, identifier: str) -> bool:
    """Say whether the draft was handed in, or is published already."""
    return _is_open(api.review(identifier)) or api.record(identifier) is not None


def _is_open(review: Json | None) -> bool:
    return review is not None and bool(review.get("is_open")) and review.get("status") != "created"


def _waits_for(review: Json | None, community: str) -> bool:
    """Say whether a review for this community is there and not handed in yet."""
    if review is None or review.get("status") != "created":
        return False
    receiver = review.get("receiver")
    return isinstance(receiver, dict) and receiver.get("community") == community


def _identifier(api: Api, community: str) -> str:
    found = api.community(community)
    if found is None:
        raise NotFound(
            f"no community called {community}",
            where=api.base,
            hint="its name is the last part of its address",
        )
    return str(sound(found, api.base)["id"])
