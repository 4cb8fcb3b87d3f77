using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom.Requests;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Services.MockDicom;

/// <summary>
/// Answers as a <c>dicom_scu</c> backend does whose other side has one made-up study: for demonstrations, and for trying a pipeline out without a PACS.
/// </summary>
internal sealed class MockDicomBackend : IBackend
{
    private readonly MockDicomOptions _options;
    private readonly QueryReader _queries;
    private readonly string _folder;
    private readonly ObjectIndex<DicomDataSet> _study = MockStudy.Index();

    private MockDicomBackend(MockDicomOptions options, BackendContext context)
    {
        _options = options;
        _queries = new QueryReader(context.Environment.Limits);
        _folder = RetrievalFolders.Root(options.StorageDir, context.Config);
    }

    public static MockDicomBackend Create(MockDicomOptions options, BackendContext context) => new(options, context);

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        var operation = OperationChoice.Of(request, DimseOperation.Get);
        switch (operation)
        {
            case DimseOperation.Echo:
                return DimseAnswers.Echo(request, _options.Aet, _options.Host, _options.Port);
            case DimseOperation.Store:
                return DimseAnswers.Failure(request, operation, 500, "this is a mock: it stores nothing");
        }

        var query = await _queries.ReadAsync(request, ct);
        return operation == DimseOperation.Find ? await FindAsync(request, query) : await RetrieveAsync(request, operation, query, ct);
    }

    private async ValueTask<ResponseEnvelope> FindAsync(RequestEnvelope request, DimseQuery query)
    {
        var level = query.Level ?? QueryLevels.Infer(query.Identifier);
        var matches = _study.Find(level, query.KeysAt(level)).Take(query.MaxResults ?? int.MaxValue).ToAsyncEnumerable()
            .GetAsyncEnumerator(CancellationToken.None);
        var stop = new CancellationTokenSource();
        return DimseAnswers.Streamed(request, FoundMatches.WriteAsync(matches, await matches.MoveNextAsync(), stop, () => false), stop, matches);
    }

    private async ValueTask<ResponseEnvelope> RetrieveAsync(RequestEnvelope request, DimseOperation operation, DimseQuery query, CancellationToken ct)
    {
        var level = query.Level ?? QueryLevels.InferRetrieved(query.Identifier) ?? QueryLevel.Study;
        var found = _study.Select(level, query.Identifier);
        if (found.Count == 0) return DimseAnswers.Failure(request, operation, 404, DimseAnswers.NotFound);
        var folder = RetrievalFolders.New(_folder);
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        foreach (var image in found)
        {
            var file = Path.Combine(folder, image.Header.GetString(DicomTag.SOPInstanceUID) + ".dcm");
            await DicomFile.Create(image.Item, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(file, ct: ct);
            files.Add(file);
        }

        var response = DimseAnswers.Streamed(request, RetrievedObjects.WriteAsync(operation, folder, query.Identifier, files), new CancellationTokenSource());
        response.SetFeature(new AnsweredFolder(folder));
        return response;
    }
}

/// <summary>
/// <c>[backends.NAME.options]</c> of a <c>mock_dicom</c> backend. Those of <c>dicom_scu</c> that say where it is are taken, so that one can stand in for the
/// other.
/// </summary>
public sealed record MockDicomOptions : ConfigNode
{
    /// <summary>AE title in the response to an echo.</summary>
    [NotEmpty]
    public string Aet { get; init; } = "MOCK_DICOM";

    /// <summary>Host in the response to an echo.</summary>
    [NotEmpty]
    public string Host { get; init; } = "localhost";

    /// <summary>Port in the response to an echo.</summary>
    [AllowedRange(1, 65535)]
    public int Port { get; init; } = 4242;

    /// <summary>Has no effect.</summary>
    public string? LocalAet { get; init; }

    /// <summary>Folder for retrieved objects, relative to the working directory; <c>dimse</c> in the folder of <c>[storage]</c> when absent.</summary>
    [NotEmpty]
    public string? StorageDir { get; init; }
}
