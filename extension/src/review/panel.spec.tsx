import { nullTranslator } from '@jupyterlab/translation';
import React, { act } from 'react';

import { Api, Jobs } from '../api';
import { aJob, ServerDouble } from '../api/testing/server';
import { Memory } from '../state';
import { Room } from '../ui';
import { Screen } from '../ui/testing/screen';
import { Review } from './panel';
import { anOutput, OutputsDouble } from './testing/outputs';

const HOSTILE =
  '<!doctype html><html><head></head><body><script>parent.x = 1</script></body></html>';
const NAME = '<img src=x onerror=alert(1)>.ipynb';

describe('Review', () => {
  let server: ServerDouble;
  let screen: Screen;
  let jobs: Jobs;
  let jumped: [string, number][];

  beforeAll(() => {
    // jsdom lays nothing out.
    Object.defineProperty(HTMLElement.prototype, 'clientHeight', {
      configurable: true,
      get: () => 400
    });
  });

  beforeEach(async () => {
    const list = new OutputsDouble([
      anOutput({ cell: 0 }),
      anOutput({ cell: 3, verdict: 'different', reason: '1 became 2', notebook: NAME }),
      anOutput({ cell: 5, verdict: 'added' })
    ]);
    server = new ServerDouble();
    server.job = aJob({ status: 'done', summary: { verdict: 'different' } });
    const { id } = server.job;
    server.answers.set(`GET jobs/${id}/outputs`, ({ query }) => ({
      body: answered(list, query)
    }));
    server.answers.set(`GET jobs/${id}/outputs/page`, () => ({ text: HOSTILE }));
    server.answers.set(`GET jobs/${id}/result`, () => ({ status: 404, body: {} }));
    server.answers.set(`POST jobs/${id}/waivers`, () => ({
      status: 201,
      body: aJob({ id: '1'.repeat(32), kind: 'judge', parent: id, status: 'queued' })
    }));
    const api = new Api(server.settings);
    jobs = new Jobs(api);
    jumped = [];
    const recrate = {
      api,
      jobs,
      memory: new Memory(null),
      openStudy: async () => undefined,
      openCrate: async () => undefined,
      openRun: async () => undefined,
      openReview: async () => undefined,
      publishVerdict: async () => undefined
    };
    screen = new Screen();
    screen.show(
      <Room recrate={recrate} trans={nullTranslator.load('recrate')}>
        <Review
          id={id}
          ground={{ theme: 'dark', changed: null }}
          jumper={{
            jump: async (_, notebook, cell) => {
              jumped.push([notebook, cell]);
              return false;
            }
          }}
          onNamed={() => undefined}
          onRun={() => undefined}
        />
      </Room>
    );
    await screen.wait(40);
  });

  afterEach(() => {
    screen.close();
    jobs.dispose();
  });

  /** What the server was asked last at this place. */
  function asked(path: string) {
    return server.arrived.filter(one => one.path.endsWith(path)).pop();
  }

  function click(text: string): void {
    const found = screen.all('button').find(one => one.textContent?.startsWith(text));
    if (!found) {
      throw new Error(`no button ${text}`);
    }
    act(() => found.click());
  }

  it('opens at the difference, and says how many are left', () => {
    expect(screen.find('[aria-current]').textContent).toContain('1 became 2');
    expect(screen.box.textContent).toContain('1 difference left to look at');
  });

  it('shows a stranger’s page where no script can act, on the ground of the theme', () => {
    const frame = screen.find<HTMLIFrameElement>('iframe');
    const allowed = frame.getAttribute('sandbox')?.split(' ') ?? [];
    expect(frame.hasAttribute('sandbox')).toBe(true);
    expect(allowed).not.toContain('allow-scripts');
    expect(frame.srcdoc.indexOf("default-src 'none'")).toBeLessThan(
      frame.srcdoc.indexOf('<script>')
    );
    expect(asked('outputs/page')?.query.get('theme')).toBe('dark');
  });

  it('shows names of strangers as text', () => {
    expect(screen.find('h2').textContent).toContain(NAME);
    expect(screen.all('img')).toEqual([]);
  });

  it('goes on with keys, but not while somebody types', async () => {
    screen.press('j', screen.find('[data-row="1"]'));
    await screen.wait(20);
    expect(screen.find('[aria-current]').textContent).toContain('Cell 5');
    screen.press('n', screen.find('[data-row="2"]'));
    await screen.wait(20);
    expect(screen.find('[aria-current]').textContent).toContain('Cell 3');
    click('Waive');
    await screen.wait();
    screen.press('j', screen.find('textarea'));
    await screen.wait(20);
    expect(screen.find('[aria-current]').textContent).toContain('Cell 3');
  });

  it('asks for a reason before anything is accepted', async () => {
    click('Accept');
    await screen.wait();
    screen.click('form .jp-mod-primary');
    expect(screen.find('textarea').getAttribute('aria-invalid')).toBe('true');
    expect(asked('waivers')).toBeUndefined();
  });

  it('keeps a decision with its reason, and starts the judging', async () => {
    click('Accept');
    await screen.wait();
    write(screen.find<HTMLTextAreaElement>('textarea'), ' last digit ');
    await screen.wait();
    screen.click('form .jp-mod-primary');
    await screen.wait(20);
    expect(asked('waivers')?.body).toEqual({
      notebook: NAME,
      cell: 3,
      output: 0,
      kind: 'accept',
      reason: 'last digit'
    });
    expect(screen.box.textContent).toContain('Judging again');
  });

  it('says so when the notebook is nowhere to be opened', async () => {
    click('Jump to the cell');
    await screen.wait(20);
    expect(jumped).toEqual([[NAME, 3]]);
    expect(screen.box.textContent).toContain('inside the crate');
  });
});

function write(field: HTMLTextAreaElement, text: string): void {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(field, text);
  act(() => void field.dispatchEvent(new Event('input', { bubbles: true })));
}

function answered(list: OutputsDouble, query: URLSearchParams) {
  const verdict = query.getAll('verdict');
  const kept = list.outputs.filter(one => !verdict.length || verdict.includes(one.verdict));
  return {
    all: list.outputs.length,
    total: kept.length,
    counts: { identical: 1, different: 1, added: 1 },
    filtered: { identical: 1, different: 1, added: 1 },
    notebooks: ['a.ipynb', NAME],
    failures: [],
    offset: 0,
    outputs: kept
  };
}
