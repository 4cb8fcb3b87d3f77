using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>C-ECHO-RQ: PS3.7 §9.3.5.1.</summary>
public sealed record CEchoRequest : DimseRequest
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CEchoRequest;

    /// <inheritdoc/>
    public override string SopClassUid { get; init; } = Uid.VerificationSOPClass;

    /// <inheritdoc/>
    public override CEchoResponse Respond(DimseResult result) => RespondWith(new CEchoResponse(), result);

    internal static CEchoRequest Read(CommandReader command) => new()
    {
        HasDataSet = command.HasDataSet,
        MessageId = command.UInt16(DicomTag.MessageID),
        SopClassUid = command.OptionalText(DicomTag.AffectedSOPClassUID) ?? Uid.VerificationSOPClass,
    };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(DicomTag.AffectedSOPClassUID, SopClassUid);
    }
}

/// <summary>C-ECHO-RSP: PS3.7 §9.3.5.2.</summary>
public sealed record CEchoResponse : DimseResponse
{
    /// <inheritdoc/>
    public override CommandField Field => CommandField.CEchoResponse;

    internal static CEchoResponse Read(CommandReader command) => ReadInto(command, new CEchoResponse());
}
