// The members of a room in Redis: one hash, which all relays that have members in the room write to. Fields: `<relay> <member
// id>` for each member; `<relay>`, a mark by which the relay sees that its members are all there; `version`, which rises by 1
// with each telling; `birth` and `born`, the name and the time of this life of the hash.

import type { Script } from './redis-link.ts';
import { ALWAYS } from './scripts.ts';

// Shared by the scripts that follow.
const COMMON = `
local function remove_all_of(members, relay)
  local prefix = relay .. ' '
  for _, field in ipairs(redis.call('HKEYS', members)) do
    if string.sub(field, 1, #prefix) == prefix then redis.call('HDEL', members, field) end
  end
  redis.call('HDEL', members, relay)
end
local function now_ms()
  local time = redis.call('TIME')
  return string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
end
`;

/** Notes who came to a relay and who left it, and tells the others. An empty mark: nobody is left there. */
export const TELL_MEMBERS: Script = {
  name: 'chatRoomTellMembers',
  keys: 1,
  lua: `${ALWAYS}${COMMON}
local members = KEYS[1]
local relay, channel, ttl, mark, fresh, news, whole, joined = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], tonumber(ARGV[8])
local birth = redis.call('HGET', members, 'birth')
if not birth then
  birth = fresh
  redis.call('HSET', members, 'birth', birth, 'born', now_ms())
end
if whole == '1' then remove_all_of(members, relay) end
local next_argument = 9
for _ = 1, joined do
  redis.call('HSET', members, relay .. ' ' .. ARGV[next_argument], ARGV[next_argument + 1])
  next_argument = next_argument + 2
end
for i = next_argument, #ARGV do redis.call('HDEL', members, relay .. ' ' .. ARGV[i]) end
if mark == '' then redis.call('HDEL', members, relay) else redis.call('HSET', members, relay, mark) end
local version = redis.call('HINCRBY', members, 'version', 1)
redis.call('PEXPIRE', members, ttl)
redis.call('SPUBLISH', channel, 'm' .. relay .. ' ' .. birth .. ' ' .. string.format('%.0f', version) .. '\\n' .. news)
`,
};

/** All fields and values, and before them Redis's time. */
export const LIST_MEMBERS: Script = {
  name: 'chatRoomListMembers',
  keys: 1,
  lua: `${ALWAYS}${COMMON}
return { now_ms(), redis.call('HGETALL', KEYS[1]) }
`,
};

/** Keeps the hash from being forgotten, and says which it is, and whether the relay's mark stands in it. */
export const CHECK_MEMBERS: Script = {
  name: 'chatRoomCheckMembers',
  keys: 1,
  lua: `${ALWAYS}
local members = KEYS[1]
local relay, mark, ttl = ARGV[1], ARGV[2], ARGV[3]
if mark ~= '' then redis.call('PEXPIRE', members, ttl) end
local known = redis.call('HMGET', members, 'birth', 'version', relay)
return { known[1] or '', known[2] or '0', (known[3] or '') == mark and 1 or 0 }
`,
};

/** Removes what a dead relay left behind. */
export const BURY_MEMBERS: Script = {
  name: 'chatRoomBuryMembers',
  keys: 1,
  lua: `${ALWAYS}${COMMON}
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then remove_all_of(KEYS[1], ARGV[1]) end
`,
};

export const MEMBER_SCRIPTS: readonly Script[] = [TELL_MEMBERS, LIST_MEMBERS, CHECK_MEMBERS, BURY_MEMBERS];
