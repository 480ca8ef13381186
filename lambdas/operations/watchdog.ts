import { watchdogPorts } from '../../adapters/aws/watchdog-ports.ts';
import { judgeStrategy } from '../../domain/monitor/judge-strategy.ts';
import { Watch, watch } from '../../domain/watchdog/watch.ts';
import { watchdogDeeds } from '../../domain/watchdog/watchdog-deeds.ts';
import { step } from '../step.ts';

const ports = { ...watchdogPorts, deeds: watchdogDeeds(watchdogPorts), judge: judgeStrategy };

export const handler = step(Watch, (command) => watch(command, ports));
