using Harmony.Core.Configuration;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Gateway.Cli.Dicom.Storing;

/// <summary>Finds DICOM files. What is no DICOM in a folder is passed over and counted; what was named itself is a failure.</summary>
internal static class FoundFiles
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = false };

    public static async Task<IReadOnlyList<FoundFile>> InAsync(IEnumerable<string> paths, StoreSummary report, CancellationToken ct)
    {
        var found = new List<FoundFile>();
        foreach (var path in paths)
        {
            var isFolder = Directory.Exists(path);
            var files = isFolder ? Directory.EnumerateFiles(path, "*", Everything).Order(StringComparer.Ordinal) : Enumerable.Repeat(path, 1);
            foreach (var file in files)
            {
                if (await OpenAsync(file, isFolder, report, ct) is { } opened) found.Add(opened);
            }
        }

        return found;
    }

    private static async Task<FoundFile?> OpenAsync(string file, bool isFromFolder, StoreSummary report, CancellationToken ct)
    {
        try
        {
            var instance = await SopInstance.OpenAsync(file, ct);
            if (instance.SopClassUid != Uid.MediaStorageDirectoryStorage) return new FoundFile(file, instance);
            report.PassedOver(); // a DICOMDIR is about the others
        }
        catch (DicomFormatException e)
        {
            if (isFromFolder) report.PassedOver();
            else report.Failed(file, e.Message);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            report.Failed(file, Readable.Reason(e));
        }

        return null;
    }
}

/// <summary>A file that can be sent.</summary>
/// <param name="Path">As it was found.</param>
/// <param name="Instance">What is in it.</param>
internal sealed record FoundFile(string Path, SopInstance Instance);
