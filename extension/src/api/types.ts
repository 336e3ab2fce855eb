/** The nouns of the contract by their names; the shapes come from `schema.ts`, which is generated. */
import type { components, operations } from './schema';

type Schemas = components['schemas'];

export type About = Schemas['About'];
export type Access = Schemas['Access'];
export type Applied = Schemas['Applied'];
export type CampaignResult = Schemas['CampaignResult'];
export type CampaignStanding = Schemas['CampaignStanding'];
export type CellJudged = Schemas['CellJudged'];
export type Changes = Schemas['Changes'];
export type CheckResult = Schemas['CheckResult'];
export type Coverage = Schemas['Coverage'];
export type CrateOverview = Schemas['CrateOverview'];
export type DataReference = Schemas['DataReference'];
export type Deposit = Sparing<Schemas['Deposit'], 'path'>;
export type Deposited = Schemas['Deposited'];
export type Description = Schemas['Description'];
export type DescriptionForm = Schemas['DescriptionForm'];
export type Finding = Schemas['Finding'];
export type Fix = Schemas['Fix'];
export type FoundNotebook = Schemas['FoundNotebook'];
export type FreshCell = Sparing<Schemas['FreshCell'], 'notebook' | 'cell'>;
export type Funding = Schemas['Funding'];
export type Job = Schemas['Job'];
export type JobEvent = Schemas['Event'];
export type JobPage = Schemas['JobPage'];
export type JudgeResult = Schemas['JudgeResult'];
export type Judgement = Schemas['Judgement'];
export type Kind = Schemas['Kind'];
export type Licence = Schemas['Licence'];
export type LockSummary = Schemas['LockSummary'];
export type NotebookError = Schemas['NotebookError'];
export type NotebookVerdict = Schemas['NotebookVerdict'];
export type Opinion = Schemas['Opinion'];
export type OutputJudgement = Schemas['OutputJudgement'];
export type OutputPage = Schemas['OutputPage'];
export type OutputShown = Schemas['OutputShown'];
export type PackResult = Schemas['PackResult'];
export type Person = Schemas['Person'];
export type Place = Schemas['Place'];
export type PlaceOption = Schemas['PlaceOption'];
export type Preflight = Schemas['Preflight'];
export type ProblemAnswer = Schemas['Problem'];
export type Progress = Schemas['Progress'];
export type PublishPlace = Schemas['PublishPlace'];
export type PublishResult = Schemas['PublishResult'];
export type Receipt = Schemas['Receipt'];
export type RecordedNotebook = Schemas['RecordedNotebook'];
export type Related = Schemas['Related'];
export type ReplayResult = Schemas['ReplayResult'];
export type Reviewer = Schemas['Reviewer'];
export type RestrictedFile = Schemas['RestrictedFile'];
export type RunnerOffered = Schemas['RunnerOffered'];
export type ScanResult = Schemas['ScanResult'];
export type Session = Schemas['Session'];
export type Severity = Schemas['Severity'];
export type Status = Schemas['Status'];
export type Summary = Schemas['Summary'];

export type JobResult =
  | ScanResult
  | PackResult
  | CheckResult
  | ReplayResult
  | JudgeResult
  | PublishResult
  | CampaignResult;

/** The answer to an order names its defaults, the order itself need not. */
type Sparing<Whole, Needed extends keyof Whole> = Pick<Whole, Needed> &
  Partial<Omit<Whole, Needed>>;

export type ScanOrder = Sparing<Schemas['ScanOrder'], 'kind' | 'path'>;
export type PackOrder = Sparing<Schemas['PackOrder'], 'kind' | 'path'>;
export type CheckOrder = Sparing<Schemas['CheckOrder'], 'kind' | 'path'>;
export type VerifyOrder = Sparing<Schemas['VerifyOrder'], 'kind' | 'path'>;
export type ReplayOrder = Sparing<Schemas['ReplayOrder'], 'kind' | 'path'>;
export type ReviewOrder = Sparing<Schemas['ReviewOrder'], 'kind' | 'opinion'>;
export type PublishOrder = Sparing<Schemas['PublishOrder'], 'kind' | 'path' | 'place'>;
export type CampaignOrder = Sparing<Schemas['CampaignOrder'], 'kind'>;
export type Order =
  | ScanOrder
  | PackOrder
  | CheckOrder
  | VerifyOrder
  | ReplayOrder
  | PublishOrder
  | ReviewOrder
  | CampaignOrder;

export type DepositsWanted = NonNullable<operations['listDeposits']['parameters']['query']>;
export type LookupWanted = operations['lookUp']['parameters']['query'];
export type Lookup = operations['lookUp']['responses']['200']['content']['application/json'];
export type JobsWanted = NonNullable<operations['listJobs']['parameters']['query']>;
export type OutputsWanted = NonNullable<operations['listOutputs']['parameters']['query']>;
export type OutputWanted = operations['showOutput']['parameters']['query'];
export type FixWanted = operations['applyFix']['requestBody']['content']['application/json'];
export type BesideWanted = NonNullable<operations['showBeside']['parameters']['query']>;
export type Waiver = operations['waiveOutput']['requestBody']['content']['application/json'];

/** Whether the job can still change by itself. */
export function isUnderWay(job: Pick<Job, 'status'>): boolean {
  return job.status === 'queued' || job.status === 'running';
}

/** Whether a job has outputs, a report and a review: it ran notebooks. */
export function isRun(job: Pick<Job, 'kind'>): boolean {
  return job.kind === 'replay' || job.kind === 'verify' || job.kind === 'review';
}

/** Whether going on can help: what was refused, or was wrong input, is mended and begun anew. */
export function canResume(job: Pick<Job, 'resumable' | 'error'>): boolean {
  const reason = job.error?.reason ?? '';
  return job.resumable && !['refused', 'not-allowed', 'bad-input', 'bad-crate'].includes(reason);
}
