using System.IO.Compression;
using System.Text.Json;

namespace Harmony.Packages.Store;

/// <summary>Reads documents of a stored archive.</summary>
internal static class ArchiveContent
{
    private const int MaxDocument = 16 * 1024 * 1024;

    /// <summary>The StudyInstanceUID; null if the metadata are encrypted, missing, or do not hold the UID.</summary>
    public static async ValueTask<string?> StudyAsync(Stream archive, CancellationToken ct)
    {
        try
        {
            if (await ReadAsync(archive, e => e.FullName.EndsWith("payload/metadata.json", StringComparison.Ordinal), ct) is not { } metadata) return null;
            using var document = JsonDocument.Parse(metadata, new JsonDocumentOptions { MaxDepth = 64 });
            return document.RootElement.TryGetProperty("studies", out var studies)
                && studies.ValueKind == JsonValueKind.Object
                && studies.TryGetProperty("study_uid", out var uid)
                && uid.ValueKind == JsonValueKind.String
                ? uid.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The bytes of <c>manifest.json</c>; null if the archive has none.</summary>
    public static ValueTask<byte[]?> ManifestAsync(Stream archive, CancellationToken ct) => ReadAsync(archive, e => e.FullName == "manifest.json", ct);

    private static async ValueTask<byte[]?> ReadAsync(Stream archive, Func<ZipArchiveEntry, bool> isWanted, CancellationToken ct)
    {
        await using var zip = await ZipArchive.CreateAsync(archive, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, ct);
        if (zip.Entries.FirstOrDefault(isWanted) is not { Length: <= MaxDocument } entry) return null;
        var bytes = new byte[entry.Length];
        await using var content = await entry.OpenAsync(ct);
        await content.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
