-- Signatures of tokens, by nginx's own OpenSSL.
local system = require("edgezero.system")
local token = require("edgezero.token")

local M = {}

--- The signature of a text: its HMAC-SHA-256 as base64url.
function M.sign(secret, text)
  return token.base64url(ngx.encode_base64, system.hmac_sha256(secret, text))
end

--- The secret of these that a token was signed with; nil where it is none of them.
function M.secret_of(parsed, secrets)
  return token.secret_of(parsed, secrets, M.sign, system.is_equal)
end

return M
