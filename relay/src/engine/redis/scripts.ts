// What happens in Redis, each as one atomic step. Numbers are written with %.0f: Lua would write large ones with an exponent.

import { MAX_SANCTIONS } from '@chat-room/sdk/protocol';
import type { Script } from './redis-link.ts';

/** How long a room that has no event yet is remembered after somebody looked at it; an open room is looked at all the time. */
const EMPTY_ROOM_MS = 3_600_000;

/** The first line of a script that runs when Redis's memory is full too: what it writes takes the place of what was there. */
export const ALWAYS = '#!lua flags=allow-oom\n';

// Shared by the scripts that follow.
const COMMON = `
local function now_ms(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local function whole(number) return string.format('%.0f', number) end

-- The log is another from now on: what was read of the one before says nothing.
local function begin_epoch(meta, fresh)
  redis.call('HSET', meta, 'epoch', fresh)
  redis.call('DEL', (string.gsub(meta, ':meta:', ':reads:', 1)))
  return fresh
end

-- The room as it stands: its epoch, last offset, lowest offset, time of the last event, and whether moderators have set
-- anything. A room without an epoch begins a new one: whatever else is left of it belonged to another.
local function room_state(meta, log, redacted, edits, moderation, fresh)
  local state = redis.call('HMGET', meta, 'epoch', 'top', 'start', 'at', 'moderated')
  if state[1] then return state[1], tonumber(state[2]), tonumber(state[3]), tonumber(state[4]), state[5] end
  redis.call('DEL', log, redacted, edits, moderation)
  redis.call('HSET', meta, 'top', '0', 'start', '1', 'at', '0')
  redis.call('PEXPIRE', meta, ${EMPTY_ROOM_MS})
  return begin_epoch(meta, fresh), 0, 1, 0
end

-- Entries of the stream: t type, a author, w time, h the beginning of the event's JSON behind offset and time, b its end; of a
-- deletion also r, the offsets that it removed, with commas.
local function json_of(offset, fields)
  return '{"offset":' .. offset .. ',"at":' .. fields[6] .. fields[8] .. fields[10]
end
local function entry_at(log, offset)
  local found = redis.call('XRANGE', log, offset .. '-0', offset .. '-0')
  return found[1] and found[1][2]
end

-- The lowest offset that nobody forgets yet: by count and by age.
local function lowest_kept(log, start, top, max_events, max_age, now)
  local lowest = math.max(start, top - max_events + 1)
  if max_age == '' then return lowest end
  local oldest = now - tonumber(max_age)
  local count = 1 -- as a rule the first is young enough
  while lowest <= top do
    local found = redis.call('XRANGE', log, whole(lowest) .. '-0', '+', 'COUNT', count)
    count = 64
    if #found == 0 then return top + 1 end -- the last event is never redacted: the stream has run out of time
    for _, entry in ipairs(found) do
      local offset = tonumber(string.match(entry[1], '^%d+'))
      if tonumber(entry[2][6]) >= oldest then return lowest end
      lowest = offset + 1
    end
  end
  return lowest
end
local function forget_below(log, redacted, edits, start, lowest)
  if lowest <= start then return end
  redis.call('XTRIM', log, 'MINID', whole(lowest) .. '-0')
  for _, key in ipairs({ redacted, edits }) do
    if redis.call('HLEN', key) > 0 then
      for offset = start, lowest - 1 do redis.call('HDEL', key, whole(offset)) end
    end
  end
end
`;

