import { type LocalHost, startLocalHost } from './local-host.ts';
import { type Stage, say, ToldFailure } from './play.ts';
import { type World, world } from './world.ts';

const STRATEGY = 'btc-momentum';

/**
 * Starts a fresh local host, lets the story happen on it, and takes everything down again, whatever happened. True only when
 * all of it was right, the end of the host included. Ctrl-C takes the host down first.
 */
export async function onStage(stage: Stage, story: (world: World) => Promise<void>): Promise<boolean> {
  const startedAt = performance.now();
  let host: LocalHost | undefined;
  let right = false;
  const down = () => void host?.close().finally(() => process.exit(130));
  process.once('SIGINT', down).once('SIGTERM', down);
  try {
    host = await startLocalHost();
    say(stage, 'succeeded', `a fresh local control plane at ${host.url}`, host.startedInMs);
    await story(await world(host, STRATEGY));
    right = true;
  } catch (error) {
    if (!(error instanceof ToldFailure))
      say(stage, 'failed', error instanceof Error ? error.message : String(error), performance.now() - startedAt);
    const lastWords = host?.log().trim().split('\n').slice(-15).join('\n');
    if (lastWords) stage.write(`the last words of the host:\n${lastWords}`);
  }
  process.off('SIGINT', down).off('SIGTERM', down);
  return (await takenDown(stage, host)) && right;
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
