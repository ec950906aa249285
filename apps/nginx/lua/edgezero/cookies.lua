-- A tester's cookie, which is good for days and no origin's business. Pure.
local find, lower = string.find, string.lower

local M = {}

local COOKIE = "edgezero_force"

--- The token in a Cookie header; nil where there is none. Of several by the name, the first counts.
function M.token(cookie)
  return (";" .. cookie):match(";%s*" .. COOKIE .. "=([^;%s]+)")
end

local function is_force_cookie(piece)
  local name = piece:match("^[^=]*"):gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)
  return name:match("^%s*(.-)%s*$"):lower() == COOKIE
end

--- The parts of a text between separators, without those that `is_dropped`; nil where all are.
local function without(text, separator, kept_of)
  local kept = {}
  for part in (text .. separator):gmatch("(.-)" .. separator) do
    kept[#kept + 1] = kept_of(part)
  end
  return #kept > 0 and table.concat(kept, separator) or nil
end

--- Whether a Cookie header may hold the token, in any spelling. Nearly none does, and this is compiled.
function M.may_have_token(cookie)
  return find(cookie, "%", 1, true) ~= nil or find(lower(cookie), "edgezero", 1, true) ~= nil
end

--- A Cookie header without the token: the same text where it holds none, nil where nothing else is left.
--- Applications read a name in more spellings than the gateway does: with blanks around it, in other
--- letters, percent-encoded; and after a comma, where two headers were joined.
function M.without_token(cookie)
  if not M.may_have_token(cookie) then return cookie end
  local rest = without(cookie, ";", function(part)
    return without(part, ",", function(piece) return not is_force_cookie(piece) and piece or nil end)
  end)
  if rest == cookie or rest == nil then return rest end
  return rest:match("^%s*(.-)%s*$")
end

return M
