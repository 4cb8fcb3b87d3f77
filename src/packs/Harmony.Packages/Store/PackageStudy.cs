using System.IO.Compression;
using System.Text.Json;

namespace Harmony.Packages.Store;

/// <summary>Finds the study of an archive in its metadata.</summary>
internal static class PackageStudy
{
    private const int MaxMetadata = 16 * 1024 * 1024;

    /// <summary>The StudyInstanceUID; null if the metadata are encrypted, missing, or do not say it.</summary>
    public static string? Of(ZipArchive zip)
    {
        var entry = zip.Entries.FirstOrDefault(e => e.FullName.EndsWith("payload/metadata.json", StringComparison.Ordinal));
        if (entry is null or { Length: > MaxMetadata }) return null;
        try
        {
            using var stream = entry.Open();
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 64 });
            return document.RootElement.TryGetProperty("studies", out var studies)
                && studies.ValueKind == JsonValueKind.Object
                && studies.TryGetProperty("study_uid", out var uid)
                && uid.ValueKind == JsonValueKind.String
                ? uid.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
