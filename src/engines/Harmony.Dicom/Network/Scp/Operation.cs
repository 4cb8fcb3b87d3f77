using System.IO.Pipelines;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>What a handler is given: a request, and where it comes from.</summary>
/// <typeparam name="TRequest">The kind of request.</typeparam>
public class Operation<TRequest>
    where TRequest : DimseRequest
{
    internal Operation(TRequest request, AssociationInfo association, PresentationContext context, CancellationToken cancelRequested)
        => (Request, Association, Context, CancelRequested) = (request, association, context, cancelRequested);

    /// <summary>The request.</summary>
    public TRequest Request { get; }

    /// <summary>The association it came by.</summary>
    public AssociationInfo Association { get; }

    /// <summary>The presentation context it came in.</summary>
    public PresentationContext Context { get; }

    /// <summary>Trips when the peer sends C-CANCEL; the token that handlers are given trips then too, and when the association ends.</summary>
    public CancellationToken CancelRequested { get; }
}

/// <summary>A C-FIND, C-GET or C-MOVE.</summary>
/// <typeparam name="TRequest">The kind of request.</typeparam>
public sealed class QueryOperation<TRequest> : Operation<TRequest>
    where TRequest : DimseRequest
{
    internal QueryOperation(
        TRequest request, DicomDataSet identifier, AssociationInfo association, PresentationContext context, CancellationToken cancelRequested)
        : base(request, association, context, cancelRequested) => Identifier = identifier;

    /// <summary>What is looked for.</summary>
    public DicomDataSet Identifier { get; }
}

/// <summary>A match of a C-FIND.</summary>
/// <param name="Identifier">The keys that were asked for, with the values of the match.</param>
/// <param name="OptionalKeysIgnored">Whether optional keys of the request were not used for matching: status FF01.</param>
public sealed record FindMatch(DicomDataSet Identifier, bool OptionalKeysIgnored = false);

/// <summary>A C-STORE: the object comes while the handler runs, as fast as the handler reads it.</summary>
public sealed class StoreOperation : Operation<CStoreRequest>
{
    internal StoreOperation(
        CStoreRequest request, PipeReader dataSet, AssociationInfo association, PresentationContext context, CancellationToken cancelRequested)
        : base(request, association, context, cancelRequested) => DataSet = dataSet;

    /// <summary>
    /// The bytes of the data set, in <see cref="TransferSyntax"/>. Reading throws <see cref="AssociationEndedException"/> if the association ends before the
    /// object has come. What the handler leaves is passed over.
    /// </summary>
    public PipeReader DataSet { get; }

    /// <summary>How the data set is encoded.</summary>
    public TransferSyntax TransferSyntax => Context.TransferSyntax;

    /// <summary>What stands before the data set in a Part 10 file: preamble and file meta information, made of the request.</summary>
    public ValueTask<byte[]> Part10HeaderAsync()
        => FileMetaInformation.Create(Request.SopClassUid, Request.SopInstanceUid, TransferSyntax, Association.CallingAeTitle).ToBytesAsync();

    /// <summary>Writes the object as a Part 10 file.</summary>
    /// <exception cref="AssociationEndedException">The association ended before the object had come.</exception>
    public async ValueTask WritePart10Async(Stream to, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        await to.WriteAsync(await Part10HeaderAsync(), ct);
        await DataSet.CopyToAsync(to, ct);
    }
}

/// <summary>One of the DIMSE-N requests: <see cref="NActionRequest"/>, <see cref="NEventReportRequest"/> and so on.</summary>
public sealed class NormalizedOperation : Operation<DimseRequest>
{
    internal NormalizedOperation(
        DimseRequest request, DicomDataSet? dataSet, AssociationInfo association, PresentationContext context, CancellationToken cancelRequested)
        : base(request, association, context, cancelRequested) => DataSet = dataSet;

    /// <summary>The data set of the request, if it has one.</summary>
    public DicomDataSet? DataSet { get; }
}

/// <summary>The answer to a DIMSE-N request.</summary>
/// <param name="Result">How it went.</param>
/// <param name="DataSet">What is sent with it, if anything.</param>
public sealed record NormalizedResult(DimseResult Result, DicomDataSet? DataSet = null)
{
    /// <summary>The UID that an N-CREATE has given, if the request had none.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>
    /// What is still to be done when the answer has been sent: beside further requests, and also when the association has ended. The connection is served
    /// until then. Null for nothing. The token trips when the acceptor is stopped at once.
    /// </summary>
    public Func<EventReporter, CancellationToken, Task>? Then { get; init; }
}
