# Lines "workload subject value objects" to tables; exits 1 with check=1 if a target is missed. Times are in µs, growth is in KB.
{ values[$1, $2] = values[$1, $2] " " $3; objects[$1] = $4 }

function median(list, n, sorted, i, j, t) {
    n = split(list, sorted, " ")
    for (i = 2; i <= n; i++) for (j = i; j > 1 && sorted[j] + 0 < sorted[j - 1] + 0; j--) { t = sorted[j]; sorted[j] = sorted[j - 1]; sorted[j - 1] = t }
    return n ? (sorted[int((n + 1) / 2)] + sorted[int(n / 2) + 1]) / 2 : 0
}

function rate(workload, subject, us) { us = median(values[workload, subject]); return us ? objects[workload] * 1e6 / us : 0 }

function ratio(one, other, i, n, a, b, list) {
    n = split(values["ct", one], a, " ")
    split(values["ct", other], b, " ")
    for (i = 1; i <= n; i++) list = list " " a[i] / b[i]
    return sprintf("%.2f", median(list))
}

function target(text, met) { printf "| %s | %s |\n", text, met ? "yes" : "**no**"; if (!met) missed = 1 }

END {
    count = split(subjects, names, " ")
    print "| subject | 512 KB, seconds | 512 KB, objects/s | 39 KB with Nagle, objects/s | large object, MiB/s | growth of memory, MiB |"
    print "|---|---|---|---|---|---|"
    for (i = 1; i <= count; i++) {
        s = names[i]
        us = median(values["large", s])
        printf "| %s | %.2f | %.0f | %.0f | %s | %s |\n", s, median(values["ct", s]) / 1e6, rate("ct", s), rate("small", s), us ? sprintf("%.0f", large * 1e6 / us) : "-", us ? sprintf("%.0f", median(values["growth", s]) / 1024) : "-"
    }

    if (!(("ct", "harmony") in values)) exit check
    if (("ct", "storescp") in values) printf "\nHarmony / storescp, seconds for the 512 KB objects: %s, the median of the rounds; 0.85 is wanted.\n", ratio("harmony", "storescp")
    print "\n| target | met |\n|---|---|"
    if (("ct", "storescp") in values) target("Harmony takes no longer than storescp for the 512 KB objects (a tenth is noise)", median(values["ct", "harmony"]) <= 1.1 * median(values["ct", "storescp"]))
    target("150 objects/s of 39 KB from a sender that leaves Nagle's algorithm on", rate("small", "harmony") >= 150)
    if (large) target("the large object passes with less than 64 MiB of growth", (("growth", "harmony") in values) && median(values["growth", "harmony"]) < 64 * 1024)
    exit check && missed
}
