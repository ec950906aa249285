-- Answers signed probes: by the state that decides a client's request at that moment, in this worker.
local decide = require("edgezero.decide")
local signature = require("edgezero.signature")
local system = require("edgezero.system")
local token = require("edgezero.token")

local M = {}

local HEADER = "x-edgezero-probe"
local LONGEST_MS = 999999999

--- Bytes in hexadecimal digits.
function M.hex(bytes)
  return (bytes:gsub(".", function(c) return string.format("%02x", c:byte()) end))
end

--- The name by which a worker answers. It has it through each reload: the worker before it, which may still
--- finish requests, is no further one.
local function instance_of(process, worker)
  if not worker then return M.hex(system.random_bytes(8)) end
  return M.hex(system.hmac_sha256(process, "worker " .. worker)):sub(1, 16)
end

--- @param gateway what a worker has: `settings`, `dict`, `store` and `counts`
function M.create(gateway)
  local values = gateway.settings
  local secrets = {}
  secrets[#secrets + 1] = values.PROBE_SECRET
  secrets[#secrets + 1] = values.PROBE_SECRET_PREVIOUS
  local instance = instance_of(gateway.dict:get("i|process"), ngx.worker.id())

  local function changed(state)
    local change = gateway.store.change
    if not change or state.reason == "store-unavailable" then return "" end
    local ago = math.min(math.floor(system.monotonic_ms() - change.at), LONGEST_MS)
    return "; from=" .. change.from .. "; ago=" .. ago
  end

  local function text_of(probe, state)
    return string.format(
      "path=%s; reason=%s; pct=%d; bucket=%d; epoch=%s; instance=%s; open=%d%s",
      decide.path(state, probe.bucket), state.reason, state.pct, probe.bucket, state.epoch,
      instance, gateway.counts.open.edgezero, changed(state)
    )
  end

  return {
    --- Sets the headers of the answer, and tells whether the request is a probe. One whose token does not
    --- count is a request like any other.
    answer = function(var, state)
      if #secrets == 0 then return false end
      local given = var.http_x_edgezero_probe
      if not given then return false end
      local probe = token.parse_probe(given, ngx.now() * 1000)
      local secret = probe and signature.secret_of(probe, secrets)
      if not secret then return false end
      local answer = text_of(probe, state)
      ngx.header["cache-control"] = "no-store"
      ngx.header[HEADER] = answer .. "; signature=" .. signature.sign(secret, token.probe_answer(probe, answer))
      gateway.counts.add("p|", 1)
      return true
    end,
  }
end

return M
