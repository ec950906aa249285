-- What nginx's Lua has no function for: the C library and OpenSSL, which nginx itself is linked with.
local ffi = require("ffi")
local bit = require("bit")

ffi.cdef([[
struct edgezero_statx {
  uint32_t mask, blksize; uint64_t attributes;
  uint32_t nlink, uid, gid; uint16_t mode, pad;
  uint64_t ino, size; uint8_t rest[208];
};
struct edgezero_timespec { long seconds, nanoseconds; };
int open(const char *path, int flags, ...);
long read(int fd, void *buffer, size_t size);
int close(int fd);
int statx(int fd, const char *path, int flags, unsigned mask, struct edgezero_statx *found);
int memcmp(const void *a, const void *b, size_t size);
char *strerror(int code);
int clock_gettime(int clock, struct edgezero_timespec *found);
void *mmap(void *address, size_t size, int protection, int flags, int fd, long offset);
int RAND_bytes(unsigned char *buffer, int size);
const void *EVP_sha256(void);
unsigned char *HMAC(const void *digest, const void *key, int key_size,
  const unsigned char *text, size_t size, unsigned char *result, unsigned *result_size);
int CRYPTO_memcmp(const void *a, const void *b, size_t size);
]])

local C = ffi.C
local M = {}

-- Linux's numbers.
local O_RDONLY_NONBLOCK_CLOEXEC = bit.bor(0x800, 0x80000)
local AT_EMPTY_PATH = 0x1000
local STATX_TYPE_AND_NLINK = 0x5
local S_IFMT, S_IFREG = 0xf000, 0x8000
local CLOCK_MONOTONIC = 1
local PROT_READ_WRITE, MAP_SHARED_ANONYMOUS = 0x3, 0x21
--- The path leads to no file: ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP.
local ABSENT = { [2] = true, [20] = true, [36] = true, [40] = true }
local ENXIO = 6

local time = ffi.new("struct edgezero_timespec")

--- Milliseconds of a clock that never goes back, and is one for all processes.
function M.monotonic_ms()
  C.clock_gettime(CLOCK_MONOTONIC, time)
  return tonumber(time.seconds) * 1000 + tonumber(time.nanoseconds) / 1e6
end

local function errno_text()
  return ffi.string(C.strerror(ffi.errno()))
end

--- Makes a function that reads a file whole, by its path, and gives how that went:
--- "same", where the text is that of the read before; "text" and the text; "absent"; "invalid" and why,
--- for what cannot be a config file; or "failed" and why. It never waits, not even for a pipe. The third
--- value is whether the file is in no folder any more.
--- @param most the most that a file may hold, in bytes
function M.file_reader(path, most)
  local buffers = { ffi.new("uint8_t[?]", most + 1), ffi.new("uint8_t[?]", most + 1) }
  local found = ffi.new("struct edgezero_statx")
  local current, known_size = 1, -1

  local function read_open(fd)
    if C.statx(fd, "", AT_EMPTY_PATH, STATX_TYPE_AND_NLINK, found) ~= 0 then
      return "failed", errno_text()
    end
    if bit.band(found.mode, S_IFMT) ~= S_IFREG then return "invalid", "it is not a regular file" end
    local buffer, size = buffers[3 - current], 0
    repeat
      local count = tonumber(C.read(fd, buffer + size, most + 1 - size))
      if count < 0 then return "failed", errno_text() end
      size = size + count
    until count == 0 or size > most
    local is_unlinked = found.nlink == 0
    if size > most then return "invalid", "it is larger than " .. most .. " bytes", is_unlinked end
    if size == known_size and C.memcmp(buffer, buffers[current], size) == 0 then
      return "same", nil, is_unlinked
    end
    current, known_size = 3 - current, size
    return "text", ffi.string(buffer, size), is_unlinked
  end

  return function()
    local fd = C.open(path, O_RDONLY_NONBLOCK_CLOEXEC)
    local outcome, detail, is_unlinked
    if fd < 0 then
      local code = ffi.errno()
      outcome, detail = ABSENT[code] and "absent" or "failed", errno_text()
      -- What cannot be opened as a file at all, such as a socket.
      if code == ENXIO then outcome, detail = "invalid", "it is not a regular file" end
    else
      outcome, detail, is_unlinked = read_open(fd)
      C.close(fd)
    end
    -- After anything else, the same text counts as another one.
    if outcome ~= "same" and outcome ~= "text" then known_size = -1 end
    return outcome, detail, is_unlinked
  end
end

--- Memory that all processes share that are forked from this one: zeros, for as long as they live.
function M.shared_memory(size)
  local memory = C.mmap(nil, size, PROT_READ_WRITE, MAP_SHARED_ANONYMOUS, -1, 0)
  if ffi.cast("intptr_t", memory) == -1 then error("no shared memory: " .. errno_text()) end
  return ffi.cast("uint8_t *", memory)
end

function M.random_bytes(size)
  local buffer = ffi.new("unsigned char[?]", size)
  if C.RAND_bytes(buffer, size) ~= 1 then error("OpenSSL has no random bytes") end
  return ffi.string(buffer, size)
end

--- HMAC-SHA-256: 32 bytes.
function M.hmac_sha256(secret, text)
  local result = ffi.new("unsigned char[32]")
  local size = ffi.new("unsigned[1]")
  local made = C.HMAC(C.EVP_sha256(), secret, #secret, text, #text, result, size)
  if made == nil then error("OpenSSL has no HMAC-SHA-256") end
  return ffi.string(result, 32)
end

--- Whether two texts are equal. It takes the same time for any of one length.
function M.is_equal(a, b)
  return #a == #b and C.CRYPTO_memcmp(a, b, #a) == 0
end

return M
