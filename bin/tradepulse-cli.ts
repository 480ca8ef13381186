#!/usr/bin/env node
import { processSurroundings } from '../cli/process-surroundings.ts';
import { run } from '../cli/run.ts';

process.exitCode = await run(process.argv.slice(2), processSurroundings(process));
