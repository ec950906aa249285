-- FNV-1a, as the Rust reference hashes a client's key and the two values of the config.
local bit = require("bit")
local bxor, lshift, tobit = bit.bxor, bit.lshift, bit.tobit
local byte = string.byte

local M = { BASIS = tobit(0x811c9dc5) }

--- One step. The hash is a signed 32-bit integer. The prime is 2^24 + 403, taken in two parts: their
--- sum stays below 2^42, which a double holds exactly.
local function step(hash, octet)
  local mixed = bxor(hash, octet)
  local product = tobit(lshift(mixed, 24) + mixed * 403)
  return product
end
M.step = step

--- The hash of a text's bytes: an unsigned integer, 0 to 4294967295.
function M.hash(text)
  local hash = M.BASIS
  for i = 1, #text do
    hash = step(hash, byte(text, i))
  end
  return hash % 4294967296
end

return M
