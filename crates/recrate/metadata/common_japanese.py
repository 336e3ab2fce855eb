"""What is said of a description, in Japanese: for the command line, where no catalogue is at hand.

The sentences are those of JupyterLab's catalogue; a test holds the two together.
"""

from recrate.model.form import FieldComplaint

JAPANESE = {
    "the study has no title":
        "題名がありません。",
    "nothing says what the study is about":
        "研究の内容が書かれていません。",
    "two or three sentences that somebody from another field understands":
        "ほかの分野の人にも分かる文章を二、三文で書いてください。",
    "there is a title in this language already":
        "この言語の題名は、すでにあります。",
    "choose the other language":
        "もう一方の言語を選んでください。",
    "is no date":
        "日付ではありません。",
    "write it as 2027-04-01":
        "2027-04-01 のように書いてください。",
    "nothing says who made the study":
        "誰が作成したかが書かれていません。",
    "has no name":
        "名前がありません。",
    "without one, nobody is named":
        "氏名がなければ、作成者として表示されません。",
    "is no ORCID: form or check digit wrong":
        "ORCID として正しくありません（形式または検査数字の誤り）。",
    "copy it from the person's page at orcid.org":
        "orcid.org の本人のページからコピーしてください。",
    "is no mail address":
        "メールアドレスの形式ではありません。",
    "is no researcher number of e-Rad":
        "e-Rad 研究者番号ではありません。",
    "it has eight digits":
        "8 桁の数字です。",
    "is the ORCID of somebody above":
        "上の人と同じ ORCID です。",
    "is no ROR identifier: form or check digits wrong":
        "ROR の識別子として正しくありません（形式または検査数字の誤り）。",
    "look the organisation up at ror.org":
        "ror.org で機関を検索してください。",
    "nothing says under which licence the study may be used":
        "どのライセンスで利用できるかが書かれていません。",
    "CC-BY-4.0 for texts and data, MIT or Apache-2.0 for code, are usual":
        "文章やデータには CC-BY-4.0 が、コードには MIT や Apache-2.0 がよく使われます。",
    "is not on the SPDX licence list":
        "SPDX のライセンス一覧にありません。",
    "write an SPDX identifier, e.g. CC-BY-4.0 or MIT":
        "CC-BY-4.0 や MIT などの SPDX 識別子を書いてください。",
    "is neither a DOI nor an address that everybody can open":
        "DOI でも、誰もが開けるアドレスでもありません。",
    "write a DOI, e.g. 10.5281/zenodo.1, or an http(s) address":
        "10.5281/zenodo.1 のような DOI か、http(s) のアドレスを書いてください。",
    "stands above already":
        "上に同じものがあります。",
    "nothing says who paid":
        "助成機関が書かれていません。",
    "is neither a ROR nor a Crossref identifier of a funder":
        "助成機関の ROR でも Crossref の識別子でもありません。",
    "look the funder up at ror.org":
        "ror.org で助成機関を検索してください。",
    "is not written as Japan Grant Numbers are":
        "体系的番号の書き方ではありません。",
    "JP and the number in capital letters and digits, e.g. JP20H00001":
        "`JP20H00001` のように、`JP` に続けて番号を半角の大文字と数字で書いてください。",
    "nothing says from when on it is open":
        "公開予定日が書かれていません。",
    "write the date as 2027-04-01":
        "日付を 2027-04-01 のように書いてください。",
    "nothing says who may have it, and for what":
        "誰が何のために利用できるかが書かれていません。",
    "nothing says whom to ask for it":
        "問い合わせ先が書かれていません。",
    "an address of the group or the library outlives that of a person":
        "個人よりも、研究室や図書館の連絡先のほうが長く使えます。",
    "is no file or folder of the study":
        "研究フォルダのファイルやフォルダではありません。",
    "write its path from the study's root on, with /":
        "研究フォルダの最上位からのパスを / で区切って書いてください。",
    "a notebook that is kept back has no crate":
        "公開しないノートブックは、クレートに入れられません。",
    "keep back the data that it reads, or leave it out with a line in .recrateignore":
        "ノートブックの読むデータを公開しないようにするか、"
        ".recrateignore でノートブックを除いてください。",
    "is not in the study":
        "研究フォルダにありません。",
    "correct its name: under another one it would be published":
        "名前を直してください。名前が違うと公開されてしまいます。",
    "what is kept back is shared or closed":
        "公開しないファイルのアクセス権は、共有または非共有・非公開です。",
    "take it off this list to publish it":
        "公開するには、この一覧から取り除いてください。",
    "is no address that everybody can open":
        "誰もが開けるアドレスではありません。",
    "nothing says which funder paid":
        "資金配分機関が選ばれていません。",
    "the Japan Grant Number is missing":
        "体系的番号がありません。",
    "the project has no name":
        "プロジェクト名がありません。",
    "one language is enough":
        "日本語か英語の一方で構いません。",
    "the project's research field is missing":
        "プロジェクトの分野が選ばれていません。",
    "there is no data set yet":
        "データがまだ一件もありません。",
    "is no code of a funder":
        "資金配分機関の略称ではありません。",
    "choose it from the list, or write its English abbreviation":
        "一覧から選ぶか、英語の略称を書いてください。",
    "is no code of a funding programme":
        "プログラム情報コードの書き方ではありません。",
    "up to five letters and digits, e.g. MJCR":
        "`MJCR` のように、半角英数字 5 文字以内で書いてください。",
    "is none of the answers on the official list":
        "公式の選択肢にありません。",
    "choose one from the list":
        "一覧から選んでください。",
    "nothing says who may see these metadata":
        "メタデータのアクセス権が選ばれていません。",
    "the data have no title":
        "データの名称がありません。",
    "nothing says what the data are":
        "データの説明がありません。",
    "the research field of the data is missing":
        "データの分野が選ばれていません。",
    "nothing says of which type the data are":
        "データ種別が選ばれていません。",
    "is no rough size of data":
        "概略データ量の書き方ではありません。",
    "a number or two and a unit, e.g. 1-10GB or <1GB":
        "`1-10GB` や `<1GB` のように、数と単位で書いてください。",
    "nothing says whether the data are free of charge":
        "有償か無償かが選ばれていません。",
    "nothing says under which licence the data may be used":
        "データのライセンスが選ばれていません。",
    "nothing says how to cite the data":
        "データの引用方法が書かれていません。",
    "nothing says who may have the data":
        "データのアクセス権が選ばれていません。",
    "data that are open access are free of charge":
        "公開するデータは無償です。",
    "share them on request where they are to be paid for":
        "有償で提供する場合は、アクセス権を共有にしてください。",
    "is no DOI":
        "DOI ではありません。",
    "a DOI, e.g. 10.5281/zenodo.1":
        "10.5281/zenodo.1 のような DOI を書いてください。",
    "nothing says which institution keeps the data":
        "データ管理機関が書かれていません。",
    "the check digit of this e-Rad number does not fit":
        "この e-Rad 研究者番号は、検査数字が合いません。",
    "look whether a digit is wrong or two have changed places":
        "数字の誤りや入れ違いがないか確かめてください。",
    "nothing says whether a person or an office manages the data":
        "データ管理者が個人か組織かが選ばれていません。",
    "nothing says who manages the data":
        "データ管理者の名前がありません。",
    "is no telephone number":
        "電話番号の形式ではありません。",
    "digits and hyphens, e.g. 03-0000-0000":
        "03-0000-0000 のように、数字とハイフンで書いてください。",
    "nothing says how to reach who manages the data":
        "データ管理者の連絡先がありません。",
    "a mail address, or organisation, postal address and telephone number together":
        "メールアドレスか、または所属組織名と住所と電話番号のすべてを書いてください。",
}  # fmt: skip
"""Message or hint in English → the same in Japanese."""


def in_japanese(complaint: FieldComplaint) -> str:
    """Return what is wrong, and what to do about it, in Japanese; unknown words stay as they are.

    Of the field nothing is said: whoever shows the complaint knows what it is called there.
    """
    told = (JAPANESE.get(text, text) for text in (complaint.message, complaint.hint) if text)
    return "".join(told)
