"""The answers that the common metadata items allow, in the words of their official lists.

Source: GakuNin RDM's form 公的資金による研究データのメタデータ登録, version 3,
https://github.com/RCOSDP/RDM-osf.io, website/project/metadata/e-rad-metadata-1.json
"""

from typing import NamedTuple

from recrate.model.study import AccessRight


class Funder(NamedTuple):
    """A funder of item 1. `erad`: its code in e-Rad; `crossref`: in the Crossref registry."""

    ja: str
    en: str
    erad: str
    ror: str = ""
    crossref: str = ""


class DataType(NamedTuple):
    """A data type of item 9. `coar`: its address in the COAR vocabulary."""

    ja: str
    coar: str


class DataLicence(NamedTuple):
    """A licence of item 11. `spdx`: empty for what is on no list."""

    name: str
    spdx: str = ""


_ROR = "https://ror.org/"
_COAR = "http://purl.org/coar/resource_type/"

FUNDERS = {
    "AMED": Funder("国立研究開発法人日本医療研究開発機構",
                   "Japan Agency for Medical Research and Development",
                   "303", f"{_ROR}004rtk039", "100009619"),
    "MOD": Funder("防衛省", "Ministry of Defense", "501", f"{_ROR}05axzm004"),
    "NRA": Funder("原子力規制庁", "Nuclear Regulation Authority", "1503", f"{_ROR}01169d420"),
    "ERCA": Funder("独立行政法人環境再生保全機構",
                   "Environmental Restoration and Conservation Agency",
                   "1502", f"{_ROR}01c9agy38"),
    "CAO": Funder("内閣府", "Cabinet Office", "301", f"{_ROR}007f5s288"),
    "SOUMU": Funder("総務省", "Ministry of Internal Affairs and Communications",
                    "601", f"{_ROR}00vs1pz50"),
    "FDMA": Funder("消防庁", "Fire and Disaster Management Agency", "605"),
    "NICT": Funder("国立研究開発法人情報通信研究機構",
                   "National Institute of Information and Communications Technology",
                   "615", f"{_ROR}016bgq349"),
    "MEXT": Funder("文部科学省",
                   "Ministry of Education, Culture, Sports, Science and Technology",
                   "1001", f"{_ROR}048rj2z13", "501100001700"),
    "JST": Funder("国立研究開発法人科学技術振興機構", "Japan Science and Technology Agency",
                  "1020", f"{_ROR}00097mb19", "501100002241"),
    "JSPS": Funder("独立行政法人日本学術振興会",
                   "Japan Society for the Promotion of Science",
                   "1025", f"{_ROR}00hhkn466", "501100001691"),
    "MHLW": Funder("厚生労働省", "Ministry of Health, Labour and Welfare",
                   "1101", f"{_ROR}03mwa7s65"),
    "MAFF": Funder("農林水産省", "Ministry of Agriculture, Forestry and Fisheries",
                   "1201", f"{_ROR}02zdz1m23"),
    "PRIMAFF": Funder("農林水産省農林水産政策研究所", "Policy Research Institute, MAFF",
                      "1203", f"{_ROR}042wasb67"),
    "NARO": Funder("国立研究開発法人農業・食品産業技術総合研究機構",
                   "National Agriculture and Food Research Organization",
                   "1205", f"{_ROR}023v4bd62"),
    "METI": Funder("経済産業省", "Ministry of Economy, Trade and Industry",
                   "1301", f"{_ROR}055tm7f07"),
    "NEDO": Funder("国立研究開発法人新エネルギー・産業技術総合開発機構",
                   "New Energy and Industrial Technology Development Organization",
                   "1305", f"{_ROR}0055k7a87", "501100001863"),
    "MLIT": Funder("国土交通省", "Ministry of Land, Infrastructure, Transport and Tourism",
                   "1401", f"{_ROR}00b0p4j69"),
    "NILIM": Funder("国土技術政策総合研究所",
                    "National Institute for Land and Infrastructure Management",
                    "1405", f"{_ROR}044bxz342"),
    "ENV": Funder("環境省", "Ministry of the Environment", "1501", f"{_ROR}03rybxa06"),
    "BIBIOHN": Funder("国立研究開発法人医薬基盤・健康・栄養研究所",
                      "National Institutes of Biomedical Innovation, Health and Nutrition",
                      "1106", f"{_ROR}001rkbe13"),
}  # fmt: skip
"""Item 1. ROR identifiers: addons/weko/mappings/utils.py of the same repository."""

FIELDS = {
    "189": ("ライフサイエンス", "Life Science"),
    "289": ("情報通信", "Informatics"),
    "389": ("環境", "Environmental Science"),
    "489": ("ナノテク・材料", "Nanotechnology/Materials"),
    "589": ("エネルギー", "Energy Engineering"),
    "689": ("ものづくり技術", "Manufacturing Technology"),
    "789": ("社会基盤", "Social Infrastructure"),
    "889": ("フロンティア", "Frontier Technology"),
    "900": ("人文・社会", "Humanities & Social Sciences"),
    "1000": ("自然科学一般", "Natural Science"),
    "9999": ("その他", "Others"),
}
"""Research fields of e-Rad: code → Japanese, English."""
AS_PROJECT = "project"
"""Item 8: the data's field is that of the project."""

