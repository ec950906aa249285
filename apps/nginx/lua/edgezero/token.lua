-- Signed tokens, in the forms of the gateways' core: those of operators who probe, and of testers who
-- choose a path. Pure but for the functions that it is given.
local match = string.match

local M = {}

local PROBE_PURPOSE = "edgezero-probe"
local FORCE_PURPOSE = "edgezero-force"
local LONGEST_PROBE_MS = 60000
local LONGEST_FORCE_MS = 7 * 24 * 3600 * 1000
--- 32 bytes as base64url. The last character holds four bits of them, and has one spelling.
local SIGNATURE_END = "^[AEIMQUYcgkosw048]$"

local function is_signature(text)
  return #text == 43 and match(text:sub(43), SIGNATURE_END) ~= nil
end

local function is_current(expires, now_ms, longest_ms)
  local left_ms = tonumber(expires) * 1000 - now_ms
  return left_ms > 0 and left_ms <= longest_ms
end

--- Bytes in the alphabet that is safe in URLs, without padding.
--- @param base64 encodes in the usual alphabet
function M.base64url(base64, bytes)
  return (base64(bytes):gsub("[+/=]", { ["+"] = "-", ["/"] = "_", ["="] = "" }))
end

--- Takes a probe's token apart; nil for one that is malformed, expired, or good for over a minute.
function M.parse_probe(token, now_ms)
  if #token > 200 then return nil end
  local expires, nonce, bucket, signature = match(token, "^(%d+)%.([%w_-]+)%.(%d%d?)%.([%w_-]+)$")
  if not expires or #expires > 13 or #nonce ~= 22 or not is_signature(signature) then return nil end
  if not is_current(expires, now_ms, LONGEST_PROBE_MS) then return nil end
  local signed = table.concat({ PROBE_PURPOSE, expires, nonce, bucket }, "\n")
  return { bucket = tonumber(bucket), signed = signed, signature = signature }
end

--- The text that is signed in the answer to a probe: it is for this token alone.
function M.probe_answer(token, answer)
  return table.concat({ PROBE_PURPOSE, token.signature, answer }, "\n")
end

--- Takes a tester's token apart; nil for one that is malformed, expired, or good for over 7 days.
function M.parse_force(token, now_ms)
  if #token > 200 then return nil end
  local path, expires, signature = match(token, "^(%l+)%.(%d+)%.([%w_-]+)$")
  if path ~= "legacy" and path ~= "edgezero" then return nil end
  if #expires > 12 or not is_signature(signature) then return nil end
  if not is_current(expires, now_ms, LONGEST_FORCE_MS) then return nil end
  local signed = table.concat({ FORCE_PURPOSE, path, expires }, "\n")
  return { path = path, expires = tonumber(expires), signed = signed, signature = signature }
end

--- The secret that a token was signed with; nil where it is none of these.
--- @param sign gives the signature of a text by a secret
--- @param is_equal compares two texts in constant time
function M.secret_of(token, secrets, sign, is_equal)
  for _, secret in ipairs(secrets) do
    if is_equal(sign(secret, token.signed), token.signature) then return secret end
  end
  return nil
end

return M
