// Publishes on their way out: numbered, counted, and put together so that what one turn publishes leaves in one write.

import { FrameTemplate } from './client-frame.ts';
import { nowUs } from './cpu.ts';
import type { LoadSocket } from './load-socket.ts';
import type { LoadSession } from './session.ts';
import { membersOf } from './shape.ts';

const BATCH_BYTES = 65_536;

export class Publishing {
  readonly #template: FrameTemplate;
  readonly #members: Int32Array;
  readonly #batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  #batchBytes = 0;
  #published = 0;
  #expected = 0;

  constructor({ job, dialect }: LoadSession) {
    this.#template = new FrameTemplate(dialect.publish(job.padBytes));
    this.#members = membersOf(job.shape);
  }

  get published(): number {
    return this.#published;
  }

  /** Deliveries that all publishes so far should come to. */
  get expected(): number {
    return this.#expected;
  }

  /** Puts a publish into the batch. All of a batch go to one socket: flush before the next. */
  add(socket: LoadSocket, room: number, timeUs: number = nowUs()): void {
    if (this.#batchBytes + this.#template.bytes > BATCH_BYTES) this.flush(socket);
    this.#published += 1;
    this.#expected += this.#members[room] ?? 0;
    const fields = { timeUs, connection: socket.index, sequence: this.#published, room };
    this.#batchBytes = this.#template.write(this.#batch, this.#batchBytes, fields);
  }

  flush(socket: LoadSocket): void {
    if (this.#batchBytes === 0) return;
    socket.write(Buffer.from(this.#batch.subarray(0, this.#batchBytes)));
    this.#batchBytes = 0;
  }
}
