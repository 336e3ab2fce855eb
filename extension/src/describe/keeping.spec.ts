import type { Description, DescriptionForm } from '../api';
import { Keeper, type IStashed } from './keeping';
import { withText } from './model';

const FIRST: Description = { title: 'Tides', description: '', keywords: ['sea'] };

/** A study on a disk, with a drawer for what is not on it yet: what the server and Lab do. */
class Study {
  disk: Description = FIRST;
  drawer: IStashed | null = null;
  fails = false;
  complaints: DescriptionForm['complaints'] = [];
  writes: Description[] = [];

  keeper(): Keeper {
    return new Keeper(
      {
        read: async () => this._form(),
        keep: async description => {
          if (this.fails) {
            throw new Error('the disk is full');
          }
          this.writes.push(description);
          this.disk = { ...description };
          return this._form();
        },
        stashed: async () => this.drawer,
        stash: async stashed => {
          this.drawer = stashed && (JSON.parse(JSON.stringify(stashed)) as IStashed);
        }
      },
      20,
      30
    );
  }

  private _form(): DescriptionForm {
    const { disk: description, complaints } = this;
    return { description, complaints, sources: {}, suggestions: [] };
  }
}

const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds));

async function opened(study: Study): Promise<Keeper> {
  const keeper = study.keeper();
  await keeper.open();
  return keeper;
}

function titled(keeper: Keeper, title: string): void {
  keeper.edit(withText(keeper.draft!, 'title', 'en', title));
}

describe('Keeper', () => {
  it('keeps what was typed once the person pauses, and in one writing', async () => {
    const study = new Study();
    const keeper = await opened(study);
    titled(keeper, 'Tides o');
    titled(keeper, 'Tides of');
    titled(keeper, 'Tides of Kii');
    expect(keeper.state).toBe('typed');
    expect(study.drawer?.draft.title).toBe('Tides of Kii');
    await pause(80);
    expect(study.writes.map(one => one.title)).toEqual(['Tides of Kii']);
    expect(keeper.state).toBe('kept');
    expect(study.drawer).toBeNull();
  });

  it('holds what could not be kept, through a closed page, until it is', async () => {
    const study = new Study();
    study.fails = true;
    const keeper = await opened(study);
    titled(keeper, 'Typed in vain');
    expect(await keeper.flush()).toBe(false);
    expect(keeper.state).toBe('failed');
    expect(keeper.problem?.message).toBe('the disk is full');
    keeper.dispose();

    study.fails = false;
    const next = await opened(study);
    expect(next.isTakenUp).toBe(true);
    expect(next.draft?.title).toBe('Typed in vain');
    await pause(80);
    expect(study.disk.title).toBe('Typed in vain');
    expect(study.drawer).toBeNull();
  });

  it('tries again by itself what failed and may pass', async () => {
    const study = new Study();
    const keeper = await opened(study);
    study.fails = true;
    titled(keeper, 'Sooner or later');
    expect(await keeper.flush()).toBe(false);
    study.fails = false;
    await pause(120);
    expect(study.disk.title).toBe('Sooner or later');
    expect(keeper.problem).toBeNull();
  });

  it('brings in what another tab wrote in other fields', async () => {
    const study = new Study();
    const keeper = await opened(study);
    study.disk = { ...study.disk, licence: 'CC-BY-4.0' };
    titled(keeper, 'Mine');
    expect(await keeper.flush()).toBe(true);
    expect(study.disk).toMatchObject({ title: 'Mine', licence: 'CC-BY-4.0' });
    expect(keeper.draft?.licence).toBe('CC-BY-4.0');
  });

  it.each(['mine', 'theirs'] as const)(
    'writes nothing over another tab’s words in the same field until %s is chosen',
    async side => {
      const study = new Study();
      const keeper = await opened(study);
      study.disk = { ...study.disk, title: 'Theirs', version: '2' };
      titled(keeper, 'Mine');
      expect(await keeper.flush()).toBe(false);
      expect(keeper.state).toBe('conflict');
      expect(keeper.clashing).toContain('title');
      expect(study.writes).toEqual([]);
      expect(study.drawer?.draft.title).toBe('Mine');
      await keeper.settle(side);
      expect(study.disk.title).toBe(side === 'mine' ? 'Mine' : 'Theirs');
      expect(study.disk.version).toBe('2');
      expect(keeper.state).toBe('kept');
    }
  );

  it('is not confused by a server that writes the same in its own way', async () => {
    const study = new Study();
    const keeper = await opened(study);
    titled(keeper, 'Mine ');
    await keeper.flush();
    study.disk = { ...study.disk, title: 'Mine', title_en: 'Mine', licence: null };
    keeper.edit({ ...keeper.draft!, version: '3' });
    expect(await keeper.flush()).toBe(true);
    expect(study.disk.version).toBe('3');
  });

  it('drops a complaint once its field is another', async () => {
    const study = new Study();
    study.complaints = [
      { field: 'title', message: 'a title is too short', hint: '' },
      { field: 'licence', message: 'no licence', hint: '' }
    ];
    const keeper = await opened(study);
    expect(keeper.complaints).toHaveLength(2);
    titled(keeper, 'Longer');
    expect(keeper.complaints.map(one => one.field)).toEqual(['licence']);
    keeper.dispose();
  });
});
