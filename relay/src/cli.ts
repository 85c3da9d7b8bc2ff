#!/usr/bin/env node
// The command chat-room-relay.

import { serve } from './serve.ts';

await serve();
