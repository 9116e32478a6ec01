-- The requests of wrk. SCENARIO is get, item, list or create; BASE is the path, of the products for all but get; TOKEN is a bearer token or empty.
local scenario, base, token = os.getenv("SCENARIO"), os.getenv("BASE"), os.getenv("TOKEN") or ""
local headers = { ["Content-Type"] = "application/json" }
if token ~= "" then
  headers["Authorization"] = "Bearer " .. token
end

local requests = {}

function init()
  if scenario == "item" then
    for id = 1, 500 do
      requests[id] = wrk.format("GET", base .. "/" .. id)
    end
  elseif scenario == "get" then
    requests[1] = wrk.format("GET", base)
  elseif scenario == "list" then
    requests[1] = wrk.format("GET", base .. "?skip=0&limit=20")
  else
    local body = '{"name":"Espresso cup","description":"Holds 60 ml.","price":12.5,"category":"kitchen"}'
    requests[1] = wrk.format("POST", base, headers, body)
  end
end

local next = 0

function request()
  next = next % #requests + 1
  return requests[next]
end

-- One line for measure.sh: requests, microseconds, answers that were no success.
function done(summary)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  print(string.format("RESULT %d %d %d", summary.requests, summary.duration, failed))
end
