using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Query;

namespace Harmony.Imaging.Dicom.Archives;

/// <summary>
/// The DICOM system behind a backend, for a step that needs more of it than one operation: a bridge from another protocol. Every method throws
/// <see cref="DicomNetworkException"/> when the system cannot be asked or says no.
/// </summary>
internal interface IArchive
{
    /// <summary>Tells this system from every other of the configuration.</summary>
    string Name { get; }

    /// <summary>C-FIND. Waits for the first match, or for the end; disposing what is returned cancels the rest.</summary>
    /// <param name="level">The level.</param>
    /// <param name="keys">The keys, without the level.</param>
    /// <param name="ct">Cancels the query.</param>
    ValueTask<IAsyncEnumerable<DicomDataSet>> FindAsync(QueryLevel level, DicomDataSet keys, CancellationToken ct);

    /// <summary>
    /// Takes part in the retrieval of a series or an instance, and begins one if there is none. The objects come as the system sends them; those that
    /// came for others before are there at once.
    /// </summary>
    /// <param name="scope">What is wanted.</param>
    ISharedObjects Retrieve(RetrievalScope scope);

    /// <summary>C-STORE of one object.</summary>
    /// <param name="part10">The object.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>What the system said, failures included.</returns>
    ValueTask<DimseResult> StoreAsync(Stream part10, CancellationToken ct);
}

/// <summary>Work that a middleware gives a backend in place of a single operation. The backend finds it as a feature of the request.</summary>
/// <param name="RunAsync">Runs the work; the request is that of the backend.</param>
internal sealed record ArchiveWork(Func<RequestEnvelope, IArchive, CancellationToken, ValueTask<ResponseEnvelope>> RunAsync);

/// <summary>The scope of a retrieval: a series, or an instance.</summary>
/// <param name="Study">Study Instance UID.</param>
/// <param name="Series">Series Instance UID.</param>
/// <param name="Instance">SOP Instance UID; null for all of the series.</param>
internal sealed record RetrievalScope(string Study, string Series, string? Instance = null);

/// <summary>The objects of a retrieval that several may take part in. An object stays as it is until this is disposed.</summary>
internal interface ISharedObjects : IAsyncDisposable
{
    /// <summary>The next object, when it has arrived; null at the end.</summary>
    /// <exception cref="DicomNetworkException">The retrieval failed: what came before is not all.</exception>
    ValueTask<SharedObject?> NextAsync(CancellationToken ct);
}
