-- nginx's variables, and the end of a body, by the functions behind ngx.var and ngx.arg. Those end with calls,
-- by which LuaJIT gives up to compile them by themselves, and with them all that uses them. And each text of a
-- client costs its place among all texts, and the collector's time, so that most are read where nginx has them.
local ffi = require("ffi")
local base = require("resty.core.base")
require("resty.core.var")
require("resty.core.param")

local C = ffi.C
local get_request, text_of = base.get_request, ffi.string

local M = {}

local LONGEST_NAME = 64
local lower_case = ffi.new("char[?]", LONGEST_NAME)
local found, size, message = ffi.new("unsigned char *[1]"), ffi.new("size_t[1]"), ffi.new("char *[1]")

local function locate(name)
  local code = C.ngx_http_lua_ffi_var_get(get_request(), name, #name, lower_case, 0, found, size, message)
  return code == 0
end

--- The text is held here as long as it may be read.
local held
local function locate_slowly(name)
  held = ngx.var[name]
  if not held then return false end
  found[0], size[0] = ffi.cast("unsigned char *", held), #held
  return true
end

--- Finds a variable: then its bytes are at found[0], and there are size[0] of them.
--- @param name of at most 64 characters
local function find(name)
  local is_done, is_there = pcall(locate, name)
  if is_done then return is_there end
  -- Another version of the module may have another function: then the usual way is taken for good.
  locate = locate_slowly
  is_there = locate(name)
  return is_there
end

--- The text of a variable; nil where it has none.
function M.get(name)
  if not find(name) then return nil end
  local text = text_of(found[0], size[0])
  return text
end

--- Whether two variables have one text.
function M.are_equal(one, other)
  if not find(one) then return false end
  local bytes, count = found[0], size[0]
  if not find(other) then return false end
  return size[0] == count and C.memcmp(found[0], bytes, count) == 0
end

--- Whether a variable begins with a text, and what byte comes after: 0 for none.
function M.begins_with(name, text)
  local length = #text
  if not find(name) or size[0] < length or C.memcmp(found[0], text, length) ~= 0 then return false, 0 end
  return true, size[0] > length and found[0][length] or 0
end

--- Puts the bytes of a client's address into memory for 16 of them, those of an IPv4-mapped one as its IPv4
--- address, and gives their count: 4, 16, or 0 for no address, such as that of a Unix socket.
function M.read_address(bytes)
  if not find("binary_remote_addr") then return 0 end
  local count = tonumber(size[0])
  if count == 4 then
    ffi.copy(bytes, found[0], 4)
    return 4
  end
  if count ~= 16 then return 0 end
  if C.memcmp(found[0], "\0\0\0\0\0\0\0\0\0\0\255\255", 12) == 0 then
    ffi.copy(bytes, found[0] + 12, 4)
    return 4
  end
  ffi.copy(bytes, found[0], 16)
  return 16
end

local function is_last()
  return C.ngx_http_lua_ffi_get_body_filter_param_eof(get_request()) == 1
end

local function is_last_slowly()
  return ngx.arg[2]
end

--- Whether a body ends with what body_filter_by_lua was called for.
function M.is_last()
  local is_done, answer = pcall(is_last)
  if is_done then return answer end
  is_last = is_last_slowly
  answer = is_last()
  return answer
end

return M
