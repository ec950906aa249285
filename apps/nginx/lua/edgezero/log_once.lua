-- Lines of the error log that all workers together write at most once a minute each.
local M = {}

local INTERVAL_SECONDS = 60

--- Writes a warning, unless any worker has written one by that name within the last minute.
function M.warn(dict, name, message)
  if dict:add("l|" .. name, true, INTERVAL_SECONDS) then ngx.log(ngx.WARN, "edgezero: ", message) end
end

return M
