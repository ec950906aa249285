-- How many distinct clients each path had over the last minute: all, and those of a failed request. As the
-- Node gateway counts them: linear counting over 65,536 groups of salted hashes, in slices of ten seconds.
--
-- All workers write into one memory: a byte for each group, so that no write needs a lock. It keeps no
-- address.
local bit = require("bit")
local ffi = require("ffi")
local band, bor, bxor, lshift, rshift, tobit =
  bit.band, bit.bor, bit.bxor, bit.lshift, bit.rshift, bit.tobit
local byte, floor = string.byte, math.floor

local M = {}

local GROUPS = 65536
local SLICE_MS = 10000
--- The slice that is being filled and the six before it count: never less than a minute. One more is
--- being cleared for the next ten seconds.
local COUNTED, SLICES = 7, 8
--- The first of two: all clients, then those of a failed request.
local KINDS = { legacy = 0, edgezero = 2 }
local SLICE_SIZE = 4 * GROUPS
--- How long a salt is used, and how long the next one counts beside it before that ends.
local SALT_MS, OVERLAP_MS = 3600000, 70000
local MOST_COUNTED = floor(GROUPS * math.log(GROUPS) + 0.5)

--- The first numbers of the memory: the epoch that is followed, plus 1, and how often a count has begun
--- again; then, for each place, which slice it holds.
local FOLLOWED, BEGUN, SHARED = 0, 1, 2
local NUMBERS_SIZE = (SHARED + 2 * SLICES) * 8
M.MEMORY_SIZE = NUMBERS_SIZE + 2 * SLICES * SLICE_SIZE

--- The low 32 bits of a product, as a signed integer.
local function imul(a, b)
  local product = tobit(lshift(tobit(a * rshift(b, 16)), 16) + a * band(b, 0xffff))
  return product
end

local function hash_four(hash, a, b, c, d)
  hash = imul(bxor(hash, a), 0x01000193)
  hash = imul(bxor(hash, b), 0x01000193)
  hash = imul(bxor(hash, c), 0x01000193)
  hash = imul(bxor(hash, d), 0x01000193)
  return hash
end

--- FNV-1a from a random start, then the finalizer of MurmurHash3; of that, the group. LuaJIT compiles no
--- loop within a request's way, so the steps are written out.
--- @param size 4 or 16
local function group_of(salt, bytes, size)
  local hash = hash_four(salt.start, bytes[0], bytes[1], bytes[2], bytes[3])
  if size == 16 then
    hash = hash_four(hash, bytes[4], bytes[5], bytes[6], bytes[7])
    hash = hash_four(hash, bytes[8], bytes[9], bytes[10], bytes[11])
    hash = hash_four(hash, bytes[12], bytes[13], bytes[14], bytes[15])
  end
  hash = bxor(hash, salt.finish)
  hash = imul(bxor(hash, rshift(hash, 16)), 0x85ebca6b)
  hash = imul(bxor(hash, rshift(hash, 13)), 0xc2b2ae35)
  local group = band(bxor(hash, rshift(hash, 16)), GROUPS - 1)
  return group
end

local function word(bytes, i)
  local a, b, c, d = byte(bytes, i, i + 3)
  return tobit(a + b * 256 + c * 65536 + d * 16777216)
end

