// Operations on connections: by the name of a channel, or by whom they speak for.

import { Type } from 'typebox';
import type { ApiOperation } from './operation.ts';
import { NOTHING, operation } from './operation.ts';
import { Problem } from './problem.ts';
import { Delivery, Disconnected } from './results.ts';
import { ChannelName, LayerMessage, MemberId, Reason } from './schemas.ts';

const toChannel = Type.Object({ channel: ChannelName });
const withReason = Type.Object({ reason: Type.Optional(Reason) }, { additionalProperties: false });
const RETRY_AFTER_S = 1;
const DEFAULT_REASON = 'kicked';

export const CHANNEL_OPERATIONS: readonly ApiOperation[] = [
  operation({
    id: 'sendToChannel',
    method: 'POST',
    path: '/channels/{channel}/messages',
    summary: 'Send to a channel by its name',
    description: `On whichever relay it lives. \`delivered\` means that its connection has the message, not that somebody has read it. Nothing is kept: a channel that is gone
is \`channel_gone\`, and one whose consumer is busy with as many messages as may wait is \`unavailable\`.`,
    scope: 'send',
    parameters: toChannel,
    query: NOTHING,
    body: LayerMessage,
    examples: {
      direct: { type: 'direct', name: 'invitation', data: { room: 'table-7' } },
      consumer: { type: 'lineAdded', line: 'GET / 200' },
    },
    status: 200,
    result: Delivery,
    problems: ['channel_gone'],
    handle: async ({ path, body }, operations) => {
      const outcome = await operations.send(path.channel, body);
      if (outcome === 'gone') throw gone();
      if (outcome === 'full')
        throw new Problem('unavailable', 'The channel is busy, and as many messages wait for it as may.', {
          retryAfterS: RETRY_AFTER_S,
        });
      return { outcome };
    },
  }),
  operation({
    id: 'disconnectChannel',
    method: 'DELETE',
    path: '/channels/{channel}',
    summary: 'Disconnect a channel',
    description: 'Its connection is closed with 4502: the client does not come back by itself.',
    scope: 'disconnect',
    parameters: toChannel,
    query: withReason,
    body: undefined,
    status: 200,
    result: Disconnected,
    problems: ['channel_gone'],
    handle: async ({ path, query: { reason = DEFAULT_REASON } }, operations) => {
      const connections = await operations.disconnect({ channel: path.channel }, reason);
      if (connections === 0) throw gone();
      return { connections };
    },
  }),
  operation({
    id: 'disconnectUser',
    method: 'DELETE',
    path: '/users/{user}/connections',
    summary: 'Disconnect a user',
    description: `All connections that speak for the member are closed with 4502, on every relay that answers in time. It keeps nobody from coming back with a token that is
still good: revoke that first. A user who is not connected is no error.`,
    scope: 'disconnect',
    parameters: Type.Object({ user: MemberId }),
    query: withReason,
    body: undefined,
    status: 200,
    result: Disconnected,
    problems: [],
    handle: async ({ path, query: { reason = DEFAULT_REASON } }, operations) => ({
      connections: await operations.disconnect({ user: path.user }, reason),
    }),
  }),
];

function gone(): Problem {
  return new Problem('channel_gone', 'No relay has a channel of that name.');
}
