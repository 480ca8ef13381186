import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Watch } from '../../domain/watchdog/watch.ts';
import { accesses } from '../../lib/access.ts';
import { lambdaAccess } from '../../lib/lambda-access.ts';
import { synthesized } from './synthesized.ts';

const { resources } = synthesized();
const propertiesOf = (type: string) => resources(type).map(([, { Properties }]) => Properties);
const END_OF_A_WATCH_S = 15; // the longest tick, and what was begun by then

describe('the watchdog', () => {
  const [watchdog] = propertiesOf('AWS::Lambda::Function').filter(({ Description }) =>
    String(Description).startsWith('Runbook 3: looks at every strategy each second'),
  );

  it('is called each minute, once, and lives for longer than two, so that one call may be lost', () => {
    const schedules = propertiesOf('AWS::Scheduler::Schedule').filter(({ Description }) =>
      String(Description).includes('watches every strategy'),
    );

    assert.deepEqual(
      schedules.map(({ ScheduleExpression }) => ScheduleExpression),
      ['rate(1 minute)'],
    );
    assert.ok(Number(watchdog?.['Timeout']) >= Watch.parse({}).forSeconds + END_OF_A_WATCH_S, 'it ends by itself');
    assert.ok(Watch.parse({}).forSeconds > 120);
    const retried = propertiesOf('AWS::Lambda::EventInvokeConfig').map(
      ({ MaximumRetryAttempts }) => MaximumRetryAttempts,
    );
    assert.ok(retried.includes(0), 'an old call would take the watch from a newer one');
  });

  it('has executions of its own: one that watches, one that takes over, and one to spare', () => {
    assert.equal(watchdog?.['ReservedConcurrentExecutions'], 3);
  });

  it('is missed from outside when it ticks too seldom, or not at all', () => {
    const [alarm] = propertiesOf('AWS::CloudWatch::Alarm').filter(({ AlarmDescription }) =>
      String(AlarmDescription).startsWith('No rule looks at strategies that trade'),
    );
    const metrics = JSON.stringify(alarm?.['Metrics']);

    assert.equal(alarm?.['TreatMissingData'], 'breaching');
    assert.match(metrics, /IF\(ticks < 60, 1, 0\)/);
    assert.match(metrics, /"MetricName":"WatchdogTicks","Namespace":"TradePulse"/);
    assert.match(metrics, /"Period":120/);
  });

  it('may make nothing riskier: it writes no flag, answers no question and cancels at no venue', () => {
    const granted: readonly string[] = lambdaAccess['operations/watchdog'] ?? [];
    const riskier = Object.keys(accesses).filter((each) =>
      /Flag|answerTasks|askVenues|RiskLimits|Manifests|startLaunch|startResume|startRecovery/.test(each),
    );

    assert.ok(riskier.length >= 7, `${riskier}`);
    assert.deepEqual(
      granted.filter((each) => riskier.includes(each)),
      [],
    );
  });
});
