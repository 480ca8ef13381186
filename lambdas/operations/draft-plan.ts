import { planPorts } from '../../adapters/aws/plan-ports.ts';
import { answerPlanQuestion } from '../../domain/plan/show-plan.ts';
import { PlanQuestion } from '../../domain/plan/shown-plan.ts';
import { step } from '../step.ts';

export const handler = step(PlanQuestion, (question) => answerPlanQuestion(question, planPorts));
