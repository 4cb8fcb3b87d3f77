using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;

namespace Harmony.Jmix;

/// <summary>
/// Copies packages to another container, and adds entries to their audit trail. Neither the payload hash nor a signature covers <c>audit.json</c>.
/// </summary>
public static class PackageCopy
{
    private const string Audit = "audit.json", Manifest = "manifest.json";

    /// <summary>Copies a package in constant memory: payload first, manifest last.</summary>
    /// <param name="files">The package.</param>
    /// <param name="sink">Where the copy goes. Completed, and not disposed.</param>
    /// <param name="happened">Entries to add to the end of the audit trail.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="JmixException">There are entries to add, and <c>audit.json</c> is no audit trail.</exception>
    public static async Task WriteAsync(PackageFiles files, PackageSink sink, IReadOnlyList<JmixAuditEntry> happened, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(happened);
        var copied = happened.Count == 0 ? files.Lengths.Keys : files.Lengths.Keys.Where(n => n != Audit);
        foreach (var name in copied.Where(n => n != Manifest).OrderByDescending(IsOfPayload).ThenBy(n => n, StringComparer.Ordinal)) await CopyAsync(files,
            name, sink, cancellation);
        if (happened.Count > 0)
        {
            var audit = await files.ReadAsync(Audit, cancellation) ?? [];
            foreach (var entry in happened) audit = entry.AppendTo(audit);
            await sink.AddAsync(Audit, audit, cancellation);
        }

        if (files.Lengths.ContainsKey(Manifest)) await CopyAsync(files, Manifest, sink, cancellation);
        await sink.CompleteAsync(cancellation);
    }

    private static bool IsOfPayload(string name) => name.StartsWith("payload", StringComparison.Ordinal);

    private static async Task CopyAsync(PackageFiles files, string name, PackageSink sink, CancellationToken cancellation)
    {
        await using var content = files.Open(name);
        await using var entry = await sink.AddAsync(name, files.Lengths[name], cancellation);
        await content.CopyToAsync(entry, cancellation);
    }
}
