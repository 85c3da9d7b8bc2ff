// All operations of the server API.

import { CHANNEL_OPERATIONS } from './channel-operations.ts';
import { MESSAGE_OPERATIONS } from './message-operations.ts';
import { MODERATION_OPERATIONS } from './moderation-operations.ts';
import type { ApiOperation } from './operation.ts';
import { ROOM_OPERATIONS } from './room-operations.ts';

export const API_OPERATIONS: readonly ApiOperation[] = [
  ...ROOM_OPERATIONS,
  ...MESSAGE_OPERATIONS,
  ...MODERATION_OPERATIONS,
  ...CHANNEL_OPERATIONS,
];
