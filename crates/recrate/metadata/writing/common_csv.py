"""The common metadata as a table for a funder: one row for each data set, in Japanese.

Source: the columns of GakuNin RDM's report, https://github.com/RCOSDP/RDM-osf.io,
addons/metadata/report_format/report_ja.csv.j2
"""

import codecs
import csv
import io

from recrate.metadata.common import creators_of, funder_names
from recrate.metadata.writing.grdm_answers import common_of
from recrate.model.common import CommonMetadata, DataItem
from recrate.model.common_values import (
    ACCESS_RIGHTS,
    AS_PROJECT,
    DATA_TYPES,
    FIELDS,
    POLICIES,
)
from recrate.model.record import Record
from recrate.model.study import Description

HEADINGS = (
    "資金配分機関情報",
    "体系的番号におけるプログラム情報コード",
    "プログラム名",
    "体系的番号",
    "プロジェクト名",
    "データNo.",
    "データの名称",
    "掲載日・掲載更新日",
    "データの説明",
    "データの分野",
    "データ種別",
    "概略データ量",
    "管理対象データの利活用・提供方針 (有償/無償)",
    "管理対象データの利活用・提供方針(ライセンス)",
    "管理対象データの利活用・提供方針(引用方法等)",
    "アクセス権",
    "公開予定日 (公開期間猶予の場合)",
    "リポジトリ情報",
    "リポジトリURL・DOIリンク",
    "データ作成者",
    "データ作成者の研究者番号",
    "データ管理機関",
    "データ管理機関コード",
    "データ管理者",
    "データ管理者の研究者番号",
    "データ管理者の所属組織名",
    "データ管理者の所属機関の連絡先住所",
    "データ管理者の所属機関の連絡先電話番号",
    "データ管理者の所属機関の連絡先メールアドレス",
    "備考",
)
"""A manuscript has no row; further grants and links have no column."""
_SIGNS = frozenset("=+-@＝＋－＠")
_BREAKS = ("\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula, in full width too.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""


def write_csv(record: Record) -> bytes:
    """Return the table in UTF-8 with a byte order mark, which Excel needs to read Japanese.

    A text in Japanese comes before one in English. What a spreadsheet would run as a formula has an
    apostrophe before it.
    """
    common = common_of(record)
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for item in common.items:
        if item.file_type != "manuscript":
            writer.writerow([_cell(text) for text in _row(common, item, record.description)])
    return codecs.BOM_UTF8 + table.getvalue().encode("utf-8", "replace")


def _row(common: CommonMetadata, item: DataItem, description: Description) -> list[str]:
    """Return the texts of one data set in the order of the headings."""
    field = common.field if item.field == AS_PROJECT else item.field
    creators = creators_of(item, description)
    manager = item.manager
    return [
        funder_names(common.funder)[0],
        common.funding_stream,
        common.programme_ja or common.programme_en,
        common.award_number,
        common.project_ja or common.project_en,
        item.number,
        item.title_ja or item.title_en,
        item.issued,
        item.description_ja or item.description_en,
        FIELDS[field][0] if field in FIELDS else field,
        DATA_TYPES[item.data_type].ja if item.data_type in DATA_TYPES else item.data_type,
        item.size,
        POLICIES.get(item.policy, item.policy),
        item.licence,
        item.citation_ja or item.citation_en,
        ACCESS_RIGHTS.get(item.access, item.access),
        item.available,
        item.repository_ja or item.repository_en,
        item.repository_link,
        ";".join(one.name_ja or one.name_en for one in creators),
        ";".join(one.number for one in creators),
        item.hosting_ja or item.hosting_en,
        item.hosting_ror,
        manager.name_ja or manager.name_en,
        manager.number,
        manager.organisation_ja or manager.organisation_en,
        manager.address_ja or manager.address_en,
        manager.telephone,
        manager.email,
        item.remarks_ja or item.remarks_en,
    ]


def _cell(text: str) -> str:
    """Return a text that no spreadsheet runs, whatever it cannot show stands before the sign."""
    plain = text.replace("\0", "")
    shown = next((one for one in plain if one.isprintable() and not one.isspace()), "")
    return f"'{plain}" if plain.startswith(_BREAKS) or shown in _SIGNS else plain
