# Reads lines "round subject requests/s p50(µs) p99(µs) cpu(s) memory(MB) failed", writes two Markdown tables: medians per subject, and ratios.
# Variables: seconds (length of a round), check (1: exit 1 unless every target is met), workload, calls (a line about system calls).

function median(values, n,    i, j, v, sorted) {
    for (i = 1; i <= n; i++) {
        v = values[i]
        for (j = i - 1; j >= 1 && sorted[j] > v; j--) sorted[j + 1] = sorted[j]
        sorted[j + 1] = v
    }
    return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}

function median_of(subject, field,    r, n, values) {
    for (r = 1; r <= rounds; r++) if ((r, subject, field) in cell) values[++n] = cell[r, subject, field]
    return median(values, n)
}

function row(subject, label,    rate, cpu) {
    if (!(subject in seen)) return
    rate = median_of(subject, "rate"); cpu = median_of(subject, "cpu")
    printf "| %-25s | %10.0f | %7.2f | %7.2f | ", label, rate, median_of(subject, "p50") / 1000, median_of(subject, "p99") / 1000
    if (subject == "direct") printf "%7s | %14s | %9s | %6d |\n", "", "", "", failed[subject]
    else printf "%7.2f | %14.1f | %9.0f | %6d |\n", cpu, cpu * 1e6 / (rate * seconds), median_of(subject, "memory"), failed[subject]
}

# One ratio per round, because the two subjects of a round saw the same machine. sense: "least", "most", or "" for no target.
function ratio(label, over, under, field, sense, target,    r, n, values, m, low, high, verdict) {
    if (!(over in seen && under in seen)) {
        if (check && sense) { printf "| %-33s | %6s | %12s | %-16s |\n", label, "", "", "not measured"; missed = 1 }
        return
    }
    for (r = 1; r <= rounds; r++) if ((r, over, field) in cell && (r, under, field) in cell && cell[r, under, field] > 0) {
        values[++n] = cell[r, over, field] / cell[r, under, field]
        if (n == 1 || values[n] < low) low = values[n]
        if (n == 1 || values[n] > high) high = values[n]
    }
    m = median(values, n)
    if (sense) {
        verdict = (sense == "least" ? m >= target : m <= target) ? "met" : "missed"
        if (verdict == "missed") missed = 1
        verdict = sprintf("%s %.2f: %s", sense == "least" ? ">=" : "<=", target, verdict)
    }
    printf "| %-33s | %6.2f | %12s | %-16s |\n", label, m, sprintf("%.2f..%.2f", low, high), verdict
}

{
    seen[$2]; if ($1 > rounds) rounds = $1
    cell[$1, $2, "rate"] = $3; cell[$1, $2, "p50"] = $4; cell[$1, $2, "p99"] = $5
    cell[$1, $2, "cpu"] = $6; cell[$1, $2, "cost"] = $6 / ($3 * seconds); cell[$1, $2, "memory"] = $7; failed[$2] += $8
}

END {
    print "| subject                   | requests/s |  p50 ms |  p99 ms |   CPU s | CPU µs/request | memory MB | failed |"
    print "|:--------------------------|-----------:|--------:|--------:|--------:|---------------:|----------:|-------:|"
    row("direct", "origin, no proxy")
    row("nginx", "nginx")
    row("haproxy", "HAProxy")
    row("caddy", "Caddy")
    row("kestrel", "Kestrel, no proxy")
    row("bare", "bare forwarder")
    row("yarp", "YARP forwarder")
    row("harmony", "Harmony")
    row("harmony3", "Harmony, three middleware")
    row("harmony-observed", "Harmony, observed")
    row("harmony-guarded", "Harmony, guarded")
    row("harmony-mesh", "Harmony, mesh")
    print ""
    print "| ratio                             | median |     min..max | target           |"
    print "|:----------------------------------|-------:|-------------:|:-----------------|"
    if (workload == "get") {
        ratio("Harmony / nginx, requests/s", "harmony", "nginx", "rate", "least", 0.62)
        ratio("Harmony / bare, requests/s", "harmony", "bare", "rate", "least", 0.93)
        ratio("Harmony / YARP, requests/s", "harmony", "yarp", "rate", "least", 1.1)
        ratio("Harmony / nginx, p99", "harmony", "nginx", "p99", "most", 2)
        ratio("three middleware / none, req/s", "harmony3", "harmony", "rate", "least", 0.85)
        ratio("observed / not observed, req/s", "harmony-observed", "harmony", "rate", "least", 0.95)
        ratio("guarded / not guarded, req/s", "harmony-guarded", "harmony", "rate", "least", 0.80)
        ratio("mesh / none, requests/s", "harmony-mesh", "harmony", "rate", "least", 0.90)
        ratio("bare / nginx, requests/s", "bare", "nginx", "rate")
        ratio("HAProxy / nginx, requests/s", "haproxy", "nginx", "rate")
        ratio("Caddy / nginx, requests/s", "caddy", "nginx", "rate")
    } else {
        ratio("Harmony / YARP, requests/s", "harmony", "yarp", "rate", workload == "post" || workload == "tls-origin" ? "least" : "", workload == "post" ? 1.25 : 1.05)
        ratio("Harmony / nginx, requests/s", "harmony", "nginx", "rate", workload == "tls" || workload == "h2" ? "least" : "", workload == "tls" ? 0.75 : 0.9)
        ratio("Harmony / bare, requests/s", "harmony", "bare", "rate", workload == "handshakes" ? "least" : "", 0.98)
    }
    ratio("Kestrel alone / nginx, requests/s", "kestrel", "nginx", "rate")
    ratio("YARP / Harmony, CPU of a request", "yarp", "harmony", "cost")
    ratio("nginx / Harmony, CPU of a request", "nginx", "harmony", "cost")
    if (calls) printf "\nSystem calls for each request: %s%s.\n", calls, workload == "get" ? " (wanted of Harmony: at most 7.5)" : ""
    for (s in failed) if (failed[s]) { printf "\nFailed requests with %s: its figures mean nothing.\n", s; missed = 1 }
    exit check && missed
}
