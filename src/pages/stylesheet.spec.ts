import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES } from './stylesheet';

describe('the stylesheet of the pages', () => {
  it('it has the variables of the design system', () => {
    const shared = readFileSync(join(__dirname, '..', '..', 'web', 'shared', 'styles.css'), 'utf8');
    expect(shared.slice(0, VARIABLES.length)).toBe(VARIABLES);
  });
});