--- @param memory M.MEMORY_SIZE bytes of zeros that all workers share
--- @param salt_of gives 8 bytes or more for a number, the same in all workers and to be guessed by nobody
function M.create(memory, salt_of)
  local shared = ffi.cast("double *", memory)
  local numbers = shared + SHARED
  local slices = memory + NUMBERS_SIZE
  --- What this worker writes to at the moment: until `ends`, and by which count, epoch and salt.
  local current = { ends = -1, begun = -1, salt = false, slice = false, next_salt = false, next_slice = false }
  local salts = {}

  local function make_salt(number)
    local bytes = salt_of(number)
    local salt = { number = number, start = word(bytes, 1), finish = word(bytes, 5) }
    salts[number % 2] = salt
    return salt
  end

  local function salt_at(number)
    local salt = salts[number % 2]
    return salt and salt.number == number and salt or make_salt(number)
  end

  --- Which slice a place holds, of which of the counts that began one after the other. Never 0, which a
  --- new memory holds.
  local function name_of(number)
    return shared[BEGUN] * 4294967296 + number + 1
  end

  --- Clears the place of a slice unless it is that slice's already, and gives its memory.
  local function slice_at(salt, number)
    local place = salt.number % 2 * SLICES + number % SLICES
    local slice = slices + place * SLICE_SIZE
    if numbers[place] ~= name_of(number) then
      ffi.fill(slice, SLICE_SIZE)
      numbers[place] = name_of(number)
    end
    return slice
  end

  --- Whether the next salt counts beside the current one.
  local function in_overlap(now_ms)
    return now_ms % SALT_MS >= SALT_MS - OVERLAP_MS
  end

  local function renew(now_ms)
    local slice, salt = floor(now_ms / SLICE_MS), floor(now_ms / SALT_MS)
    current.begun = shared[BEGUN]
    current.salt = salt_at(salt)
    current.slice = slice_at(current.salt, slice)
    current.next_salt = in_overlap(now_ms) and salt_at(salt + 1)
    current.next_slice = current.next_salt and slice_at(current.next_salt, slice)
    local overlap = salt * SALT_MS + SALT_MS - OVERLAP_MS
    current.ends = math.min((slice + 1) * SLICE_MS, now_ms < overlap and overlap or math.huge)
  end
  jit.off(renew)

  local function mark(salt, slice, kind, bytes, size, is_failing)
    local group = group_of(salt, bytes, size)
    slice[kind * GROUPS + group] = 1
    if is_failing then slice[(kind + 1) * GROUPS + group] = 1 end
  end

  local clients = {}

  --- Adds the client of a request, by the bytes of its address: 4 or 16. Once an epoch is followed, only requests
  --- under that one count: a client that changes its path with the percentage would be one of both.
  --- @param epoch as a number
  function clients.add(path, bytes, size, is_failing, epoch, now_ms)
    local followed = shared[FOLLOWED]
    if followed ~= 0 and followed ~= epoch + 1 then return end
    if now_ms >= current.ends or shared[BEGUN] ~= current.begun then renew(now_ms) end
    local kind = KINDS[path]
    mark(current.salt, current.slice, kind, bytes, size, is_failing)
    if current.next_salt then mark(current.next_salt, current.next_slice, kind, bytes, size, is_failing) end
  end

  --- Begins the count again, in all workers, where another epoch is in force.
  --- @param epoch as a number
  function clients.follow(epoch, now_ms)
    local followed = shared[FOLLOWED]
    if followed == epoch + 1 then return end
    shared[FOLLOWED] = epoch + 1
    if followed ~= 0 then shared[BEGUN] = shared[BEGUN] + 1 end
    renew(now_ms)
  end

  --- Makes ready what the next ten seconds need, so that no worker has to clear it while others write.
  function clients.prepare(now_ms)
    local slice, salt = floor(now_ms / SLICE_MS) + 1, floor(now_ms / SALT_MS)
    slice_at(salt_at(salt), slice)
    if in_overlap(now_ms + 2 * SLICE_MS) then slice_at(salt_at(salt + 1), slice) end
  end

  --- Estimates a count of the last 60 to 70 seconds.
  function clients.count(path, is_failing, now_ms)
    local kind = KINDS[path] + (is_failing and 1 or 0)
    local salt, last = floor(now_ms / SALT_MS) % 2, floor(now_ms / SLICE_MS)
    local recent = {}
    for number = last - COUNTED + 1, last do
      local place = salt * SLICES + number % SLICES
      if numbers[place] == name_of(number) then
        recent[#recent + 1] = ffi.cast("uint32_t *", slices + place * SLICE_SIZE + kind * GROUPS)
      end
    end
    local set = 0
    for i = 0, GROUPS / 4 - 1 do
      local union = 0
      for j = 1, #recent do
        union = bor(union, recent[j][i])
      end
      if union ~= 0 then
        set = set + band(union, 1) + band(rshift(union, 8), 1) + band(rshift(union, 16), 1) + rshift(union, 24)
      end
    end
    if set == GROUPS then return MOST_COUNTED end
    return floor(-GROUPS * math.log(1 - set / GROUPS) + 0.5)
  end

  return clients
end

return M
