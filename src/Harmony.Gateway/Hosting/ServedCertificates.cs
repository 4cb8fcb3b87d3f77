using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Gateway.Hosting;

/// <summary>A certificate of the gateway's own that a configuration names: one that it shows to clients or to targets.</summary>
/// <param name="UsedBy">The table that names it: <c>network.front.tcp_config</c>.</param>
/// <param name="File">Its file, as the configuration says.</param>
/// <param name="NotAfter">When it ends.</param>
internal sealed record ServedCertificate(string UsedBy, string File, DateTimeOffset NotAfter)
{
    /// <summary>Whole days until its end; below zero when it has expired.</summary>
    public int DaysLeft(DateTimeOffset now) => (int)Math.Floor((NotAfter - now).TotalDays);
}

/// <summary>Finds the certificates that a configuration names, whatever module they are for, and reads how long they last: from the files as they are now.</summary>
internal static class ServedCertificates
{
    /// <summary>Those whose files can be read.</summary>
    public static IReadOnlyList<ServedCertificate> Of(ConfigSet config)
    {
        var found = new List<ServedCertificate>();
        foreach (var file in config.Files) Walk(file.Table, "", config.Directory, found);
        return [.. found.DistinctBy(c => (c.UsedBy, c.File))];
    }

    private static void Walk(TomlValue value, string path, string folder, List<ServedCertificate> found)
    {
        if (value is TomlArray array)
        {
            foreach (var item in array) Walk(item, path, folder, found);
        }

        if (value is not TomlTable table) return;
        foreach (var entry in table)
        {
            if (entry is { Key: "cert_path" or "client_cert_path", Value: TomlString { Value: { Length: > 0 } file } }) Add(path, file, folder, found);
            else Walk(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", folder, found);
        }
    }

    /// <summary>What cannot be read is told of by those who use it.</summary>
    private static void Add(string usedBy, string file, string folder, List<ServedCertificate> found)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(BoundedFile.ReadText(ConfigPaths.Find(folder, file)));
            found.Add(new ServedCertificate(usedBy, file, new DateTimeOffset(certificate.NotAfter)));
        }
        catch (Exception e) when (e is CryptographicException || Readable.IsReadFailure(e))
        {
            // No end to speak of.
        }
    }
}
