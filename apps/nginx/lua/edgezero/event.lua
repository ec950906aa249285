-- The event of a routed request, as docs/events.md describes it. Pure.
local reasons = require("edgezero.reasons")

local floor = math.floor

local M = {}

local CLASSES = { "1xx", "2xx", "3xx", "4xx", "5xx" }

--- How the response ended: "sent", "broken-off" by its origin, or "aborted-by-client".
--- @param method_of gives the request's method; asked only where the end of a body was not seen
local function ending_of(request, status, is_complete, method_of)
  if not is_complete then return "aborted-by-client" end
  -- nginx calls a request complete although its origin broke off: only the end of the body was not seen.
  if request.ended then return "sent" end
  local has_body = status ~= 101 and status ~= 204 and status ~= 304 and method_of() ~= "HEAD"
  return has_body and "broken-off" or "sent"
end

local function outcome_of(ending, status)
  if ending == "aborted-by-client" then return "aborted" end
  if status == 504 then return "timeout" end
  return ending == "sent" and status >= 100 and status < 500 and "ok" or "error"
end

--- Why a request says nothing about its path; nil where it does. The first reason counts.
local function exclusion_of(request)
  if request.reason == "forced" then return "forced" end
  if request.is_health then return "health" end
  if request.size == 0 then return "no-client-address" end
  return nil
end

--- What became of a request that has ended: the class of its status, its outcome, and why it says nothing
--- about its path (nil where it does).
function M.of(request, status, is_complete, method_of)
  local ending = ending_of(request, status, is_complete, method_of)
  local class, outcome, excluded = CLASSES[floor(status / 100)], outcome_of(ending, status), exclusion_of(request)
  return class or "other", outcome, excluded, ending
end

--- How many requests an event stands for; nil where it is not written. Only what went well is sampled.
function M.weight(outcome, rate, random)
  if outcome ~= "ok" then return 1 end
  return random < rate and 1 / rate or nil
end

local function text(value)
  return value == nil and "null" or '"' .. value .. '"'
end

local function ms(value)
  return value == nil and "null" or string.format("%.3f", value)
end

--- One line of JSON.
--- @param id names the event, as no other is named. Without letters that JSON must escape.
function M.line(id, request, facts, service, weight)
  return table.concat({
    '{"type":"edgezero-decision","id":', text(id),
    ',"version":1,"time":', string.format("%.0f", request.time or ngx.now() * 1000),
    ',"service":', text(service),
    ',"runtime":"nginx","path":', text(request.path),
    ',"reason":', text(request.reason),
    ',"rolloutPct":', request.state.pct,
    ',"bucket":', request.bucket or "null",
    ',"epoch":', text(request.state.epoch),
    ',"status":', facts.status,
    ',"outcome":', text(facts.outcome),
    -- nginx does not tell a program why it answered in an origin's place.
    ',"error":null',
    ',"durationMs":', ms(facts.duration_ms),
    ',"lastByteMs":', ms(facts.last_byte_ms),
    ',"excluded":', text(facts.excluded),
    ',"weight":', string.format("%.17g", weight),
    "}",
  })
end

--- Whether clients of one URL can get either path by this reason.
function M.both_paths_serve(reason)
  return reasons[reason].both == true
end

return M
