using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>An object that is known and cannot be read.</summary>
internal sealed class UnreadableInstance(string sopInstanceUid, Exception cause) : SopInstance("", sopInstanceUid, TransferSyntax.ExplicitVRLittleEndian)
{
    internal override ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct) => throw new DicomFormatException("the object cannot be read", cause: cause);
}
