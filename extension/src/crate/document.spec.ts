import type { Contents } from '@jupyterlab/services';

import { CrateModelFactory, CrateProvider } from './document';

describe('a crate’s file as Lab sees it', () => {
  const asked: Contents.IFetchOptions[] = [];
  const drive = {
    get: async (path: string, options: Contents.IFetchOptions = {}) => {
      asked.push(options);
      return { path, name: path, writable: true, content: null, format: null };
    }
  } as unknown as Contents.IDrive;

  it('is never fetched, whatever is asked for', async () => {
    const provider = new CrateProvider(drive);
    await provider.get('a.crate.zip', {
      content: true,
      format: 'base64',
      contentProviderId: 'recrate-crate'
    });
    expect(asked).toEqual([{ content: false }]);
    expect(new CrateModelFactory().fileFormat).toBeNull();
  });

  it('is not to be saved, so that no copy of it is made as a checkpoint', async () => {
    const provider = new CrateProvider(drive);
    expect((await provider.get('a.crate.zip')).writable).toBe(false);
    await expect(provider.save('a.crate.zip')).rejects.toThrow('a.crate.zip');
  });
});
