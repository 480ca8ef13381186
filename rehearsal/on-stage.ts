import { type LocalHost, startLocalHost, untilAborted } from './local-host.ts';
import { type Stage, say, ToldFailure } from './play.ts';
import { type World, world } from './world.ts';

const STRATEGY = 'btc-momentum';

/**
 * Starts a fresh local host, lets the story happen on it, and takes everything down again, whatever happened. True only when
 * all of it was right, the end of the host included. Ctrl-C ends the story and takes the host down.
 */
export async function onStage(stage: Stage, story: (world: World) => Promise<void>): Promise<boolean> {
  const startedAt = performance.now();
  let host: LocalHost | undefined;
  let right = false;
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(); // a second one, from npm, changes nothing
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    host = await startLocalHost({ interrupted: interruption.signal });
    say(stage, 'succeeded', `a fresh local control plane at ${host.url}`, host.startedInMs);
    await Promise.race([story(await world(host, STRATEGY)), untilAborted(interruption.signal)]);
    right = true;
  } catch (error) {
    if (!(error instanceof ToldFailure))
      say(stage, 'failed', error instanceof Error ? error.message : String(error), performance.now() - startedAt);
    const lastWords = host?.log().trim().split('\n').slice(-15).join('\n');
    if (lastWords) stage.write(`the last words of the host:\n${lastWords}`);
  }
  const clean = await takenDown(stage, host);
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  if (interruption.signal.aborted) process.exit(130); // what the story still had under way is of no interest
  return clean && right;
}

async function takenDown(stage: Stage, host: LocalHost | undefined): Promise<boolean> {
  if (!host) return false;
  const startedAt = performance.now();
  const { code, forced } = await host.close();
  const clean = code === 0 && !forced;
  say(
    stage,
    clean ? 'succeeded' : 'failed',
    clean ? 'the host stopped cleanly' : `the host had to be stopped by force, or ended with ${code}`,
    performance.now() - startedAt,
  );
  return clean;
}
