using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>A message that wants a response.</summary>
public abstract record DimseRequest : DimseMessage
{
    /// <summary>Its number, by which responses refer to it. An association sets it when it sends the request.</summary>
    public ushort MessageId { get; init; }

    /// <summary>The SOP class, which tells the presentation context.</summary>
    public abstract string SopClassUid { get; init; }

    /// <summary>The element that holds <see cref="SopClassUid"/>.</summary>
    private protected virtual DicomTag SopClassTag => DicomTag.AffectedSOPClassUID;

    /// <summary>A response to this request, of its kind.</summary>
    /// <param name="result">What it says.</param>
    public abstract DimseResponse Respond(DimseResult result);

    /// <summary>Gives a response what all of them have.</summary>
    private protected TResponse RespondWith<TResponse>(TResponse response, DimseResult result)
        where TResponse : DimseResponse
    {
        ArgumentNullException.ThrowIfNull(result);
        return response with
        {
            MessageIdBeingRespondedTo = MessageId,
            SopClassUid = SopClassUid,
            Status = result.Status,
            ErrorComment = result.ErrorComment,
            OffendingElements = result.OffendingElements,
        };
    }

    /// <summary>Reads the elements that all requests share. Without a SOP class in the command set, that of <paramref name="request"/> stays.</summary>
    private protected static TRequest ReadInto<TRequest>(CommandReader command, TRequest request)
        where TRequest : DimseRequest => request with
        {
            HasDataSet = command.HasDataSet,
            MessageId = command.UInt16(DicomTag.MessageID),
            SopClassUid = command.OptionalText(request.SopClassTag) ?? request.SopClassUid,
        };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.MessageID, MessageId);
        command.Uid(SopClassTag, SopClassUid);
    }
}

/// <summary>How urgent a request is, (0000,0700).</summary>
public enum DimsePriority : ushort
{
    /// <summary>As usual.</summary>
    Medium = 0,

    /// <summary>Urgent.</summary>
    High = 1,

    /// <summary>Not urgent.</summary>
    Low = 2,
}

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

/// <summary>Whose C-MOVE a C-STORE is part of.</summary>
/// <param name="AeTitle">Who asked for it, (0000,1030).</param>
/// <param name="MessageId">The number of its request, (0000,1031).</param>
public sealed record MoveOriginator(string AeTitle, ushort MessageId);
