-- The page of metrics in Prometheus's text format, with the names, labels and words of the Node gateway.
local durations = require("edgezero.durations")
local reasons = require("edgezero.reasons")

local M = {}

--- The decisions of a rollout that goes well, and how a request may end. They are 0 from the start, since
--- a rate needs a value from before the first error.
local USUAL = { "legacy|disabled", "legacy|rollback", "legacy|bucket", "edgezero|bucket", "edgezero|cutover" }
local ENDINGS = { "2xx|ok", "5xx|error", "2xx|error", "none|error", "5xx|timeout" }

local function number_text(value)
  if value == math.floor(value) and math.abs(value) < 1e15 then return string.format("%d", value) end
  return string.format("%.17g", value)
end

local function labels_text(labels)
  if not labels then return "" end
  local parts = {}
  for i = 1, #labels, 2 do
    parts[#parts + 1] = labels[i] .. '="' .. labels[i + 1] .. '"'
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function split(text)
  local parts = {}
  for part in text:gmatch("[^|]+") do parts[#parts + 1] = part end
  return parts
end

--- The values of all keys of one kind, by the rest of their names.
local function of_kind(values, kind)
  local found = {}
  for key, value in pairs(values) do
    if key:sub(1, 2) == kind .. "|" then found[key:sub(3)] = value end
  end
  return found
end

local function sorted_keys(values)
  local keys = {}
  for key in pairs(values) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

local function request_samples(values)
  local found = of_kind(values, "r")
  for _, decision in ipairs(USUAL) do
    for _, ending in ipairs(ENDINGS) do
      local key = decision .. "|" .. ending .. "|no"
      found[key] = found[key] or 0
    end
  end
  local samples = {}
  for _, key in ipairs(sorted_keys(found)) do
    local path, reason, class, outcome, excluded = unpack(split(key))
    samples[#samples + 1] = {
      found[key],
      { "path", path, "reason", reason, "status_class", class, "outcome", outcome, "excluded", excluded },
    }
  end
  return samples
end

local function fault_samples(values)
  local totals = {}
  for reason, facts in pairs(reasons) do
    if facts.is_fault then totals[reason] = 0 end
  end
  for key, value in pairs(of_kind(values, "r")) do
    local reason = split(key)[2]
    if totals[reason] then totals[reason] = totals[reason] + value end
  end
  local samples = {}
  for _, reason in ipairs(sorted_keys(totals)) do
    samples[#samples + 1] = { totals[reason], { "reason", reason } }
  end
  return samples
end

local function open_samples(values)
  local totals = { legacy = 0, edgezero = 0 }
  for key, value in pairs(of_kind(values, "o")) do
    local path = split(key)[1]
    totals[path] = totals[path] + value
  end
  return { { totals.legacy, { "path", "legacy" } }, { totals.edgezero, { "path", "edgezero" } } }
end

--- Whether a request is evidence, and its outcome.
local KINDS_OF_TIMES = {
  "true|ok", "true|error", "true|timeout", "true|aborted",
  "false|ok", "false|error", "false|timeout", "false|aborted",
}

local function duration_samples(values)
  local samples = {}
  for _, path in ipairs({ "legacy", "edgezero" }) do
    for _, kind in ipairs(KINDS_OF_TIMES) do
      local evidence, outcome = unpack(split(kind))
      local name = path .. "|" .. kind
      local buckets, total = {}, 0
      for i = 1, #durations.BOUNDARIES + 1 do
        total = total + (values["d|" .. name .. "|" .. i] or 0)
        local le = durations.BOUNDARIES[i] and string.format("%.4g", durations.BOUNDARIES[i]) or "+Inf"
        buckets[i] = { total, { "path", path, "evidence", evidence, "outcome", outcome, "le", le }, "_bucket" }
      end
      if total > 0 then
        local labels = { "path", path, "evidence", evidence, "outcome", outcome }
        samples[#samples + 1] = { total, labels, "_count" }
        samples[#samples + 1] = { values["s|" .. name] or 0, labels, "_sum" }
        for _, bucket in ipairs(buckets) do samples[#samples + 1] = bucket end
      end
    end
  end
  return samples
end

local function one(value)
  return { { value } }
end

--- @param values all that the shared dictionary holds, by key
--- @param now the values of this moment: `process`, which names this nginx, `workers`, `started_at` in seconds since
--- 1970, `state`, `age_seconds` (nil before a first read), `is_unlinked`, `connections` (nil where nginx does not tell), and `clients`, which counts by path and outcome
function M.page(values, now)
  local metrics = {
    { "edgezero_gateway_info", "gauge",
      "1; its label names the process, so that one that is scraped as several targets counts once",
      { { 1, { "process", now.process } } } },
    { "edgezero_gateway_workers", "gauge",
      "How many processes route what this page counts; each answers probes by a name of its own",
      one(now.workers) },
    { "process_start_time_seconds", "gauge",
      "When the process started, in seconds since 1970: all counters began at 0 then", one(now.started_at) },
    { "edgezero_requests_total", "counter",
      "Requests that were routed, by the path that they were assigned", request_samples(values) },
    { "edgezero_config_read_failures_total", "counter",
      "Requests for which the config store gave no valid instruction", fault_samples(values) },
    { "edgezero_probes_total", "counter",
      "Signed probes that were answered, which are no requests", one(values["p|"] or 0) },
    { "edgezero_lua_faults_total", "counter",
      "Faults of the rollout's own Lua, each of which sent its request to legacy", one(values["f|"] or 0) },
    { "edgezero_clients", "gauge",
      "Distinct clients over the last minute, or since a page had another epoch, estimated, by path: all, and those of a failed request",
      {
        { now.clients("legacy", false), { "path", "legacy", "outcome", "all" } },
        { now.clients("legacy", true), { "path", "legacy", "outcome", "failing" } },
        { now.clients("edgezero", false), { "path", "edgezero", "outcome", "all" } },
        { now.clients("edgezero", true), { "path", "edgezero", "outcome", "failing" } },
      } },
    { "edgezero_open_connections", "gauge",
      "Responses that are still being sent and upgrades that are still open, by path", open_samples(values) },
    { "edgezero_rollout_pct", "gauge",
      "The percentage that requests are routed by, 0 where none is valid", one(now.state.pct) },
    { "edgezero_enabled", "gauge",
      "1 while the master switch is on", one(now.state.enabled and 1 or 0) },
    { "edgezero_config_epoch", "gauge",
      "The epoch of the config, as a number: differs where gateways differ",
      one(tonumber(now.state.epoch, 16)) },
    { "edgezero_config_file_unlinked", "gauge",
      "1 while the config file that is read is no longer in any folder: changes do not reach it",
      one(now.is_unlinked and 1 or 0) },
    { "edgezero_request_duration_seconds", "histogram",
      "From the decision to the headers of the path's response", duration_samples(values) },
  }
  if now.age_seconds then
    metrics[#metrics + 1] = { "edgezero_config_age_seconds", "gauge",
      "How long ago the config store last confirmed what is routed by", one(now.age_seconds) }
  end
  if now.connections then
    metrics[#metrics + 1] = { "edgezero_client_connections", "gauge",
      "Client connections that are open", one(now.connections) }
  end
  local lines = {}
  for _, metric in ipairs(metrics) do
    local name, kind, help, samples = unpack(metric)
    lines[#lines + 1] = "# HELP " .. name .. " " .. help .. "\n# TYPE " .. name .. " " .. kind
    for _, sample in ipairs(samples) do
      lines[#lines + 1] = name .. (sample[3] or "") .. labels_text(sample[2]) .. " " .. number_text(sample[1])
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

return M
