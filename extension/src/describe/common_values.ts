/**
 * The answers that the common metadata items allow, in both languages.
 *
 * Source: GakuNin RDM's form 公的資金による研究データのメタデータ登録, as
 * crates/recrate/model/common_values.py has it; `common_values.spec.ts` holds the two together.
 */

/** One answer: what is written, and its names. */
export interface IAnswer {
  readonly code: string;
  readonly ja: string;
  readonly en: string;
}

function answers(rows: readonly (readonly [code: string, ja: string, en: string])[]): IAnswer[] {
  return rows.map(([code, ja, en]) => ({ code, ja, en }));
}

/** Item 1. */
export const FUNDERS = answers([
  [
    'AMED',
    '国立研究開発法人日本医療研究開発機構',
    'Japan Agency for Medical Research and Development'
  ],
  ['MOD', '防衛省', 'Ministry of Defense'],
  ['NRA', '原子力規制庁', 'Nuclear Regulation Authority'],
  ['ERCA', '独立行政法人環境再生保全機構', 'Environmental Restoration and Conservation Agency'],
  ['CAO', '内閣府', 'Cabinet Office'],
  ['SOUMU', '総務省', 'Ministry of Internal Affairs and Communications'],
  ['FDMA', '消防庁', 'Fire and Disaster Management Agency'],
  [
    'NICT',
    '国立研究開発法人情報通信研究機構',
    'National Institute of Information and Communications Technology'
  ],
  ['MEXT', '文部科学省', 'Ministry of Education, Culture, Sports, Science and Technology'],
  ['JST', '国立研究開発法人科学技術振興機構', 'Japan Science and Technology Agency'],
  ['JSPS', '独立行政法人日本学術振興会', 'Japan Society for the Promotion of Science'],
  ['MHLW', '厚生労働省', 'Ministry of Health, Labour and Welfare'],
  ['MAFF', '農林水産省', 'Ministry of Agriculture, Forestry and Fisheries'],
  ['PRIMAFF', '農林水産省農林水産政策研究所', 'Policy Research Institute, MAFF'],
  [
    'NARO',
    '国立研究開発法人農業・食品産業技術総合研究機構',
    'National Agriculture and Food Research Organization'
  ],
  ['METI', '経済産業省', 'Ministry of Economy, Trade and Industry'],
  [
    'NEDO',
    '国立研究開発法人新エネルギー・産業技術総合開発機構',
    'New Energy and Industrial Technology Development Organization'
  ],
  ['MLIT', '国土交通省', 'Ministry of Land, Infrastructure, Transport and Tourism'],
  ['NILIM', '国土技術政策総合研究所', 'National Institute for Land and Infrastructure Management'],
  ['ENV', '環境省', 'Ministry of the Environment'],
  [
    'BIBIOHN',
    '国立研究開発法人医薬基盤・健康・栄養研究所',
    'National Institutes of Biomedical Innovation, Health and Nutrition'
  ]
]);

/** Research fields of e-Rad. */
export const FIELDS = answers([
  ['189', 'ライフサイエンス', 'Life Science'],
  ['289', '情報通信', 'Informatics'],
  ['389', '環境', 'Environmental Science'],
  ['489', 'ナノテク・材料', 'Nanotechnology/Materials'],
  ['589', 'エネルギー', 'Energy Engineering'],
  ['689', 'ものづくり技術', 'Manufacturing Technology'],
  ['789', '社会基盤', 'Social Infrastructure'],
  ['889', 'フロンティア', 'Frontier Technology'],
  ['900', '人文・社会', 'Humanities & Social Sciences'],
  ['1000', '自然科学一般', 'Natural Science'],
  ['9999', 'その他', 'Others']
]);

/** Item 8, besides the fields themselves. */
const AS_PROJECT = answers([['project', 'プロジェクトの分野と同じ', 'As the project']]);

/** Item 9. */
export const DATA_TYPES = answers([
  ['dataset', 'データセット', 'dataset'],
  ['aggregated data', '集計データ', 'aggregated data'],
  ['clinical trial data', '臨床試験データ', 'clinical trial data'],
  ['compiled data', '編集データ', 'compiled data'],
  ['encoded data', '符号化データ', 'encoded data'],
  ['experimental data', '実験データ', 'experimental data'],
  ['genomic data', 'ゲノムデータ', 'genomic data'],
  ['geospatial data', '地理空間データ', 'geospatial data'],
  ['laboratory notebook', '実験ノート', 'laboratory notebook'],
  ['measurement and test data', '測定・評価データ', 'measurement and test data'],
  ['observational data', '観測データ', 'observational data'],
  ['recorded data', '記録データ', 'recorded data'],
  ['simulation data', 'シミュレーションデータ', 'simulation data'],
  ['survey data', '調査データ', 'survey data']
]);

