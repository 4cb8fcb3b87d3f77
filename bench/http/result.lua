-- The workload is the first argument: post sends 4 KB.
function init(args)
  if args[1] == "post" then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.body = '{"data":"' .. string.rep("x", 4096 - 11) .. '"}'
  end
end

-- One line for http.sh: requests/s, p50 in µs, p99 in µs, failed requests.
function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format("RESULT %.1f %d %d %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
