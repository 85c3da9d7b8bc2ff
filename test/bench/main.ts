import { runLoadProcess } from './load/load-process.ts';
import { PEERS } from './peers/peers.ts';
import { endEverything } from './processes.ts';
import { manyRooms, oneRoom } from './scenarios/saturation.ts';
import { serveByName } from './servers/serve.ts';

const [command, ...args] = process.argv.slice(2);
if (command === 'load') runLoadProcess();
else if (command === 'serve') await serveByName(args[0] ?? '');
else {
  process.on('SIGINT', () => {
    endEverything();
    process.exit(130);
  });
  for (const scenario of [oneRoom, manyRooms]) {
    if (args.length && args[0] !== 'all' && !args.includes(scenario.name)) continue;
    for (let n = 0; n < 2; n += 1)
      for (const peer of PEERS) {
        if (command && command !== 'all' && !command.split(',').includes(peer.name)) continue;
        const outcome = await scenario.measure(peer, 'quick');
        console.log(
          scenario.name,
          peer.name,
          Object.entries(outcome.figures)
            .map(([k, v]) => `${k}=${v.toFixed(v > 1000 ? 0 : 3)}`)
            .join(' '),
          JSON.stringify(outcome.verdict),
        );
      }
  }
}
