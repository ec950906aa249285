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
 * Writes the fields and values from ARGV[7] on to the hash KEYS[1], where all of these hold: the mark
 * KEYS[3] is as ARGV[2] says, the hash has for the fields ARGV[3] and ARGV[4] the values that ARGV[5]
 * and ARGV[6] say, and the lock KEYS[2] has the text ARGV[1]. Gives nil, or what does not hold and its
 * text. A value is said as "=" and its text, an absent one as "".
 */
export const WRITE = `
local function said(value) return value and '=' .. value or '' end
local mark = redis.call('GET', KEYS[3])
if said(mark) ~= ARGV[2] then return {'mark', mark or ''} end
local stored = redis.call('HMGET', KEYS[1], ARGV[3], ARGV[4])
if said(stored[1]) ~= ARGV[5] or said(stored[2]) ~= ARGV[6] then return {'values', ''} end
local lock = redis.call('GET', KEYS[2])
if lock ~= ARGV[1] then return {'lock', lock or ''} end
redis.call('HSET', KEYS[1], unpack(ARGV, 7))
return nil`;

/** Writes the fields and values from ARGV[2] on to the hash KEYS[1], and ARGV[1] to the mark KEYS[2]. */
export const OVERWRITE = `
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('SET', KEYS[2], ARGV[1])`;
