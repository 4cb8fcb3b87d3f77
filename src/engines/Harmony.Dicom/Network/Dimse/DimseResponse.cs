using System.Runtime.InteropServices;
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

/// <summary>A response that may name the object of its request: those of C-STORE and of the normalized services.</summary>
public abstract record InstanceResponse : DimseResponse
{
    private protected InstanceResponse()
    {
    }

    /// <summary>The UID of the object, (0000,1000); null when left out.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>Reads the elements that these responses share.</summary>
    private protected static TResponse ReadInstance<TResponse>(CommandReader command, TResponse response)
        where TResponse : InstanceResponse
        => ReadInto(command, response) with { SopInstanceUid = command.OptionalText(DicomTag.AffectedSOPInstanceUID) };

    /// <inheritdoc/>
    private protected override void Write(CommandWriter command)
    {
        base.Write(command);
        command.Uid(DicomTag.AffectedSOPInstanceUID, SopInstanceUid);
    }
}

/// <summary>How an operation went.</summary>
/// <param name="Status">The status.</param>
/// <param name="ErrorComment">What is wrong, in up to 64 characters of ASCII; it is seen by the peer, so it names no patients.</param>
public sealed record DimseResult(DimseStatus Status, string? ErrorComment = null)
{
    /// <summary>0000.</summary>
    public static DimseResult Success { get; } = new(DimseStatus.Success);

    /// <summary>The elements that are wrong.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];

    /// <summary>A result that is a status only.</summary>
    public static implicit operator DimseResult(DimseStatus status) => FromStatus(status);

    /// <summary>A result that is a status only.</summary>
    public static DimseResult FromStatus(DimseStatus status) => status == DimseStatus.Success ? Success : new DimseResult(status);
}

/// <summary>An operation failed. Thrown to those who asked a peer for it; thrown by a handler, it becomes the response.</summary>
/// <param name="result">The status, and what is said about it.</param>
/// <param name="cause">What was thrown first, if anything; the peer does not learn of it.</param>
public sealed class DimseException(DimseResult result, Exception? cause = null) : DicomNetworkException(Explain(result), cause)
{
    /// <summary>Fails with a status and a comment of up to 64 characters.</summary>
    public DimseException(DimseStatus status, string? errorComment = null, Exception? cause = null)
        : this(new DimseResult(status, errorComment), cause)
    {
    }

    /// <summary>The status, and what is said about it.</summary>
    public DimseResult Result { get; } = result;

    private static string Explain(DimseResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.ErrorComment is { } comment ? $"{result.Status}: {comment}" : result.Status.ToString();
    }
}

/// <summary>How many C-STORE sub-operations of a C-GET or C-MOVE there are: PS3.7 tables 9.1-3, 9.1-4.</summary>
/// <param name="Remaining">Not done yet; null in final responses, except after a cancellation.</param>
/// <param name="Completed">Done.</param>
/// <param name="Failed">Failed.</param>
/// <param name="Warning">Done with a warning.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SubOperations(int? Remaining, int Completed, int Failed, int Warning)
{
    internal static SubOperations Read(CommandReader command) => new(
        command.OptionalUInt16(DicomTag.NumberOfRemainingSuboperations),
        command.OptionalUInt16(DicomTag.NumberOfCompletedSuboperations) ?? 0,
        command.OptionalUInt16(DicomTag.NumberOfFailedSuboperations) ?? 0,
        command.OptionalUInt16(DicomTag.NumberOfWarningSuboperations) ?? 0);

    internal void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.NumberOfRemainingSuboperations, Remaining is { } remaining ? Capped(remaining) : null);
        command.UInt16(DicomTag.NumberOfCompletedSuboperations, Capped(Completed));
        command.UInt16(DicomTag.NumberOfFailedSuboperations, Capped(Failed));
        command.UInt16(DicomTag.NumberOfWarningSuboperations, Capped(Warning));
    }

    /// <summary>There is room for 16 bits.</summary>
    private static ushort Capped(int count) => (ushort)Math.Min(count, ushort.MaxValue);
}
