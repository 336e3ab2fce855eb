/**
 * What the common metadata items are called, with their official numbers.
 *
 * Source: GakuNin RDM's form 公的資金による研究データのメタデータ登録,
 * https://github.com/RCOSDP/RDM-osf.io, website/project/metadata/e-rad-metadata-1.json
 */
import { spoken } from '../words';

type Name = readonly [number: string, ja: string, en: string];

/** Names of fields without the language at their end. */
const STUDY: Readonly<Record<string, Name>> = {
  funder: ['1', '資金配分機関情報', 'Funder'],
  funding_stream: ['2', '体系的番号におけるプログラム情報コード', 'Funding stream code'],
  programme: ['2', 'プログラム名', 'Program name'],
  award_number: ['2', '体系的番号', 'Japan Grant Number'],
  project: ['3', 'プロジェクト名', 'Project name'],
  field: ['3', 'プロジェクトの分野', 'Research field of the project']
};

const ITEM: Readonly<Record<string, Name>> = {
  file_type: ['', 'ファイル種別', 'File type'],
  number: ['4', 'データ No.', 'Data No.'],
  title: ['5', 'データの名称', 'Title of the data'],
  issued: ['6', '掲載日・掲載更新日', 'Date (issued or updated)'],
  description: ['7', 'データの説明', 'Description of the data'],
  field: ['8', 'データの分野', 'Research field of the data'],
  data_type: ['9', 'データ種別', 'Data type'],
  size: ['10', '概略データ量', 'Rough size of the data'],
  policy: ['11', '利活用・提供方針：有償/無償', 'Data policy: free of charge or not'],
  licence: ['11', '利活用・提供方針：ライセンス', 'Data policy: licence'],
  citation: ['11', '利活用・提供方針：引用方法等', 'Data policy: how to cite'],
  access: ['12', 'アクセス権', 'Access rights'],
  available: ['12', '公開予定日', 'Date of opening'],
  metadata_access: ['', 'メタデータのアクセス権', 'Access rights of the metadata'],
  repository: ['13', 'リポジトリ情報', 'Repository'],
  repository_link: ['13', 'リポジトリ URL・DOI リンク', 'Repository URL or DOI'],
  publication_link: ['', '論文の DOI', 'DOI of the paper'],
  dataset_link: ['', '根拠データの DOI', 'DOI of the underlying data'],
  creators: ['14', 'データ作成者', 'Data creators'],
  hosting: ['15', 'データ管理機関', 'Hosting institution'],
  hosting_ror: ['15', 'データ管理機関コード（ROR）', 'Hosting institution identifier (ROR)'],
  remarks: ['17', '備考', 'Remarks']
};

const MANAGER: Readonly<Record<string, Name>> = {
  kind: ['16', 'データ管理者の種類', 'Type of data manager'],
  number: ['16', 'データ管理者の e-Rad 研究者番号', 'e-Rad number of the data manager'],
  name: ['16', 'データ管理者', 'Data manager'],
  organisation: ['16', 'データ管理者の所属組織名', 'Contact organisation'],
  address: ['16', 'データ管理者の所属機関の連絡先住所', 'Contact address'],
  telephone: ['16', 'データ管理者の所属機関の連絡先電話番号', 'Contact telephone number'],
  email: ['16', 'データ管理者の所属機関の連絡先メールアドレス', 'Contact mail address']
};

const CREATOR: Readonly<Record<string, Name>> = {
  number: ['', 'e-Rad 研究者番号', 'e-Rad researcher number'],
  name: ['', '氏名', 'Name'],
  affiliation: ['', '所属機関', 'Affiliation']
};

export const NAMES = { study: STUDY, item: ITEM, manager: MANAGER, creator: CREATOR } as const;

/** Which record a field is of. */
export type Owner = keyof typeof NAMES;

/** Return the name of a field such as `title_ja`, in the language that is spoken. */
export function commonName(owner: Owner, field: string): string {
  const [, base, language] = /^(.*?)(?:_(ja|en))?$/.exec(field)!;
  const [number, ja, en] = NAMES[owner][base!] ?? ['', field, field];
  const suffix = {
    ja: spoken(' (Japanese)', '（日本語）'),
    en: spoken(' (English)', '（英語）')
  }[language ?? ''];
  return `${number ? `${number}. ` : ''}${spoken(en, ja)}${suffix ?? ''}`;
}
