-- Each request comes from another address, so that no limit of the portal's takes them for one client's; and where its
-- path says so it looks at another part of the map each time, about as large as Île-de-France and near it.
local sent = 0

function request()
  sent = sent + 1
  wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255), sent % 256)
  local west, south = 1.4 + 0.2 * math.random(), 48.1 + 0.2 * math.random()
  local box = { WEST = west, SOUTH = south, EAST = west + 2.2, NORTH = south + 1.2 }
  return wrk.format(nil, (wrk.path:gsub("%u%u%u%u+", box)))
end
