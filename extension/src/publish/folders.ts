import { Drive, type ServerConnection } from '@jupyterlab/services';
import { PathExt } from '@jupyterlab/coreutils';

import type { IOption } from '../ui';

/** Return folders of the file browser that go on with what was typed; none where it leads nowhere. */
export async function foldersLike(
  typed: string,
  settings: ServerConnection.ISettings
): Promise<IOption[]> {
  const path = typed.replace(/^\/+/, '');
  const parent = path.endsWith('/') ? path.replace(/\/+$/, '') : PathExt.dirname(path);
  const drive = new Drive({ serverSettings: settings });
  try {
    const found = await drive.get(parent, { content: true });
    const items = (Array.isArray(found.content) ? found.content : []) as {
      type: string;
      path: string;
    }[];
    return items
      .filter(({ type, path: one }) => type === 'directory' && one.startsWith(path))
      .map(({ path: one }) => ({ value: one, label: one }))
      .sort((one, other) => one.value.localeCompare(other.value));
  } catch {
    return [];
  } finally {
    drive.dispose();
  }
}
