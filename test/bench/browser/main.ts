import { measureIntake } from './sdk-intake.ts';

for (const n of process.argv.slice(2))
  console.log(await measureIntake(Number(n), 'message'), await measureIntake(Number(n), 'timeline'));
