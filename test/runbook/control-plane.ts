import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { FAULTS } from '../../cli/commands/sim.ts';
import { Approval, LedgerPage, type LedgerPage as Page, Run, StrategyView } from '../../cli/replies.ts';
import { demoAssertion, demoAuthenticator } from '../../cli/session/demo-authenticator.ts';
import { challengeOf } from '../../domain/signature/assertion.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import type { LocalHost } from '../../rehearsal/local-host.ts';
import { type DemoName, tokens } from './tokens.ts';

export type Ask = {
  /** A demo user, who is logged in with password and one-time code; nobody when left out. */
  readonly as?: DemoName;
  /** A token of the test's own making instead. */
  readonly token?: string;
  readonly method?: string;
  readonly body?: unknown;
  /** The very bytes of the body. */
  readonly raw?: string;
  /** The Idempotency-Key: a fresh one when left out, none when null. */
  readonly key?: string | null;
  readonly headers?: Record<string, string>;
};

export type Answer = { readonly status: number; readonly type: string; readonly body: Record<string, unknown> };
export type Seen = z.infer<typeof StrategyView>;

const Body = z.record(z.string(), z.unknown());
const Simulation = z.object({ engineFaultUrl: z.url(), venueFaultUrl: z.url(), channelFaultUrl: z.url() });
const AnyReply = z.looseObject({});
const Local = z.looseObject({ url: z.url() });

/** The HTTP API of one host as any demo user or as nobody, and the fault ports of its simulation. */
export type ControlPlane = Awaited<ReturnType<typeof controlPlane>>;

export async function controlPlane({ url, data }: LocalHost) {
  const tokenOf = tokens(data);
  const simulation = Simulation.parse(JSON.parse(await readFile(join(data, 'simulation.json'), 'utf8')));

  async function ask(path: string, options: Ask = {}): Promise<Answer> {
    const { as, body, raw = body === undefined ? undefined : JSON.stringify(body) } = options;
    const token = options.token ?? (as && (await tokenOf.user(as)));
    const method = options.method ?? 'POST';
    const headers = headersOf(method, raw, token, options);
    const response = await fetch(`${url}${path}`, { method, headers, ...(raw !== undefined && { body: raw }) });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, body: Body.parse(text === '' ? {} : JSON.parse(text)) };
  }

  async function look<T>(path: string, reply: z.ZodType<T>): Promise<T> {
    const { status, body } = await ask(path, { as: 'auditor', method: 'GET' });
    if (status !== 200) throw new Error(`GET ${path} answered ${status} ${JSON.stringify(body)}`);
    return reply.parse(body);
  }

  const view = (strategy: string): Promise<Seen> => look(`/v1/strategies/${strategy}`, StrategyView);
  const run = (id: string) => look(`/v1/runs/${id}`, Run);
  const approvals = async () => (await look('/v1/approvals', z.object({ approvals: z.array(Approval) }))).approvals;

  /** The entries of a log from an index on, oldest first, with what the control plane says its size and root are. */
  async function log(name: string, from = 0): Promise<Pick<Page, 'size' | 'root' | 'entries'>> {
    const entries: Page['entries'] = [];
    for (;;) {
      const page = await look(`/v1/ledger/${name}?from=${from + entries.length}&limit=500`, LedgerPage);
      entries.push(...page.entries);
      if (from + entries.length >= page.size || page.entries.length === 0) return { ...page, entries };
    }
  }

  /** For all instances, venues or channels, or for one. */
  const fault = async (name: keyof typeof FAULTS, on: boolean, instance?: string) => {
    const [at] = FAULTS[name];
    const base = simulation[`${at}FaultUrl`];
    const only = instance === undefined ? '' : `?${at === 'channel' ? at : 'instance'}=${encodeURIComponent(instance)}`;
    const response = await fetch(`${base}/faults/${name}${only}`, { method: on ? 'POST' : 'DELETE' });
    if (!response.ok) throw new Error(`the fault ${name} could not be switched: ${response.status}`);
  };

  return {
    ask,
    look: (path: string) => look(path, AnyReply),
    view,
    run,
    log,
    approvals,
    tokenOf,
    /** What a demo user's authenticator makes of a challenge, on the page that people sign on. */
    assertion: (as: DemoName, digest: string) => assertionBy(data, as, digest),
    /** A launch, stop or kill by a person who may; refuses when it is not accepted. Answers the run. */
    async accepted(path: string, options: Ask): Promise<string> {
      const { status, body } = await ask(path, options);
      if (status !== 202) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`);
      return String(body['runId']);
    },
    /** The question of a run, as soon as it is asked; refuses with the run's failure when that ends it instead. */
    question: (runId: string, kind: string) =>
      eventually(
        `the question ${kind} of ${runId}`,
        async () => {
          await delay(50); // spares the two cores: every look is a Lambda at work
          const asked = (await approvals()).find((each) => each.runId === runId && each.kind === kind);
          const { failure } = asked ? {} : await run(runId).catch(() => ({ failure: undefined }));
          if (failure) throw new Error(`${runId} asks nothing any more: ${JSON.stringify(failure)}`);
          return asked;
        },
        (found): found is Approval => found !== undefined,
        30_000,
      ).then((found) => Approval.parse(found)),
    /** A run as soon as it has ended, and its strategy has been let go. */
    ended: (runId: string, withinMs = 30_000) =>
      eventually(
        `the end of ${runId}`,
        () => delay(50).then(() => run(runId)),
        ({ status }) => status !== 'RUNNING',
        withinMs,
      ),
    modeIs: (strategy: string, mode: string) =>
      eventually(
        `the mode of ${strategy}`,
        () => delay(50).then(() => view(strategy)),
        (seen) => seen.mode === mode,
        30_000,
      ),
    fault,
  };
}

function headersOf(
  method: string,
  raw: string | undefined,
  token: string | undefined,
  { key = randomUUID(), headers }: Ask,
): Record<string, string> {
  return {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(raw !== undefined && { 'content-type': 'application/json' }),
    ...(key !== null && method === 'POST' && { 'idempotency-key': key }),
    ...headers,
  };
}

async function assertionBy(data: string, as: DemoName, digest: string) {
  const { url } = Local.parse(JSON.parse(await readFile(join(data, 'local.json'), 'utf8')));
  const authenticator = await demoAuthenticator(data, as);
  if (!authenticator) throw new Error(`${as} has no authenticator in ${data}`);
  const here = { challenge: challengeOf(digest), rpId: 'localhost', origin: url.replace('127.0.0.1', 'localhost') };
  return demoAssertion({ dataPath: data, name: as, authenticator }, here, { sleep: (ms) => delay(ms) });
}