/** Item 11. */
export const LICENCES = answers([
  ['NO_LICENSE', 'ライセンスなし', 'No licence'],
  ['CC0', 'CC0 1.0 Universal', 'CC0 1.0 Universal'],
  ['CC0PD', 'CC0 1.0 パブリック・ドメイン提供', 'CC0 1.0 Public Domain Dedication'],
  ['CCBY', 'CC BY 4.0 表示 国際', 'CC BY 4.0'],
  ['CCBYSA', 'CC BY-SA 4.0 表示—継承', 'CC BY-SA 4.0'],
  ['CCBYND', 'CC BY-ND 4.0 表示—改変禁止', 'CC BY-ND 4.0'],
  ['CCBYNC', 'CC BY-NC 4.0 表示—非営利', 'CC BY-NC 4.0'],
  ['CCBYNCSA', 'CC BY-NC-SA 4.0 表示—非営利—継承', 'CC BY-NC-SA 4.0'],
  ['CCBYNCND', 'CC BY-NC-ND 4.0 表示—非営利—改変禁止', 'CC BY-NC-ND 4.0'],
  ['AFL', 'Academic Free License (AFL) 3.0', 'Academic Free License (AFL) 3.0'],
  ['PD', 'パブリックドメイン', 'Public domain'],
  ['MIT', 'MIT License', 'MIT License'],
  ['Apache2', 'Apache License 2.0', 'Apache License 2.0'],
  ['BSD2', 'BSD 2-Clause "Simplified" License', 'BSD 2-Clause "Simplified" License'],
  ['BSD3', 'BSD 3-Clause "New"/"Revised" License', 'BSD 3-Clause "New"/"Revised" License'],
  ['GPL3', 'GNU General Public License (GPL) 3.0', 'GNU General Public License (GPL) 3.0'],
  ['GPL2', 'GNU General Public License (GPL) 2.0', 'GNU General Public License (GPL) 2.0'],
  ['Artistic2', 'Artistic License 2.0', 'Artistic License 2.0'],
  ['Eclipse1', 'Eclipse Public License 1.0', 'Eclipse Public License 1.0'],
  [
    'LGPL3',
    'GNU Lesser General Public License (LGPL) 3.0',
    'GNU Lesser General Public License (LGPL) 3.0'
  ],
  [
    'LGPL2_1',
    'GNU Lesser General Public License (LGPL) 2.1',
    'GNU Lesser General Public License (LGPL) 2.1'
  ],
  ['Mozilla2', 'Mozilla Public License 2.0', 'Mozilla Public License 2.0'],
  ['OTHER', 'その他', 'Other']
]);

/** Item 11. */
export const POLICIES = answers([
  ['free', '無償', 'Free of charge'],
  ['consideration', '有償', 'For a fee']
]);

/** Item 12. */
export const ACCESS_RIGHTS = answers([
  ['open access', '公開', 'open access'],
  ['restricted access', '共有', 'restricted access'],
  ['metadata only access', '非共有・非公開', 'metadata only access'],
  ['embargoed access', '公開期間猶予', 'embargoed access']
]);

/** Who may see the metadata. */
export const METADATA_ACCESS = answers([
  ['open access', '公開', 'open access'],
  ['restricted access', '共有', 'restricted access'],
  ['closed access', '非共有・非公開', 'closed access']
]);

/** What a data set is. */
export const FILE_TYPES = answers([
  ['dataset', 'データセット', 'Data set'],
  ['manuscript', '論文', 'Manuscript']
]);

/** Item 16. */
export const MANAGERS = answers([
  ['individual', '個人', 'Person'],
  ['organization', '組織', 'Organisation']
]);

/** Item 8. */
export const DATA_FIELDS: readonly IAnswer[] = [...AS_PROJECT, ...FIELDS];

/** Rough sizes of item 10, as data management plans have them. */
export const SIZES: readonly string[] = ['<1GB', '1-10GB', '10-100GB', '>100GB'];

/** Return the answers that hold what was typed: in their code, or in a name in either language. */
export function answersFor(list: readonly IAnswer[], typed: string): IAnswer[] {
  const wanted = typed.trim().toLowerCase();
  return list.filter(({ code, ja, en }) =>
    [code, ja, en].some(name => name.toLowerCase().includes(wanted))
  );
}

/** Return an answer's names: the one in the language that is spoken first. */
export function answerWords({ ja, en }: IAnswer, isJapanese: boolean): string {
  const [own, other] = isJapanese ? [ja, en] : [en, ja];
  return ja.startsWith(en) ? own : `${own} (${other})`;
}
