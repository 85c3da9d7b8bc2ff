// Options of the programs in test/: what can't be used is one sentence and exit code 2, as with the relay's own command.
import { parseArgs } from 'node:util';

export class ProgramOptions {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  /** Reads the command line. `defaults` are the options, of which `false` stands for a switch and undefined for none. */
  constructor(help: string, defaults: Readonly<Record<string, string | false | undefined>>) {
    const options = Object.fromEntries(
      Object.entries({ ...defaults, help: false }).map(([name, fallback]) => [
        name,
        fallback === false
          ? { type: 'boolean' as const }
          : { type: 'string' as const, ...(fallback !== undefined && { default: fallback }) },
      ]),
    );
    this.#values = attempt(() => parseArgs({ options }).values as Readonly<Record<string, string | boolean | undefined>>);
    if (this.#values['help'] !== true) return;
    console.log(help);
    process.exit(0);
  }

  isSet(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** A number that is not negative; undefined where none was given. */
  number(name: string): number | undefined {
    const text = this.text(name);
    if (text !== undefined && !/^\d+(\.\d+)?$/.test(text))
      refuse(`--${name} can't be ${JSON.stringify(text)}: it takes a number.`);
    return text === undefined ? undefined : Number(text);
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T {
    const text = this.text(name);
    const found = choices.find((choice) => choice === text);
    return found ?? refuse(`--${name} can't be ${JSON.stringify(text)}: it takes one of ${choices.join(', ')}.`);
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return refuse(`${(error as Error).message.split(/\.\s/)[0]}. --help lists the options.`);
  }
}

function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}
