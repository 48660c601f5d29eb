-- POSTs the same body of 1 KiB again and again; prints the counts in a form that scripts read.
-- Arguments after "--": the target as it goes on the wire, and the token.

function init(args)
    wrk.method = "POST"
    wrk.body = string.rep("x", 1024)
    wrk.headers["Content-Type"] = "application/octet-stream"
    wrk.headers["Authorization"] = "Bearer " .. args[2]
    request_bytes = wrk.format(nil, args[1])
end

function request()
    return request_bytes
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("answered %d\n", summary.requests))
    io.write(string.format("refused %d\n", errors.status))
    io.write(string.format("broken %d\n", errors.connect + errors.read + errors.write + errors.timeout))
    io.write(string.format("microseconds %d\n", summary.duration))
end