export const PUBLISH: Script = {
  name: 'chatRoomPublish',
  keys: 8,
  lua: `#!lua
${COMMON}
local meta, log, redacted, edits, moderation = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local idempotency, rooms, slow_key = KEYS[6], KEYS[7], KEYS[8]
local room, channel, fresh, now, max_events, max_age, key_ttl = ARGV[1], ARGV[2], ARGV[3], now_ms(ARGV[4]), tonumber(ARGV[5]), ARGV[6], ARGV[7]
local author, moderator, kind, reference, asked_epoch, digest = ARGV[8], ARGV[9], ARGV[10], ARGV[11], ARGV[12], ARGV[13]
local head, body, known_epoch, known_top, room_ttl = ARGV[14], ARGV[15], ARGV[16], tonumber(ARGV[17]), ARGV[18]
-- Of a moderator's event: the entry that it sets, or, with nothing to set, removes.
local entry_name, entry_rest = ARGV[19], ARGV[20]

local epoch, top, start, last_at, moderated = room_state(meta, log, redacted, edits, moderation, fresh)
if known_epoch == epoch and known_top > top then
  -- The relay has seen more than there is: Redis has lost writes. Offsets given anew would mean two things in one epoch.
  epoch = begin_epoch(meta, fresh)
end
if asked_epoch ~= '' and asked_epoch ~= epoch then return { 'refused', 'epoch_changed', 'the log was replaced' } end

local used = redis.call('GET', idempotency)
if used then
  local used_epoch, offset, at, used_digest = string.match(used, '^(%S+) (%d+) (%d+) (%S+)$')
  local event = entry_at(log, offset)
  -- What a log held before it went back it still holds under its new name.
  if used_epoch == epoch or (event and event[4] == author and event[6] == at) then
    if used_digest ~= digest and digest ~= '*' and used_digest ~= '*' and event then
      return { 'refused', 'key_reused', 'the key stands for another event' }
    end
    return { 'stored', epoch, offset, at }
  end
end

-- Entries are JSON that begins with time and offset, and then, of a mute or a ban, with its end.
local function holds(entry)
  return entry and tonumber(string.match(entry, '^{"at":%d+,"offset":%d+,"until":(%d+)')) > now
end
local slow_offset, slow_ms
if moderated then
  local set = redis.call('HMGET', moderation, 'slow', 'mute:' .. author, 'ban:' .. author)
  if set[1] and kind == 'message' then slow_offset, slow_ms = string.match(set[1], '^{"at":%d+,"offset":(%d+),"intervalMs":(%d+)') end
  if moderator ~= '1' then
    if holds(set[3]) then return { 'refused', 'banned', '' } end
    if holds(set[2]) then return { 'refused', 'muted', '' } end
    local offset, at = string.match(slow_ms and redis.call('GET', slow_key) or '', '^(%d+) (%d+)$')
    if offset and tonumber(offset) > tonumber(slow_offset) then
      local wait = tonumber(at) + tonumber(slow_ms) - now
      if wait > 0 then return { 'refused', 'slow_mode', 'wait ' .. whole(wait) .. ' ms', whole(wait) } end
    end
  end
end
if kind == 'moderation' and moderator ~= '1' then return { 'refused', 'forbidden', 'only a moderator may do that' } end

if reference ~= '' then
  local target = tonumber(reference) >= start and entry_at(log, reference)
  if not target or target[2] ~= 'message' then return { 'refused', 'not_found', 'no message at offset ' .. reference } end
  if kind == 'edit' and target[4] ~= author then return { 'refused', 'forbidden', 'only its author may edit a message' } end
  if kind == 'delete' and target[4] ~= author and moderator ~= '1' then
    return { 'refused', 'forbidden', 'only its author or a moderator may delete a message' }
  end
end

-- Mutes and bans that have ended make room for others.
if entry_rest ~= '' and string.find(entry_name, ':', 1, true) and redis.call('HLEN', moderation) >= ${MAX_SANCTIONS}
  and redis.call('HEXISTS', moderation, entry_name) == 0 then
  local set, count = redis.call('HGETALL', moderation), 0
  for i = 1, #set, 2 do
    if string.find(set[i], ':', 1, true) then
      if holds(set[i + 1]) then count = count + 1 else redis.call('HDEL', moderation, set[i]) end
    end
  end
  if count >= ${MAX_SANCTIONS} then return { 'refused', 'too_many_sanctions', 'the room has no place for another' } end
end

local offset = whole(top + 1)
local at = whole(math.max(now, last_at))
local lowest = math.min(lowest_kept(log, start, top, max_events - 1, max_age, now), top + 1)
local edited = reference ~= '' and redis.call('HGET', edits, reference)
local removed = kind ~= 'delete' and '' or edited and (reference .. ',' .. edited) or reference
local entry = { 't', kind, 'a', author, 'w', at, 'h', head, 'b', body }
if removed ~= '' then
  entry[11] = 'r'
  entry[12] = removed
end
redis.call('XADD', log, offset .. '-0', unpack(entry))

if kind == 'edit' then
  redis.call('HSET', edits, reference, edited and (edited .. ',' .. offset) or offset)
elseif kind == 'delete' then
  redis.call('HDEL', edits, reference)
  for each in string.gmatch(removed, '%d+') do
    local fields = entry_at(log, each)
    if fields then
      redis.call('XDEL', log, each .. '-0')
      redis.call('HSET', redacted, each, '{"offset":' .. each .. ',"at":' .. fields[6] .. fields[8] .. ',"type":"redacted","was":"' .. fields[2] .. '"}')
    end
  end
end

if slow_ms then redis.call('SET', slow_key, offset .. ' ' .. at, 'PX', slow_ms) end
if kind == 'moderation' or (moderated and kind == 'delete') then
  if entry_rest ~= '' then
    redis.call('HSET', moderation, entry_name, '{"at":' .. at .. ',"offset":' .. offset .. entry_rest)
  elseif kind == 'moderation' then
    redis.call('HDEL', moderation, entry_name)
  elseif string.match(redis.call('HGET', moderation, 'pin') or '', '^{"at":%d+,"offset":%d+,"target":(%d+)') == reference then
    redis.call('HDEL', moderation, 'pin')
  end
  moderated = redis.call('EXISTS', moderation) == 1
  if moderated then redis.call('HSET', meta, 'moderated', '1') else redis.call('HDEL', meta, 'moderated') end
end

forget_below(log, redacted, edits, start, lowest)
redis.call('HSET', meta, 'top', offset, 'start', whole(lowest), 'at', at)
redis.call('SET', idempotency, epoch .. ' ' .. offset .. ' ' .. at .. ' ' .. digest, 'PX', key_ttl)
if top == 0 then
  redis.call('ZADD', rooms, 0, room)
  -- Rooms that have run out of time leave the list as others come.
  for _, other in ipairs(redis.call('ZRANDMEMBER', rooms, 3)) do
    if redis.call('EXISTS', string.sub(meta, 1, #meta - #room) .. other) == 0 then redis.call('ZREM', rooms, other) end
  end
end
if max_age ~= '' then
  for _, key in ipairs({ log, redacted, edits }) do redis.call('PEXPIRE', key, max_age) end
  -- A ban must not end because nobody has written for a while.
  if moderated then redis.call('PERSIST', meta) else redis.call('PEXPIRE', meta, room_ttl) end
elseif redis.call('PTTL', meta) > 0 then
  for _, key in ipairs({ meta, log, redacted, edits }) do redis.call('PERSIST', key) end
end

local event = '{"offset":' .. offset .. ',"at":' .. at .. head .. body
redis.call('SPUBLISH', channel, 'e' .. epoch .. ' ' .. whole(lowest) .. ' ' .. removed .. '\\n' .. event)
return { 'stored', epoch, offset, at }
`,
};

