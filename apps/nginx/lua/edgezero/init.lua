-- The glue between nginx and the rollout: one function for each hook of nginx. Nothing here ever fails a
-- request: where anything goes wrong, it takes the legacy path.
local bit = require("bit")
local ffi = require("ffi")
local bucket = require("edgezero.bucket")
local clients = require("edgezero.clients")
local counts = require("edgezero.counts")
local decide = require("edgezero.decide")
local event = require("edgezero.event")
local exposition = require("edgezero.exposition")
local log_once = require("edgezero.log_once")
local parse = require("edgezero.parse")
local probes = require("edgezero.probes")
local reasons = require("edgezero.reasons")
local settings = require("edgezero.settings")
local store = require("edgezero.store")
local system = require("edgezero.system")
local testers = require("edgezero.testers")
local headers = require("edgezero.headers")
local header_names = require("edgezero.header_names")
local variables = require("edgezero.variables")

local band = bit.band
local get = variables.get
local get_request = require("resty.core.base").get_request
local monotonic_ms = system.monotonic_ms

local M = {}

local TICK_SECONDS = 0.02
--- A request reads the file itself where the timer has not for so long.
local LATE_MS = 1000

--- How many buckets of IPv6 addresses a worker remembers.
local REMEMBERED = 20000

--- How many tables of requests that have ended a worker keeps for new ones.
local MOST_SPARE = 1000

--- All that a worker has; nil until setup() has run.
local gateway

local function wall_ms()
  return ngx.now() * 1000
end

--- A hook's way through a request is compiled as one: LuaJIT's own limits would end it before its end, and
--- leave it to the interpreter.
local COMPILER = { "maxrecord=16000", "maxirconst=2000", "maxsnap=2000" }

--- For init_by_lua: reads the settings. Where one is not valid, nginx does not start, and says which.
function M.setup(given)
  jit.opt.start(unpack(COMPILER))
  local values = settings.read(given)
  local dict = ngx.shared.edgezero
  if not dict then
    error("edgezero: lua_shared_dict edgezero is not declared: include edgezero/http.conf before setup", 0)
  end
  local salt_secret = system.random_bytes(32)
  local memory = system.shared_memory(clients.MEMORY_SIZE)
  gateway = {
    settings = values,
    dict = dict,
    counts = counts.create(dict),
    clients = clients.create(memory, function(number)
      return system.hmac_sha256(salt_secret, tostring(number))
    end),
    store = store.open({
      read = system.file_reader(values.EDGEZERO_CONFIG, parse.MOST_BYTES),
      max_age_ms = values.CONFIG_MAX_AGE_MS,
      monotonic_ms = monotonic_ms,
      wall_ms = wall_ms,
    }),
    bucket_of = bucket.remembering(REMEMBERED),
    looked_at = 0,
  }
  -- As long as the counts: through each reload, and not beyond a restart.
  dict:add("i|process", probes.hex(system.random_bytes(8)))
  dict:add("i|started_at", math.floor(wall_ms()) / 1000)
  gateway.testers = testers.create(values)
  gateway.headers = headers.create(values, "edgezero-" .. probes.hex(system.random_bytes(6)))
end

--- Reads the file, and says at most once a minute in all workers why requests go to legacy.
local function look(now)
  gateway.looked_at = now
  gateway.store.look()
  local state = gateway.store.state
  local facts = reasons[state.reason]
  if not facts.is_fault and facts.level ~= "warn" then return end
  log_once.warn(gateway.dict, state.reason, facts.meaning .. (gateway.store.why and ": " .. gateway.store.why or ""))
end

local function tick()
  local now = monotonic_ms()
  look(now)
  gateway.clients.prepare(now)
  gateway.counts.flush(gateway.worker, now / 1000)
end

local function guarded(name, action)
  local ok, result = pcall(action)
  if ok then return result end
  if gateway then
    gateway.counts.add("f|", 1)
    log_once.warn(gateway.dict, "fault in " .. name, "fault in " .. name .. ": " .. tostring(result))
  else
    ngx.log(ngx.ERR, "edgezero: setup has not run: ", result)
  end
  return nil
end

--- For init_worker_by_lua: begins to follow the config file.
function M.start()
  if not gateway then return end
  gateway.worker = tostring(ngx.worker.pid())
  gateway.probes = probes.create(gateway)
  guarded("start", tick)
  ngx.timer.every(TICK_SECONDS, function() guarded("timer", tick) end)
