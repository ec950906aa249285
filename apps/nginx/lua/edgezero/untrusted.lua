-- Which request headers an origin gets from whom, by their names: as packages/gateway decides it. Pure.
local find, sub = string.find, string.sub

local M = {}

--- Headers by which proxies tell an application of a request, sorted by what they claim: its client, its
--- host, its scheme, its path, several. One that ends with `*` stands for all that begin so.
M.DEFAULT = {
  "x-real-ip", "x-client-ip", "x-cluster-client-ip", "x-originating-ip", "x-remote-ip", "x-remote-addr",
  "x-proxyuser-ip", "x-custom-ip-authorization", "x-envoy-external-address", "x-envoy-peer-metadata*",
  "client-ip", "true-client-ip", "cf-connecting-ip", "cf-connecting-ipv6", "cf-pseudo-ipv4",
  "cloudfront-viewer-address", "fastly-client-ip", "fastly-temp-xff", "fly-client-ip", "x-azure-clientip",
  "x-azure-socketip", "x-appengine-user-ip", "x-vercel-proxied-for", "x-nf-client-connection-ip",
  "client-cert", "client-cert-chain", "x-client-cert", "x-ssl-client-*",
  "x-host", "x-http-host", "x-http-host-override", "fastly-orig-host",
  "front-end-https", "x-scheme", "x-url-scheme", "x-arr-ssl", "x-appengine-https", "cf-visitor",
  "cloudfront-forwarded-proto", "fastly-ssl", "fly-forwarded-proto", "fly-forwarded-port",
  "fly-forwarded-ssl",
  "x-rewrite-*", "x-envoy-original-path", "x-script-name", "script-name", "x-proxy-path",
  "forwarded", "x-forwarded", "x-forwarded-*", "x-original-*", "x-vercel-forwarded-for",
}

--- Headers that frame a message, say whom it is for, or are the gateway's own.
local FRAMING_AND_OWN = {
  "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te",
  "trailer", "transfer-encoding", "upgrade", "content-length", "expect", "host",
  "x-edgezero-path", "x-edgezero-decision", "x-edgezero-force", "x-edgezero-probe",
}

--- Matches names of a list.
local function matcher(list)
  local names, begins = {}, {}
  for _, name in ipairs(list) do
    if sub(name, -1) == "*" then begins[#begins + 1] = sub(name, 1, -2) else names[name] = true end
  end
  return function(name)
    if names[name] then return true end
    for _, begin in ipairs(begins) do
      if sub(name, 1, #begin) == begin then return true end
    end
    return false
  end
end

local function entries_of(text)
  local entries = {}
  for entry in (text .. ","):gmatch("(.-),") do
    entries[#entries + 1] = entry:match("^%s*(.-)%s*$"):lower()
  end
  return entries
end

--- Reads a list such as `default,X-Tenant,-X-Original-URL`; nil where an entry is no name.
function M.parse(text)
  local list = { has_default = false, dropped = {}, kept = {} }
  for _, entry in ipairs(entries_of(text)) do
    if not entry:match("^%-?[a-z%d][%w_.-]*%*?$") then return nil end
    if entry == "default" then
      list.has_default = true
    elseif sub(entry, 1, 1) == "-" then
      list.kept[#list.kept + 1] = sub(entry, 2)
    elseif entry ~= "none" then
      list.dropped[#list.dropped + 1] = entry
    end
  end
  return list
end

--- Makes a function that tells from whom an origin gets a header, by its name in lower case: "nobody",
--- "proxies" or "everyone". CGI and its heirs take any other character for a dash, so a name that looks so
--- like one of these reaches no origin.
--- @param list from M.parse
function M.source_of(list)
  local is_default, is_own = matcher(M.DEFAULT), matcher(FRAMING_AND_OWN)
  local is_dropped, is_kept = matcher(list.dropped), matcher(list.kept)

  local function source(name)
    if name == "proxy" then return "nobody" end
    local usual = name:gsub("[^a-z%d]", "-")
    if usual ~= name and (is_own(usual) or is_default(usual) or is_dropped(usual)) then return "nobody" end
    local is_untrusted = list.has_default and is_default(name) or is_dropped(name)
    return is_untrusted and not is_kept(name) and "proxies" or "everyone"
  end

  return source
end

--- Options of Connection, and headers that it must not take away: those that end a message, which would
--- make its body the next request; and those that location.conf writes, from what a trusted proxy says.
local NOT_OF_CONNECTION = {
  close = true, ["keep-alive"] = true, upgrade = true,
  ["content-length"] = true, ["transfer-encoding"] = true, host = true, via = true,
  ["x-forwarded-for"] = true, ["x-forwarded-host"] = true, ["x-forwarded-proto"] = true,
}

--- The names of headers that `Connection` says are for this connection only; empty for the usual ones.
function M.of_connection(connection)
  local names = {}
  if find(connection, "^[%a-]+$") then
    local only = connection:lower()
    if only == "close" or only == "keep-alive" or only == "upgrade" then return names end
  end
  for name in connection:gmatch("[%w_-]+") do
    local lower = name:lower()
    if not NOT_OF_CONNECTION[lower] then names[#names + 1] = lower end
  end
  return names
end

return M
