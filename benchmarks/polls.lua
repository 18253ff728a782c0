-- What wrk asks, and what it tells: requests from a file of `path<TAB>entity tag`, in random order.
-- WRK_REQUESTS names the file; with WRK_CONDITIONAL=1, each request says which version it has.

local texts = {}
for line in io.lines(os.getenv("WRK_REQUESTS")) do
   local path, tag = line:match("^(%S+)\t(%S+)$")
   local headers = { ["Host"] = "news.example", ["Accept-Encoding"] = "gzip" }
   if os.getenv("WRK_CONDITIONAL") == "1" then headers["If-None-Match"] = tag end
   texts[#texts + 1] = wrk.format("GET", path, headers)
end

-- WRK_DELAY: milliseconds between two requests of one connection, on average; without it, none.
local pause = tonumber(os.getenv("WRK_DELAY") or 0)
if pause > 0 then
   function delay() return math.random(0, 2 * pause) end
end

function request()
   return texts[#texts == 1 and 1 or math.random(#texts)]
end

function done(summary, latency)
   local failed = summary.errors
   io.write(string.format(
      '\n{"requests": %d, "seconds": %.6f, "p50": %.6f, "p99": %.6f, "errors": %d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
      failed.connect + failed.read + failed.write + failed.status + failed.timeout))
end
