-- What a response tells shared caches in front of the gateway while both paths serve, as
-- packages/rollout/src/attribution/shared-caches.ts does it.
local M = {}

--- Headers that outrank Cache-Control for the caches that know them, with the value that forbids.
local TARGETED = {
  ["cdn-cache-control"] = "no-store",
  ["cloudflare-cdn-cache-control"] = "no-store",
  ["surrogate-control"] = "no-store, max-age=0",
  ["edge-control"] = "no-store",
}
--- Directives that only mean something to shared caches, or contradict `private`.
local SHARED_ONLY = { public = true, private = true, ["s-maxage"] = true, ["proxy-revalidate"] = true }
local VARY_BY = "X-Forwarded-For"

--- The members of a list, in which a quoted text may have commas; and whether the last one has a quote
--- that is never closed.
local function members(list)
  local found, from, in_quotes, i = {}, 1, false, 1
  local function take(to)
    local member = list:sub(from, to):match("^%s*(.-)%s*$")
    if member ~= "" then found[#found + 1] = member end
  end
  while i <= #list do
    local c = list:sub(i, i)
    if in_quotes and c == "\\" then
      i = i + 1
    elseif c == '"' then
      in_quotes = not in_quotes
    elseif c == "," and not in_quotes then
      take(i - 1)
      from = i + 1
    end
    i = i + 1
  end
  take(#list)
  return found, in_quotes
end

local function text_of(value)
  if type(value) == "table" then return table.concat(value, ", ") end
  return value or ""
end

local function forbid(header)
  local directives, is_open = members(text_of(header["cache-control"]))
  if is_open then directives[#directives] = nil end
  local kept = { "private" }
  for _, directive in ipairs(directives) do
    local name = directive:match("^([^%s=]+)")
    local is_alone = directive:match("^[^%s=]+%s*$") or directive:match("^[^%s=]+%s*=")
    if not (name and is_alone and SHARED_ONLY[name:lower()]) then kept[#kept + 1] = directive end
  end
  header["cache-control"] = table.concat(kept, ", ")
  for name, refusal in pairs(TARGETED) do
    if header[name] then header[name] = refusal end
  end
end

local function vary(header)
  local names = members(text_of(header["vary"]))
  for _, name in ipairs(names) do
    if name == "*" or name:lower() == VARY_BY:lower() then return end
  end
  names[#names + 1] = VARY_BY
  header["vary"] = table.concat(names, ", ")
end

local WAYS = { private = forbid, vary = vary, unchanged = function() end }

--- Keeps the two paths' responses apart.
--- @param header the headers of the response, by their names in lower case
--- @param how "unchanged", "private" or "vary"
function M.separate(header, how)
  WAYS[how](header)
end

return M
