import { ports } from '../../adapters/aws/ports.ts';
import { CloseRecovery, closeRecovery } from '../../domain/recover/close-recovery.ts';
import { step } from '../step.ts';

export const handler = step(CloseRecovery, (command) => closeRecovery(command, ports));
