import { courierPorts } from '../../adapters/aws/courier-ports.ts';
import { MessagesWaiting, sendMessages } from '../../domain/communications/send-messages.ts';
import { step } from '../step.ts';

export const handler = step(MessagesWaiting, (ids) => sendMessages(ids, courierPorts));
