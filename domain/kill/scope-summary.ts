import type { KillScopeReply } from './kill-scope.ts';

type Known = Pick<KillScopeReply, 'scope' | 'latched' | 'complete' | 'counts' | 'leaseBoundMs'> & { recorded: boolean };

/** What people are told of a scope's kill: what is known, and never more. */
export const scopeSummary = (known: Known): { summary: string; wayBack: string } => ({
  summary: [latchText(known), ...strategiesText(known), ...recordText(known)].join('; '),
  wayBack: `a second person confirms each kill, and its post-mortem is signed; two people recover the scope (recover --scope ${known.scope}), then each strategy; nothing below it is launched before`,
});

const latchText = ({ scope, latched }: Known): string =>
  latched ? `${scope} is latched` : `${scope} is NOT latched: the store did not answer, kill it again`;

function strategiesText({ complete, counts, leaseBoundMs }: Known): string[] {
  if (!complete) return ['the registry could not be read: no engine was told to halt, kill it again'];
  const { strategies, latched, spooled, halted, halting, leaseBounded } = counts;
  if (strategies === 0) return ['it covers no strategy'];
  const reached =
    halted === strategies ? 'the venues are being checked' : `leases bound the others within ${leaseBoundMs} ms`;
  return [
    `of ${strategies} strategies ${latched} are latched${spooled > 0 ? `, ${spooled} spooled` : ''}`,
    `${halted} say they are halted, ${halting} in part, ${leaseBounded} were not reached`,
    reached,
  ];
}

const recordText = ({ recorded }: Known): string[] =>
  recorded ? [] : ['the desk log could not be written: the logs of the strategies have their own entries'];
