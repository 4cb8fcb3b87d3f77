using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>The answer to a request, or one of several.</summary>
public abstract record DimseResponse : DimseMessage
{
    /// <summary>The number of the request.</summary>
    public ushort MessageIdBeingRespondedTo { get; init; }

    /// <summary>The SOP class of the request, which may be left out.</summary>
    public string? SopClassUid { get; init; }

    /// <summary>How the operation went, or goes.</summary>
    public DimseStatus Status { get; init; }

    /// <summary>What is wrong, in up to 64 characters.</summary>
    public string? ErrorComment { get; init; }

    /// <summary>The elements that are wrong.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];

    /// <summary>Status, comment and elements.</summary>
    public DimseResult Result => new(Status, ErrorComment) { OffendingElements = OffendingElements };

    /// <summary>What all responses have.</summary>
    private protected static TResponse ReadInto<TResponse>(CommandReader command, TResponse response)
        where TResponse : DimseResponse => response with
        {
            HasDataSet = command.HasDataSet,
            MessageIdBeingRespondedTo = command.UInt16(DicomTag.MessageIDBeingRespondedTo),
            SopClassUid = command.OptionalText(DicomTag.AffectedSOPClassUID),
            Status = new DimseStatus(command.UInt16(DicomTag.Status)),
            ErrorComment = command.OptionalText(DicomTag.ErrorComment),
            OffendingElements = command.Tags(DicomTag.OffendingElement),
        };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.Uid(DicomTag.AffectedSOPClassUID, SopClassUid);
        command.UInt16(DicomTag.MessageIDBeingRespondedTo, MessageIdBeingRespondedTo);
        command.UInt16(DicomTag.Status, Status.Code);
        command.Comment(DicomTag.ErrorComment, ErrorComment);
        command.Tags(DicomTag.OffendingElement, OffendingElements);
    }
}
