/**
 * Takes the lock KEYS[1] with the text ARGV[1] for ARGV[3] ms, where it is free or holds ARGV[2], which
 * is a lock that was left behind. Gives nil, or the text of the lock that is in the way. The time that
 * counts is the server's.
 */
export const TAKE_LOCK = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[2] then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return nil`;

/** Removes the lock KEYS[1] where it still has the text ARGV[1]. */
export const RELEASE_LOCK = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

/**
 * Writes the fields and values from ARGV[8] on to the hash KEYS[1], where all of these hold: the mark
 * KEYS[3] is as ARGV[2] says, the hash has for the fields ARGV[3] and ARGV[4] the values that ARGV[5]
 * and ARGV[6] say, the lock KEYS[2] has the text ARGV[1], and the leader's lease KEYS[4] has the text
 * ARGV[7], unless that is empty. Gives nil, or what does not hold and its text. A value is said as "=" and
 * its text, an absent one as "".
 */
export const WRITE = `
local function said(value) return value and '=' .. value or '' end
local mark = redis.call('GET', KEYS[3])
if said(mark) ~= ARGV[2] then return {'mark', mark or ''} end
if ARGV[7] ~= '' then
  local leader = redis.call('HMGET', KEYS[4], 'text')[1]
  if leader ~= ARGV[7] then return {'leader', leader or ''} end
end
local stored = redis.call('HMGET', KEYS[1], ARGV[3], ARGV[4])
if said(stored[1]) ~= ARGV[5] or said(stored[2]) ~= ARGV[6] then return {'values', ''} end
local lock = redis.call('GET', KEYS[2])
if lock ~= ARGV[1] then return {'lock', lock or ''} end
redis.call('HSET', KEYS[1], unpack(ARGV, 8))
return nil`;

/** Writes the fields and values from ARGV[2] on to the hash KEYS[1], and ARGV[1] to the mark KEYS[2]. */
export const OVERWRITE = `
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('SET', KEYS[2], ARGV[1])`;

/** Milliseconds of the server's clock: the clocks of controllers do not count. */
const NOW = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)`;

/**
 * Takes the leader's lease, the hash KEYS[1], for the text ARGV[1] and ARGV[2] ms, where nobody has it or its
 * time is over. Removes the lock of changes KEYS[2] where it is that of the leader before: what that one may
 * still write is refused by the fence. Gives {1, the text before or ''}, or {0, the text that is in the way}.
 *
 * A time that is further away than a term can last comes from before the server's clock was set back.
 */
export const TAKE_LEASE: string = `${NOW}
local term = tonumber(ARGV[2])
local found = redis.call('HMGET', KEYS[1], 'text', 'until')
local text = found[1] or ''
local left = tonumber(found[2] or '0') - now
if left > term then
  left = term
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + term))
end
if text ~= '' and left > 0 then return {0, text} end
redis.call('HSET', KEYS[1], 'text', ARGV[1], 'until', string.format('%.0f', now + term))
local lock = redis.call('GET', KEYS[2])
if lock and text ~= '' then
  local read, was, has = pcall(function() return cjson.decode(text), cjson.decode(lock) end)
  if read and was.host == has.host and was.pid == has.pid and was.start == has.start then
    redis.call('DEL', KEYS[2])
  end
end
return {1, text}`;

/**
 * Prolongs the lease KEYS[1] with the text ARGV[1] by ARGV[2] ms. Where the server has lost it, it is written
 * again if ARGV[3] is '1'. Gives 1, or 0 where it is another's.
 */
export const RENEW_LEASE: string = `${NOW}
local text = redis.call('HMGET', KEYS[1], 'text')[1]
if text ~= ARGV[1] and (text or ARGV[3] ~= '1') then return 0 end
redis.call('HSET', KEYS[1], 'text', ARGV[1], 'until', string.format('%.0f', now + ARGV[2]))
return 1`;

/** Ends the lease KEYS[1] with the text ARGV[1]. The hash stays, so that a lease that was lost is told from it. */
export const RELEASE_LEASE = `
if redis.call('HMGET', KEYS[1], 'text')[1] == ARGV[1] then
  redis.call('HSET', KEYS[1], 'text', '', 'until', '0')
end`;

/** Gives the text of the lease KEYS[1] while its time is not over. */
export const READ_LEASE: string = `${NOW}
local found = redis.call('HMGET', KEYS[1], 'text', 'until')
if found[1] and found[1] ~= '' and tonumber(found[2]) > now then return found[1] end
return nil`;

/**
 * Saves the text ARGV[2] as KEYS[2] where the lease KEYS[1] has the text ARGV[1]. Gives 1, 0 where it has another
 * one, or -1 where there is no lease: the server has lost it, since one that is given back stays.
 */
export const SAVE_RECORD = `
local text = redis.call('HMGET', KEYS[1], 'text')[1]
if not text then return -1 end
if text ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
return 1`;

/**
 * Adds the lines from ARGV[7] on to the list KEYS[1], and writes the head ARGV[6] to KEYS[2], where
 * ARGV[1] is "add" and ARGV[2] to ARGV[5] are the list's length, its last line, the head and the base
 * KEYS[3] as they still are. Gives nil then, or else these four and adds nothing. A text is said as "="
 * and the text, an absent one as "". A script that is refused in the middle is not undone: so the head comes
 * first, and is put back where the user may not add.
 */
export const ADD_LINES = `
local function said(value) return value and '=' .. value or '' end
local length = redis.call('LLEN', KEYS[1])
local now = {tostring(length), said(redis.call('LINDEX', KEYS[1], -1)),
  said(redis.call('GET', KEYS[2])), said(redis.call('GET', KEYS[3]))}
if ARGV[1] ~= 'add' then return now end
for i = 1, 4 do if now[i] ~= ARGV[i + 1] then return now end end
local head = redis.call('GET', KEYS[2])
redis.call('SET', KEYS[2], ARGV[6])
for i = 7, #ARGV do
  local added = redis.pcall('RPUSH', KEYS[1], ARGV[i])
  if type(added) == 'table' and added.err then
    if head then redis.call('SET', KEYS[2], head) else redis.call('DEL', KEYS[2]) end
    return added
  end
end
return nil`;

/**
 * Cuts ARGV[2] lines off the beginning of the list KEYS[1] and writes ARGV[4] to the base KEYS[3], where
 * the base is as ARGV[1] says, the last of these lines is ARGV[3], and another line follows it. Gives 1,
 * or 0 where that does not hold. The first LTRIM changes nothing: a user who may not trim is refused before
 * the base is written, since a script is not undone.
 */
export const CUT_LINES = `
local function said(value) return value and '=' .. value or '' end
local count = tonumber(ARGV[2])
if said(redis.call('GET', KEYS[3])) ~= ARGV[1] then return 0 end
if redis.call('LINDEX', KEYS[1], count - 1) ~= ARGV[3] then return 0 end
if redis.call('LLEN', KEYS[1]) <= count then return 0 end
redis.call('LTRIM', KEYS[1], 0, -1)
redis.call('SET', KEYS[3], ARGV[4])
redis.call('LTRIM', KEYS[1], count, -1)
return 1`;