export const READ: Script = {
  name: 'chatRoomRead',
  keys: 5,
  lua: `${ALWAYS}${COMMON}
local meta, log, redacted, edits, moderation = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local fresh, now, max_events, max_age = ARGV[1], now_ms(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local from, offset, limit, max_bytes = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local with_moderation = ARGV[9] == '1'

local epoch, top, start, _, moderated = room_state(meta, log, redacted, edits, moderation, fresh)
local lowest = lowest_kept(log, start, top, max_events, max_age, now)
if lowest > start then
  forget_below(log, redacted, edits, start, lowest)
  redis.call('HSET', meta, 'start', whole(lowest))
end

local events, removals, bytes = {}, {}, 0
local function add(json, removed)
  if #events >= limit or (#events > 0 and bytes + #json > max_bytes) then return false end
  bytes = bytes + #json
  events[#events + 1] = json
  removals[#removals + 1] = removed or ''
  return true
end
local first, last, step
if from == 'after' then
  first, last, step = math.max(offset + 1, lowest), top, 1
else
  first, last, step = (from == 'before') and math.min(offset - 1, top) or top, lowest, -1
end

-- A stretch of the stream at a time; what is not in it between two entries was redacted.
local next_offset, going = first, limit > 0
while going and (last - next_offset) * step >= 0 do
  local found
  if step == 1 then
    found = redis.call('XRANGE', log, whole(next_offset) .. '-0', '+', 'COUNT', 50)
  else
    found = redis.call('XREVRANGE', log, whole(next_offset) .. '-0', whole(last) .. '-0', 'COUNT', 50)
  end
  local entries = {}
  local reach = last
  for _, entry in ipairs(found) do
    reach = tonumber(string.match(entry[1], '^%d+'))
    entries[reach] = entry[2]
  end
  while going and (reach - next_offset) * step >= 0 do
    local fields = entries[next_offset]
    local json = fields and json_of(whole(next_offset), fields) or redis.call('HGET', redacted, whole(next_offset))
    going = not json or add(json, fields and fields[12])
    next_offset = next_offset + step
  end
end
local set = with_moderation and moderated and redis.call('HGETALL', moderation) or {}
return { epoch, whole(top), whole(lowest), events, removals, set }
`,
};

