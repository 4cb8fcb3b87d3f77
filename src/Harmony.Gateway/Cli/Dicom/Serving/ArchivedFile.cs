using Harmony.Dicom.Coding;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Gateway.Cli.Dicom.Serving;

/// <summary>An object of an archive.</summary>
/// <param name="SopInstanceUid">Which it is.</param>
/// <param name="Path">Its file.</param>
internal sealed record ArchivedFile(string SopInstanceUid, string Path)
{
    /// <summary>The object as it is sent; one whose file is gone or broken cannot be read then.</summary>
    public async ValueTask<SopInstance> OpenAsync(CancellationToken ct)
    {
        try
        {
            return await SopInstance.OpenAsync(Path, ct);
        }
        catch (Exception e) when (e is DicomFormatException or IOException or UnauthorizedAccessException)
        {
            return SopInstance.Unreadable(SopInstanceUid, e);
        }
    }
}
