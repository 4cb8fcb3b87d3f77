using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-CANCEL-RQ: PS3.7 §9.3.2.3. It has no response of its own: that of the operation tells that it was cancelled, or had ended before.</summary>
public sealed record CCancelRequest : DimseMessage
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CCancelRequest;

    /// <summary>The number of the request that is not wanted any more.</summary>
    public required ushort MessageIdBeingRespondedTo { get; init; }

    internal static CCancelRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageIdBeingRespondedTo = command.UInt16(DicomTag.MessageIDBeingRespondedTo),
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command) => command.UInt16(DicomTag.MessageIDBeingRespondedTo, MessageIdBeingRespondedTo);
}
