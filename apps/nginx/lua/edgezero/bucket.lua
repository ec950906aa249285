-- The bucket of a client. Its key is the text that the Rust reference prints for the bytes of its
-- address: RFC 5952 for IPv6, and the IPv4 text for an IPv4-mapped address. nginx's own text of an IPv6
-- address differs from it, so the text is never nginx's.
local bit = require("bit")
local ffi = require("ffi")
local fnv1a = require("edgezero.fnv1a")
local band, bxor = bit.band, bit.bxor
local byte, format = string.byte, string.format
local step, BASIS = fnv1a.step, fnv1a.BASIS

local M = {}

local DOT = byte(".")
local MAPPED = ("\0"):rep(10) .. "\255\255"

--- The three digits of each octet, as character codes, and for each whether it is printed: all bits or
--- none. They hash an address without its text, and without a branch: LuaJIT compiles each way that an
--- address could take through branches for itself.
local function digits_of(position)
  local codes, printed = ffi.new("int32_t[256]"), ffi.new("int32_t[256]")
  for octet = 0, 255 do
    codes[octet] = 48 + math.floor(octet / position) % 10
    printed[octet] = (position == 1 or octet >= position) and -1 or 0
  end
  return codes, printed
end
local HUNDREDS, IS_HUNDREDS = digits_of(100)
local TENS, IS_TENS = digits_of(10)
local ONES = digits_of(1)

local function hash_octet(hash, octet)
  hash = bxor(hash, band(bxor(hash, step(hash, HUNDREDS[octet])), IS_HUNDREDS[octet]))
  hash = bxor(hash, band(bxor(hash, step(hash, TENS[octet])), IS_TENS[octet]))
  hash = step(hash, ONES[octet])
  return hash
end

local function bucket_of_ipv4(a, b, c, d)
  local hash = step(hash_octet(BASIS, a), DOT)
  hash = step(hash_octet(hash, b), DOT)
  hash = step(hash_octet(hash, c), DOT)
  hash = hash_octet(hash, d) % 4294967296 % 100
  return hash
end

--- Where the longest run of at least two zero groups begins, and its length; the first of equal ones.
local function longest_zeros(groups)
  local best_start, best_length, length = 0, 1, 0
  for i = 1, 8 do
    length = groups[i] == 0 and length + 1 or 0
    if length > best_length then best_start, best_length = i - length + 1, length end
  end
  return best_start, best_length
end

local function ipv6_text(bytes)
  local groups = {}
  for i = 1, 8 do
    local high, low = byte(bytes, 2 * i - 1, 2 * i)
    groups[i] = high * 256 + low
  end
  local start, length = longest_zeros(groups)
  local text = ""
  local i = 1
  while i <= 8 do
    if i == start then
      text = text .. "::"
      i = i + length
    else
      local separator = (i == 1 or i == start + length and start > 0) and "" or ":"
      text = text .. separator .. format("%x", groups[i])
      i = i + 1
    end
  end
  return text
end

--- The four bytes of an IPv4 or an IPv4-mapped address; nil for any other.
local function ipv4_of(bytes)
  if #bytes == 4 then return byte(bytes, 1, 4) end
  if #bytes == 16 and bytes:sub(1, 12) == MAPPED then return byte(bytes, 13, 16) end
  return nil
end

--- Whether these are the bytes of an address: 4 or 16 of them. A client on a Unix socket has none.
function M.is_address(bytes)
  return bytes ~= nil and (#bytes == 4 or #bytes == 16)
end

--- The text that is hashed for a client: the empty key where there is no address.
function M.key(bytes)
  if not M.is_address(bytes) then return "" end
  local a, b, c, d = ipv4_of(bytes)
  if a then return format("%d.%d.%d.%d", a, b, c, d) end
  return ipv6_text(bytes)
end

--- The bucket of a client by the bytes of its address, 0 to 99. Total: no address is in bucket 61.
function M.bucket(bytes)
  if M.is_address(bytes) then
    local a, b, c, d = ipv4_of(bytes)
    if a then return bucket_of_ipv4(a, b, c, d) end
  end
  return fnv1a.hash(M.key(bytes)) % 100
end

--- Makes a function that gives the bucket of an address by its bytes and their count, and remembers those of the IPv6 addresses that
--- were seen last: their texts are made in loops, which LuaJIT does not compile within a request's way.
--- @param most how many are remembered before all are forgotten
function M.remembering(most)
  local known, count = {}, 0

  local function learn(bytes)
    if count >= most then known, count = {}, 0 end
    local found = M.bucket(bytes)
    known[bytes], count = found, count + 1
    return found
  end
  jit.off(learn)

  return function(bytes, size)
    local found
    if size == 4 then
      found = bucket_of_ipv4(bytes[0], bytes[1], bytes[2], bytes[3])
    else
      local text = ffi.string(bytes, size)
      found = known[text] or learn(text)
    end
    return found
  end
end

M.EMPTY_KEY_BUCKET = M.bucket("")

return M
