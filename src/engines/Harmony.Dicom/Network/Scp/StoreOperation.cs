using System.IO.Pipelines;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>A C-STORE: the object comes while the handler runs, as fast as the handler reads it.</summary>
public sealed class StoreOperation : Operation<CStoreRequest>
{
    internal StoreOperation(CStoreRequest request, PipeReader dataSet, AssociationInfo association, PresentationContext context, CancellationToken cancelRequested)
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
