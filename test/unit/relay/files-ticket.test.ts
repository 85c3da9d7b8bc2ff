import { describe, expect, test } from 'vitest';
import { Tickets } from '../../../relay/src/files/ticket.ts';

const GRANT = { id: 'id', room: 'lobby', member: 'ada', name: 'notes.txt', mediaType: 'text/plain', bytes: 5 };

describe('tickets', () => {
  test('[UPL2] any relay with the same secret takes one, for five minutes', () => {
    const ticket = new Tickets('secret').issue(GRANT, 1_000);
    const other = new Tickets('secret');
    expect(other.verify(ticket, 1_000 + 299_999)).toEqual(GRANT);
    expect(other.verify(ticket, 1_000 + 300_000)).toBeUndefined();
    expect(new Tickets('another').verify(ticket, 1_000)).toBeUndefined();
  });

  test('[UPL2] no character of it can be changed', () => {
    const tickets = new Tickets('secret');
    const ticket = tickets.issue(GRANT, 1_000);
    // The last character of base64 holds bits that stand for nothing.
    for (let i = 0; i < ticket.length - 1; i++) {
      const changed = ticket.slice(0, i) + (ticket[i] === 'A' ? 'B' : 'A') + ticket.slice(i + 1);
      expect(tickets.verify(changed, 1_000)).toBeUndefined();
    }
  });

  test.each(['', '.', 'a.b', 'a.b.c', '..', 'e30.', `.${'A'.repeat(43)}`])('[P6] %j is none', (text) =>
    expect(new Tickets('secret').verify(text, 0)).toBeUndefined(),
  );
});