end

--- For exit_worker_by_lua: hands on the last counts.
function M.stop()
  if gateway then guarded("stop", function() gateway.counts.flush(gateway.worker, math.huge) end) end
end

local QUESTION_MARK = string.byte("?")
local ROUTED, HEALTH, PROBED, LINKED, LOOPED = 0, 1, 2, 3, 4

--- What names of headers a request has that may be a probe, or one of a tester.
local MAY_PROBE = header_names.PROBE + header_names.OTHER
local MAY_CHOOSE = header_names.FORCE + header_names.COOKIE + header_names.OTHER

--- The requests that are under way, by nginx's own: a redirect within nginx, as by error_page, takes ngx.ctx
--- away. Each ends with the log hook, which all locations have.
local under_way = {}

local function key_of_request()
  local key = tonumber(ffi.cast("uintptr_t", get_request()))
  return key
end

--- Tables of requests that have ended, as a list by `spare`.
local spare, spare_count = false, 0

local function new_request()
  local request = spare
  if request then
    spare, spare_count = request.spare, spare_count - 1
    return request
  end
  -- With all its members at once, the table has its size from the start.
  return {
    path = false, reason = false, bucket = false, state = false, is_health = false, started = 0,
    bytes = ffi.new("uint8_t[16]"), size = 0,
    headers_at = false, time = false, ended = false, is_unknown = false, spare = false,
  }
end

local function give_back(request)
  if spare_count >= MOST_SPARE then return end
  request.spare, spare, spare_count = spare, request, spare_count + 1
end

--- Keeps a request for the hooks that follow. Where nginx has led it from one routed location to another,
--- the second one counts.
local function keep(request)
  local open, key = gateway.counts.open, key_of_request()
  local former = under_way[key]
  if former then open[former.path] = open[former.path] - 1 end
  open[request.path] = open[request.path] + 1
  under_way[key] = request
  ngx.ctx.edgezero = request
end

--- Whether a request is for this path, with any query. The path is compared as the client wrote it.
local function is_for(path)
  if not path then return false end
  local begins, after = variables.begins_with("request_uri", path)
  return begins and (after == 0 or after == QUESTION_MARK)
end

--- Decides the path of a request, and remembers why for the hooks after it.
local function route()
  local now = monotonic_ms()
  if now - gateway.looked_at > LATE_MS then look(now) end
  local state = gateway.store.state
  local is_health = is_for(gateway.settings.HEALTH_PATH)
  if is_health then
    local method = ngx.req.get_method()
    if method == "GET" or method == "HEAD" then return HEALTH end
  end
  local found = gateway.headers.look_at_names()
  if band(found, MAY_PROBE) ~= 0 and gateway.probes.answer(ngx.var, state) then return PROBED end
  if gateway.testers.link(ngx.var) then return LINKED end

  local request = new_request()
  local size = variables.read_address(request.bytes)
  local reason, client_bucket = state.reason, false
  local path = band(found, MAY_CHOOSE) ~= 0 and gateway.testers.path(ngx.var, state)
  if path then
    reason = "forced"
  elseif decide.by_bucket(state) then
    client_bucket = gateway.bucket_of(request.bytes, size)
    path = decide.path(state, client_bucket)
  else
    path = decide.path(state, 0)
  end
  if path == "edgezero" then ngx.var.edgezero_path = "edgezero" end
  local is_new = gateway.headers.to_origin(found)
  request.path, request.reason, request.bucket, request.state = path, reason, client_bucket, state
  request.size, request.is_health, request.started = size, is_health, now
  request.headers_at, request.time, request.ended = false, false, false
  keep(request)
  return is_new and ROUTED or LOOPED
end

local function to_legacy()
  local var = ngx.var
  var.edgezero_path = "legacy"
  if gateway and gateway.settings.ORIGIN_HOST == "client" then var.edgezero_host = var.http_host end
  if gateway then keep({ path = "legacy", is_unknown = true }) end
end

--- Ends a request with an answer of the gateway's own, whose headers are set.
local function answer(status, text)
  ngx.req.discard_body()
  ngx.status = status
  if status ~= 204 then ngx.header["content-length"] = #text end
  if text ~= "" then
    ngx.header["content-type"] = "text/plain;charset=UTF-8"
    ngx.print(text)
  else
    ngx.send_headers()
  end
  return ngx.exit(ngx.HTTP_OK)
