-- The boundaries of the histogram of durations, which are those of the Node gateway: alerts and the
-- controller compare histograms of all gateways.
local M = {}

local FASTEST_SECONDS, SLOWEST_SECONDS, RATIO = 0.001, 10, 1.048

local boundaries = {}
local bound = FASTEST_SECONDS
while bound < SLOWEST_SECONDS do
  boundaries[#boundaries + 1] = tonumber(string.format("%.4g", bound))
  bound = bound * RATIO
end
boundaries[#boundaries + 1] = SLOWEST_SECONDS
M.BOUNDARIES = boundaries

local STEP = math.log(RATIO)

--- The first bucket that ends at or above a duration, 1 to one more than there are boundaries: the last
--- one counts all that are slower. Computed without a loop, which LuaJIT would not compile within a
--- request: the boundaries are rounded, so the computed one may be its neighbour.
function M.bucket_of(seconds)
  if seconds <= FASTEST_SECONDS then return 1 end
  if seconds > SLOWEST_SECONDS then return #boundaries + 1 end
  local found = math.ceil(math.log(seconds / FASTEST_SECONDS) / STEP) + 1
  found = math.min(math.max(found, 2), #boundaries)
  if seconds <= boundaries[found - 1] then return found - 1 end
  if seconds > boundaries[found] then return found + 1 end
  return found
end

return M
