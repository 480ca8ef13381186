import type { Freeze } from './freeze.ts';

const override = 'or ask for an override, which a risk officer and another designated person sign';

/** What people do about a freeze: who lifts it, and how. */
export function howToLift({ id, source, runId, until }: Freeze): string {
  switch (source) {
    case 'kill':
      return `recover what was killed: tradepulse-cli recover --strategy ${id.replace(/^kill-/, '')}`;
    case 'release-window':
      return `launch within the window, ${override}`;
    case 'error-budget':
      return `wait until ${until}, ${override}`;
    case 'post-mortem-actions':
      return `do it, and say so: tradepulse-cli post-mortem action done ${runId} <number> --evidence <text>`;
    case 'orders-left':
      return 'wait until the venues say that they are gone: it ends by itself then; or kill it, which cancels them';
    case 'review':
      return `look at what it has found and close it: tradepulse-cli review close ${runId} --note <text>`;
    case 'manual':
      return `a risk officer and an SRE lift it: tradepulse-cli unfreeze ${id} --reason <text>`;
  }
}
