using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Jmix;
using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>Builds packages from folders of DICOM files into a store.</summary>
internal sealed class FolderPackager(string middleware, PackageStore store, PackageSettings settings, ILogger logger)
{
    /// <summary>Builds and stores the package of a folder.</summary>
    /// <param name="folder">A folder with DICOM files, and nothing else. Hidden files and links are passed over.</param>
    /// <param name="options">The options of the package.</param>
    /// <param name="copy">Receives the bytes of the archive too, while they are written; null for none.</param>
    /// <param name="ct">Ends the work; then nothing is left behind.</param>
    /// <returns>The package; null if the folder holds no file.</returns>
    /// <exception cref="GatewayException">A file is no DICOM, or the disk is full.</exception>
    public async Task<JmixPackageInfo?> BuildAsync(string folder, JmixBuildOptions options, Stream? copy, CancellationToken ct)
    {
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var files = Directory.EnumerateFiles(folder, "*", everywhere)
            .Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) return null;
        try
        {
            JmixPackageInfo info = null!;
            var archive = await store.WriteAsync(async file => info = await WriteAsync(new TeeStream(file, copy), files, options, ct));
            await store.StoreAsync(archive, info.Id, info.StudyInstanceUid, ct);
            PackagesLog.Built(logger, middleware, info.Id, info.Objects, info.PayloadBytes);
            return info;
        }
        catch (DicomFormatException e)
        {
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "a retrieved object is no DICOM", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw store.Fault(e);
        }
    }

    private async Task<JmixPackageInfo> WriteAsync(Stream archive, IReadOnlyList<string> files, JmixBuildOptions options, CancellationToken ct)
    {
        await using var output = archive;
        await using var sink = settings.Sink(output);
        await using var builder = new JmixPackageBuilder(sink, options, store.Incoming);
        foreach (var file in files)
        {
            var attributes = await DicomFiles.AttributesAsync(file, ct);
            await using var content =
                new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await builder.AddDicomAsync(attributes, content, content.Length, ct);
        }

        return await builder.CompleteAsync(ct);
    }
}