end

--- For access_by_lua: routes the request, or answers it where it is the gateway's own to answer.
function M.route()
  local outcome = guarded("route", route)
  if outcome == ROUTED then return end
  if outcome == HEALTH then return answer(200, "ok") end
  if outcome == PROBED then return answer(204, "") end
  if outcome == LINKED then return answer(303, "") end
  if outcome == LOOPED then return answer(508, "508 Loop Detected: the origin is this gateway itself.\n") end
  return to_legacy()
end

local function on_headers()
  local request = ngx.ctx.edgezero
  if not request then return end
  request.headers_at = monotonic_ms()
  if gateway.settings.EVENT_SAMPLE_RATE then request.time = wall_ms() end
  gateway.headers.to_client(ngx.header, request)
end

--- For header_filter_by_lua: tells the client its path, as the settings say.
function M.header_filter()
  guarded("header_filter", on_headers)
end

--- For body_filter_by_lua: remembers that a response came to its end.
function M.body_filter()
  if not variables.is_last() then return end
  local request = ngx.ctx.edgezero
  if request then request.ended = true end
end

local function write_event(rate, request, status, class, outcome, excluded, ending, now)
  local weight = event.weight(outcome, rate, math.random())
  if not weight then return end
  local facts = {
    status = status, class = class, outcome = outcome, excluded = excluded,
    duration_ms = (request.headers_at or now) - request.started,
    last_byte_ms = ending == "sent" and now - request.started or nil,
  }
  local var = ngx.var
  var.edgezero_event = event.line(var.request_id, request, facts, gateway.settings.SERVICE_NAME, weight)
end

--- What the path's own origin answered to a request that ended in another location; nil where it was not
--- asked. Of several attempts, the last counts.
local function status_before_redirect(request)
  -- Its end is that of another response.
  request.ended = true
  local statuses = get("upstream_status")
  local first = statuses and (statuses .. " : "):match("^(.-) : ")
  return first and tonumber(first:match("(%d+)%s*$"))
end
jit.off(status_before_redirect)

local function on_end()
  local key = key_of_request()
  local request = under_way[key]
  if not request then return end
  under_way[key] = nil
  local ctx = ngx.ctx
  local status = ctx.edgezero ~= request and status_before_redirect(request) or ngx.status
  ctx.edgezero = nil
  local path = request.path
  local open = gateway.counts.open
  open[path] = open[path] - 1
  if request.is_unknown then return end
  local now = monotonic_ms()
  local class, outcome, excluded, ending =
    event.of(request, status, get("request_completion") == "OK", ngx.req.get_method)
  local seconds = ((request.headers_at or now) - request.started) / 1000
  gateway.counts.request(path, request.reason, class, outcome, excluded or "no", seconds)
  if not excluded then
    local is_failing = outcome == "error" or outcome == "timeout"
    gateway.clients.add(path, request.bytes, request.size, is_failing, request.state.epoch_number, now)
  end
  local rate = gateway.settings.EVENT_SAMPLE_RATE
  if rate then write_event(rate, request, status, class, outcome, excluded, ending, now) end
  give_back(request)
end

--- For log_by_lua: counts the request, and writes its event.
function M.log()
  guarded("log", on_end)
end

local function page()
  tick()
  gateway.clients.follow(gateway.store.state.epoch_number, monotonic_ms())
  local values = {}
  for _, key in ipairs(gateway.dict:get_keys(0)) do
    values[key] = gateway.dict:get(key)
  end
  local now = monotonic_ms()
  local confirmed_at = gateway.store.confirmed_at
  return exposition.page(values, {
    process = gateway.dict:get("i|process"),
    started_at = gateway.dict:get("i|started_at"),
    workers = ngx.worker.count(),
    state = gateway.store.state,
    age_seconds = confirmed_at and (now - confirmed_at) / 1000,
    is_unlinked = gateway.store.is_unlinked,
    connections = tonumber(ngx.var.connections_active),
    clients = function(path, is_failing) return gateway.clients.count(path, is_failing, now) end,
  })
end

--- For content_by_lua: the page of metrics.
function M.metrics()
  local text = guarded("metrics", page)
  if not text then return ngx.exit(500) end
  ngx.header["content-type"] = "text/plain; version=0.0.4; charset=utf-8"
  ngx.print(text)
end

return M
