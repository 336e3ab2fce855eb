import plugins from './index';
import { PLUGIN_ID } from './names';

describe('the plugins', () => {
  it('have ids under our name, and each says what it is for', () => {
    expect(plugins.map(plugin => plugin.id)).toContain(PLUGIN_ID);
    for (const plugin of plugins) {
      expect(plugin.id).toMatch(/^recrate:/);
      expect(plugin.description).toBeTruthy();
    }
  });
});