DATA_TYPES = {
    "dataset": DataType("データセット", f"{_COAR}c_ddb1"),
    "aggregated data": DataType("集計データ", f"{_COAR}ACF7-8YT9"),
    "clinical trial data": DataType("臨床試験データ", f"{_COAR}c_cb28"),
    "compiled data": DataType("編集データ", f"{_COAR}FXF3-D3G7"),
    "encoded data": DataType("符号化データ", f"{_COAR}AM6W-6QAW"),
    "experimental data": DataType("実験データ", f"{_COAR}63NG-B465"),
    "genomic data": DataType("ゲノムデータ", f"{_COAR}A8F1-NPV9"),
    "geospatial data": DataType("地理空間データ", f"{_COAR}2H0M-X761"),
    "laboratory notebook": DataType("実験ノート", f"{_COAR}H41Y-FW7B"),
    "measurement and test data": DataType("測定・評価データ", f"{_COAR}DD58-GFSX"),
    "observational data": DataType("観測データ", f"{_COAR}FF4C-28RK"),
    "recorded data": DataType("記録データ", f"{_COAR}CQMR-7K63"),
    "simulation data": DataType("シミュレーションデータ", f"{_COAR}W2XT-7017"),
    "survey data": DataType("調査データ", f"{_COAR}NHD0-W6SY"),
}
"""Item 9. Source of the addresses: https://vocabularies.coar-repositories.org/resource_types/"""

LICENCES = {
    "NO_LICENSE": DataLicence("ライセンスなし"),
    "CC0": DataLicence("CC0 1.0 Universal", "CC0-1.0"),
    "CC0PD": DataLicence("CC0 1.0 パブリック・ドメイン提供"),
    "CCBY": DataLicence("CC BY 4.0 表示 国際", "CC-BY-4.0"),
    "CCBYSA": DataLicence("CC BY-SA 4.0 表示—継承", "CC-BY-SA-4.0"),
    "CCBYND": DataLicence("CC BY-ND 4.0 表示—改変禁止", "CC-BY-ND-4.0"),
    "CCBYNC": DataLicence("CC BY-NC 4.0 表示—非営利", "CC-BY-NC-4.0"),
    "CCBYNCSA": DataLicence("CC BY-NC-SA 4.0 表示—非営利—継承", "CC-BY-NC-SA-4.0"),
    "CCBYNCND": DataLicence("CC BY-NC-ND 4.0 表示—非営利—改変禁止", "CC-BY-NC-ND-4.0"),
    "AFL": DataLicence("Academic Free License (AFL) 3.0", "AFL-3.0"),
    "PD": DataLicence("パブリックドメイン"),
    "MIT": DataLicence("MIT License", "MIT"),
    "Apache2": DataLicence("Apache License 2.0", "Apache-2.0"),
    "BSD2": DataLicence('BSD 2-Clause "Simplified" License', "BSD-2-Clause"),
    "BSD3": DataLicence('BSD 3-Clause "New"/"Revised" License', "BSD-3-Clause"),
    "GPL3": DataLicence("GNU General Public License (GPL) 3.0", "GPL-3.0-only"),
    "GPL2": DataLicence("GNU General Public License (GPL) 2.0", "GPL-2.0-only"),
    "Artistic2": DataLicence("Artistic License 2.0", "Artistic-2.0"),
    "Eclipse1": DataLicence("Eclipse Public License 1.0", "EPL-1.0"),
    "LGPL3": DataLicence("GNU Lesser General Public License (LGPL) 3.0", "LGPL-3.0-only"),
    "LGPL2_1": DataLicence("GNU Lesser General Public License (LGPL) 2.1", "LGPL-2.1-only"),
    "Mozilla2": DataLicence("Mozilla Public License 2.0", "MPL-2.0"),
    "OTHER": DataLicence("その他"),
}

POLICIES = {"free": "無償", "consideration": "有償"}
ACCESS_RIGHTS = {
    "open access": "公開",
    "restricted access": "共有",
    "metadata only access": "非共有・非公開",
    "embargoed access": "公開期間猶予",
}
EMBARGOED = "embargoed access"
ACCESS_OF_STUDIES = {
    AccessRight.OPEN: "open access",
    AccessRight.SHARED: "restricted access",
    AccessRight.CLOSED: "metadata only access",
    AccessRight.EMBARGOED: EMBARGOED,
}
METADATA_ACCESS = {
    "open access": "公開",
    "restricted access": "共有",
    "closed access": "非共有・非公開",
}
FILE_TYPES = {"dataset": "データセット", "manuscript": "論文"}
MANAGERS = {"individual": "個人", "organization": "組織"}
