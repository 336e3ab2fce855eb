"""A record's data sets as answers to GakuNin RDM's form of publicly funded research data."""

import json

from recrate.metadata.common import common_of_description
from recrate.metadata.common_answers import Form, item_answers, project_answers
from recrate.model.common import CommonMetadata
from recrate.model.common_terms import data_names, file_links
from recrate.model.record import Record


def write_answers(record: Record, *, form: Form = Form.OF_2024) -> bytes:
    """Return `{question: {"value": answer}}` as JSON.

    Questions of a file (`grdm-file:…`) are answered for the first data set; all data sets, with
    their files, stand in the answer to `grdm-files`. Where the common metadata are switched off it
    is what the description tells.
    """
    common = common_of(record)
    answers = project_answers(common, record.description, paths=paths_of(record), form=form)
    if common.items:
        answers |= item_answers(common.items[0], record.description, form=form)
    return (json.dumps(answers, ensure_ascii=False, indent=2) + "\n").encode()


def common_of(record: Record) -> CommonMetadata:
    """Return the items of a record, as they were typed or else as the description tells them."""
    size_bytes = sum(file.size_bytes for file in record.files)
    return record.description.common or common_of_description(
        record.description, size_bytes=size_bytes if record.files else None
    )


def paths_of(record: Record) -> tuple[tuple[str, ...], ...]:
    """Return for each data set the files of the record that it is."""
    common = common_of(record)
    names = data_names(common)
    links_of = file_links(common, names)
    found: dict[str, list[str]] = {name: [] for name in names}
    for file in record.files:
        for link in links_of(file.path):
            found[link["@id"]].append(file.path)
    return tuple(tuple(found[name]) for name in names)
