using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-STORE-RSP: PS3.7 §9.3.1.2.</summary>
public sealed record CStoreResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CStoreResponse;

    /// <summary>Which object it is about; may be left out.</summary>
    public string? SopInstanceUid { get; init; }

    internal static CStoreResponse Read(CommandReader command) => ReadInto(command, new CStoreResponse
    {
        SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID),
    });

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
    }
}