/**
 * Whether the log is still the one of which a relay has fed all up to an offset. Where it has gone back, or has another event
 * there, Redis has lost what it had taken: then it gets a new epoch.
 */
export const VERIFY: Script = {
  name: 'chatRoomVerify',
  keys: 5,
  lua: `${ALWAYS}${COMMON}
local meta, log, redacted, edits, moderation = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local fresh, known_epoch, known_top, known_at, known_author, room_ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6]
local epoch, top, _, _, moderated = room_state(meta, log, redacted, edits, moderation, fresh)
if top == 0 then
  redis.call('PEXPIRE', meta, ${EMPTY_ROOM_MS})
elseif room_ttl ~= '' and not moderated then
  redis.call('PEXPIRE', meta, room_ttl)
end
if epoch ~= known_epoch then return { epoch, whole(top) } end
local fields = known_at ~= '' and entry_at(log, whole(known_top))
if known_top > top or (fields and (fields[6] ~= known_at or fields[4] ~= known_author)) then epoch = begin_epoch(meta, fresh) end
return { epoch, whole(top) }
`,
};

/** Read positions only rise. */
export const KEEP_READS: Script = {
  name: 'chatRoomKeepReads',
  keys: 1,
  lua: `${ALWAYS}
for i = 2, #ARGV, 2 do
  local known = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or '0')
  if tonumber(ARGV[i + 1]) > known then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
if ARGV[1] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
`,
};

/** A relay says that it lives, and hears which others do: pairs of a relay and the milliseconds since it was heard of. */
export const BEAT: Script = {
  name: 'chatRoomBeat',
  keys: 1,
  lua: `${ALWAYS}
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
if ARGV[1] ~= '' then redis.call('ZADD', KEYS[1], now, ARGV[1]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 600000)
local known = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local ages = {}
for i = 1, #known, 2 do
  ages[#ages + 1] = known[i]
  ages[#ages + 1] = string.format('%.0f', now - tonumber(known[i + 1]))
end
return ages
`,
};

export const SCRIPTS: readonly Script[] = [PUBLISH, READ, VERIFY, KEEP_READS, BEAT];
