-- The config file as one worker knows it: what was read last, and the state that it means. Pure but for
-- the reader and the clocks that it is given.
local decide = require("edgezero.decide")
local parse = require("edgezero.parse")

local M = {}

--- The key by which a mirror says when it last saw the store that it mirrors, in milliseconds since 1970.
M.MIRRORED_KEY = "edgezero_mirrored_at"

--- @param options `read`: from system.file_reader. `max_age_ms`: how long the last values stand while
--- reads fail, or while a mirror is silent. `monotonic_ms`, `wall_ms`: the clocks.
function M.open(options)
  local read, max_age_ms = options.read, options.max_age_ms
  local monotonic_ms, wall_ms = options.monotonic_ms, options.wall_ms
  local store = {
    state = decide.unavailable(),
    --- Why there are no values, for the log; nil where there are.
    why = "it was not read yet",
    --- When the file was last read, or its mirror last saw its store; nil before.
    confirmed_at = nil,
    is_unlinked = false,
    --- The last change of the epoch that was seen: `from` and `at`; nil before one.
    change = nil,
  }
  --- The content that was read last, and its state; nil where the last text was no config file.
  local content, good
  --- The epoch that was read last, whatever came in between.
  local epoch

  local function unavailable(why)
    store.state, store.why = decide.unavailable(), why
  end

  --- How long ago the mirror saw its store; nil for a file that no mirror writes.
  local function mirror_age_ms()
    local at = content.values[M.MIRRORED_KEY]
    if at == nil then return nil end
    return at:match("^%d+$") and wall_ms() - tonumber(at) or math.huge
  end

  local function stand()
    local now = monotonic_ms()
    local age = mirror_age_ms()
    -- One from the future is one of a clock that was set back, which would hide a dead mirror.
    if age ~= nil and (age > max_age_ms or age < -max_age_ms) then
      return unavailable("its mirror is silent")
    end
    store.confirmed_at = now - math.max(age or 0, 0)
    store.state, store.why = good, nil
    if epoch ~= nil and epoch ~= good.epoch then store.change = { from = epoch, at = now } end
    epoch = good.epoch
  end

  local function understand(text)
    local why
    content, why = parse.content(text)
    good = content and decide.state_of(content)
    if not content then return unavailable(why) end
    stand()
  end

  local function ride_out(why)
    local stale = good and decide.stale(good)
    local age = store.confirmed_at and monotonic_ms() - store.confirmed_at
    if not stale or not age or age > max_age_ms then return unavailable(why) end
    store.state, store.why = stale, why
  end

  --- Reads the file. What is absent or no config file counts at once; after a read that failed the last
  --- values stand, for `max_age_ms`.
  function store.look()
    local outcome, detail, is_unlinked = read()
    store.is_unlinked = is_unlinked == true
    if outcome == "text" then
      understand(detail)
    elseif outcome == "same" then
      if good then stand() end
    elseif outcome == "failed" then
      ride_out(detail)
    else
      content, good = nil, nil
      unavailable(detail)
    end
  end

  return store
end

return M
