namespace Harmony.Dicom.Network.Dimse;

/// <summary>A message that wants a response.</summary>
public abstract record DimseRequest : DimseMessage
{
    /// <summary>Its number, by which responses refer to it. An association sets it when it sends the request.</summary>
    public ushort MessageId { get; init; }

    /// <summary>The SOP class, which tells the presentation context.</summary>
    public abstract string SopClassUid { get; init; }

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
}
