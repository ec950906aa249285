-- The counters of all workers. Each worker counts in a table of its own, which costs a request next to
-- nothing, and adds that to the shared dictionary with each tick of its timer: 20 ms later at most. The
-- dictionary outlives a reload, so no counter goes back.
local ffi = require("ffi")
local durations = require("edgezero.durations")

local M = {}

--- How long a worker's gauges count without a word from it, in seconds.
local GAUGE_SECONDS = 5

--- The numbers of words by which a cell of counts is found.
local CLASSES = { ["1xx"] = 1, ["2xx"] = 2, ["3xx"] = 3, ["4xx"] = 4, ["5xx"] = 5, other = 6 }
local OUTCOMES = { ok = 0, error = 10, timeout = 20, aborted = 30 }
local EXCLUSIONS = { no = 0, forced = 100, health = 200, ["no-client-address"] = 300 }

--- A histogram that is not handed on yet: how many by bucket, from 1, and their sum.
local function create_histogram(labels)
  local keys = {}
  for i = 1, #durations.BOUNDARIES + 1 do keys[i] = "d|" .. labels .. "|" .. i end
  return {
    counts = ffi.new("uint32_t[?]", #keys + 1), keys = keys,
    sum = 0, sum_key = "s|" .. labels,
    is_dirty = false,
  }
end

--- @param dict the shared dictionary
function M.create(dict)
  --- Of each kind of request, by path, reason and the number of its other labels: how many are not handed
  --- on yet.
  local requests = { legacy = {}, edgezero = {} }
  local cells = {}
  --- By path, by whether they are evidence, by outcome.
  local timed, histograms = {}, {}
  for _, path in ipairs({ "legacy", "edgezero" }) do
    timed[path] = { [true] = {}, [false] = {} }
    for outcome in pairs(OUTCOMES) do
      for _, is_evidence in ipairs({ true, false }) do
        local histogram = create_histogram(path .. "|" .. tostring(is_evidence) .. "|" .. outcome)
        timed[path][is_evidence][outcome] = histogram
        histograms[#histograms + 1] = histogram
      end
    end
  end
  local others = {}
  local open = { legacy = 0, edgezero = 0 }
  local counts = { open = open }
  local told_legacy, told_edgezero, told_at = -1, -1, 0
  local is_dirty = false

  --- Adds to a counter without labels.
  function counts.add(key, value)
    others[key] = (others[key] or 0) + value
    is_dirty = true
  end

  -- Few combinations of labels occur, so this runs seldom, and a request makes no text of them.
  local function new_cell(path, reason, class, outcome, excluded)
    local by_reason = requests[path]
    by_reason[reason] = by_reason[reason] or {}
    local cell = { count = 0, key = "r|" .. table.concat({ path, reason, class, outcome, excluded }, "|") }
    by_reason[reason][CLASSES[class] + OUTCOMES[outcome] + EXCLUSIONS[excluded]] = cell
    cells[#cells + 1] = cell
    return cell
  end
  jit.off(new_cell)

  local function cell_of(path, reason, class, outcome, excluded)
    local by_number = requests[path][reason]
    return by_number and by_number[CLASSES[class] + OUTCOMES[outcome] + EXCLUSIONS[excluded]]
      or new_cell(path, reason, class, outcome, excluded)
  end

  --- Counts a request that was routed, and how long its path took for the headers.
  function counts.request(path, reason, class, outcome, excluded, seconds)
    local cell = cell_of(path, reason, class, outcome, excluded)
    cell.count = cell.count + 1
    local histogram = timed[path][excluded == "no"][outcome]
    local bucket = durations.bucket_of(seconds)
    histogram.counts[bucket] = histogram.counts[bucket] + 1
    histogram.sum = histogram.sum + seconds
    histogram.is_dirty = true
    is_dirty = true
  end

  local function flush_histogram(histogram)
    histogram.is_dirty = false
    for bucket, key in ipairs(histogram.keys) do
      local count = histogram.counts[bucket]
      if count > 0 then
        dict:incr(key, count, 0)
        histogram.counts[bucket] = 0
      end
    end
    dict:incr(histogram.sum_key, histogram.sum, 0)
    histogram.sum = 0
  end

  local function flush_counts()
    for key, value in pairs(others) do
      dict:incr(key, value, 0)
      others[key] = nil
    end
    for _, cell in ipairs(cells) do
      if cell.count > 0 then
        dict:incr(cell.key, cell.count, 0)
        cell.count = 0
      end
    end
    for _, histogram in ipairs(histograms) do
      if histogram.is_dirty then flush_histogram(histogram) end
    end
  end

  --- Hands on what was counted since the last call.
  --- @param worker names this worker, for its gauges
  function counts.flush(worker, now_seconds)
    if is_dirty then
      is_dirty = false
      flush_counts()
    end
    local is_new = open.legacy ~= told_legacy or open.edgezero ~= told_edgezero
    if not is_new and now_seconds - told_at < 1 then return end
    told_legacy, told_edgezero, told_at = open.legacy, open.edgezero, now_seconds
    dict:set("o|legacy|" .. worker, open.legacy, GAUGE_SECONDS)
    dict:set("o|edgezero|" .. worker, open.edgezero, GAUGE_SECONDS)
  end

  return counts
end

return M
