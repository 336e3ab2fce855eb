"""Common metadata for tests: one study with every item filled in, and any that may be typed."""

from hypothesis import strategies as some

from recrate.model.common import Award, CommonMetadata, DataCreator, DataItem, DataManager

WHOLE = CommonMetadata(
    funder="JST",
    funding_stream="MJCR",
    programme_ja="戦略的創造研究推進事業",
    programme_en="Strategic Basic Research Programs",
    award_number="JPMJCR1234",
    project_ja="潮汐の再現",
    project_en="Tides again",
    field="389",
    additional=(
        Award(funder="JSPS", award_number="JP20H00001", project_ja="海の数値", project_en="Seas"),
    ),
    items=(
        DataItem(
            number="1",
            title_ja="潮位の計算結果",
            title_en="Computed tide levels",
            issued="2026-04-01",
            description_ja="三つの港の潮位を計算した。\n一時間ごとの値。",
            description_en="Tide levels of three ports, by the hour.",
            field="project",
            data_type="simulation data",
            size="<1GB",
            policy="free",
            licence="CCBY",
            citation_ja="論文を引用してください",
            citation_en="Cite the paper",
            access="embargoed access",
            available="2027-04-01",
            repository_ja="学術機関リポジトリ",
            repository_en="Institutional repository",
            repository_link="https://doi.org/10.5072/tides",
            publication_link="https://doi.org/10.1234/paper",
            dataset_link="https://doi.org/10.1234/data",
            hosting_ja="国立情報学研究所",
            hosting_en="National Institute of Informatics",
            hosting_ror="https://ror.org/04ksd4g47",
            manager=DataManager(
                kind="individual",
                number="90050426",
                name_ja="情報 花子",
                name_en="Hanako Joho",
                organisation_ja="データ管理室",
                organisation_en="Data office",
                address_ja="東京都千代田区一ツ橋2-1-2",
                address_en="2-1-2 Hitotsubashi, Tokyo",
                telephone="+81-3-0000-0000",
                email="data@example.ac.jp",
            ),
            remarks_ja="備考なし",
            remarks_en="None",
            file_type="dataset",
            creators=(
                DataCreator(
                    number="80132356",
                    name_ja="研究 太郎",
                    name_en="Taro Kenkyu",
                    affiliation_ja="国立情報学研究所",
                    affiliation_en="National Institute of Informatics",
                ),
                DataCreator(name_ja="無所属 次郎"),
            ),
            metadata_access="open access",
            files=("data/levels.csv", "figures/"),
        ),
        DataItem(number="00002", title_ja="実験ノート", access="restricted access"),
    ),
)

typed = some.text(
    some.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12
)
"""What one may type into a field, nothing included."""


def _any(kind, /, **other):
    texts = {
        name: typed
        for name, field in kind.__dataclass_fields__.items()
        if field.type in {"str", str}
    }
    return some.builds(kind, **{**texts, **other})


def _many(strategy):
    return some.lists(strategy, max_size=2).map(tuple)


items = _any(
    DataItem,
    number=typed | some.integers(0, 10**10).map(str),
    licence=typed | some.sampled_from(("CCBY", "MIT", "OTHER")),
    hosting_ror=typed | some.sampled_from(("https://ror.org/04ksd4g47",)),
    repository_link=typed | some.sampled_from(("https://example.org/a", "https://example.org/b")),
    manager=_any(DataManager, kind=some.sampled_from(("", "individual", "organization"))),
    creators=_many(_any(DataCreator)),
    files=_many(typed | some.sampled_from(("data/levels.csv", "./data", "../x", "a:b"))),
)
commons = _any(
    CommonMetadata,
    funder=typed | some.sampled_from(("JST", "JSPS")),
    items=_many(items),
    additional=_many(_any(Award)),
)
