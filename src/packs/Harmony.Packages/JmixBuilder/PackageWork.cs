using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Jmix;
using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>Builds a package of the files of a folder into a store.</summary>
internal sealed class PackageWork(string middleware, PackageStore store, PackageRecipe recipe, ILogger logger)
{
    /// <summary>Builds.</summary>
    /// <param name="folder">Holds the DICOM files, and nothing else.</param>
    /// <param name="options">The options of the package.</param>
    /// <param name="copy">Gets the bytes of the archive too, while they are made; null for nobody.</param>
    /// <param name="ct">Ends the work; nothing is left behind then.</param>
    /// <returns>The package; null if the folder holds no file.</returns>
    /// <exception cref="GatewayException">A file is no DICOM, or the disk is full.</exception>
    public async Task<JmixPackageInfo?> BuildAsync(string folder, JmixBuildOptions options, Stream? copy, CancellationToken ct)
    {
        var files =
            Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) return null;
        try
        {
            var archive = store.Create();
            JmixPackageInfo info;
            try
            {
                await using var output = new TeeStream(archive, copy);
                await using var sink = recipe.Sink(output);
                await using var builder = new JmixPackageBuilder(sink, options, store.Incoming);
                foreach (var file in files)
                {
                    var attributes = await DicomFiles.AttributesAsync(file, ct);
                    await using var content =
                        new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
                    await builder.AddDicomAsync(attributes, content, content.Length, ct);
                }

                info = await builder.CompleteAsync(ct);
            }
            catch
            {
                await archive.DisposeAsync();
                File.Delete(archive.Name);
                throw;
            }

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
}
