"""Words of the JPCOAR schema that more than one room says."""

from recrate.model.record import LinkRelation

JPCOAR_RELATIONS = {
    LinkRelation.IS_SUPPLEMENT_TO: "isSupplementTo",
    LinkRelation.IS_SUPPLEMENTED_BY: "isSupplementedBy",
    LinkRelation.CITES: "Cites",
    LinkRelation.IS_CITED_BY: "isCitedBy",
    LinkRelation.REFERENCES: "references",
    LinkRelation.IS_REFERENCED_BY: "isReferencedBy",
    LinkRelation.IS_DERIVED_FROM: "isDerivedFrom",
    LinkRelation.IS_SOURCE_OF: "isSourceOf",
    LinkRelation.REQUIRES: "requires",
    LinkRelation.IS_REQUIRED_BY: "isRequiredBy",
    LinkRelation.REVIEWS: "references",
    LinkRelation.IS_REVIEWED_BY: "isReferencedBy",
    LinkRelation.HAS_PART: "hasPart",
    LinkRelation.IS_PART_OF: "isPartOf",
    LinkRelation.HAS_VERSION: "hasVersion",
    LinkRelation.IS_VERSION_OF: "isVersionOf",
    LinkRelation.IS_NEW_VERSION_OF: "replaces",
    LinkRelation.IS_PREVIOUS_VERSION_OF: "isReplacedBy",
    LinkRelation.HAS_METADATA: "hasFormat",
    LinkRelation.IS_IDENTICAL_TO: "isIdenticalTo",
}
"""JPCOAR has no word for a review: a verdict references what it judges. The words are those of 2.0
and of WEKO, which spell `Cites` with a capital; 2.1 says `cites`.

Source: https://github.com/JPCOAR/schema, 2.0/jpcoar_scm.xsd and 2.1/jpcoar_scm.xsd,
relationTypeVocab
"""
