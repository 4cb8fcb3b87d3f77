using Harmony.Core.Envelope;
using Harmony.Dicom.Data;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom.Requests;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>C-FIND. The answer is written as matches come in; it begins when the first has come, or the query has ended without one.</summary>
internal sealed class ScuFind(ScuAttempts attempts, int maxResults)
{
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, TargetChoice choice, DimseQuery query, CancellationToken ct)
    {
        var most = Smaller(query.MaxResults, maxResults == 0 ? null : maxResults);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            var (matches, isThere) = await BeginAsync(choice, FindModel.Of(request, query), most, stop.Token);
            var found = isThere ? new FoundCharacterSet(matches.Current.CharacterSet) : null;
            var response = DimseAnswers.Streamed(request, FoundMatches.WriteAsync(matches, isThere, stop, () => matches.WasCut), stop, matches);
            if (found is not null) response.SetFeature(found);
            return response;
        }
        catch
        {
            stop.Dispose();
            throw;
        }
    }

    /// <summary>All matches, at most <paramref name="most"/> and one.</summary>
    public async ValueTask<IReadOnlyList<DicomDataSet>> AllAsync(TargetChoice choice, QueryLevel level, DicomDataSet keys, int most, CancellationToken ct)
    {
        var (matches, isThere) = await BeginAsync(choice, FindModel.At(level, keys), most + 1, ct);
        await using var _ = matches;
        var all = new List<DicomDataSet>();
        while (isThere)
        {
            all.Add(matches.Current);
            isThere = await matches.MoveNextAsync();
        }

        return all;
    }

    /// <summary>The matches as they come, of which the first has been waited for.</summary>
    public async ValueTask<FoundOnce> BeginAsync(TargetChoice choice, QueryLevel level, DicomDataSet keys, CancellationToken ct)
    {
        var (matches, isThere) = await BeginAsync(choice, FindModel.At(level, keys), maxResults == 0 ? null : maxResults, ct);
        return new FoundOnce(matches, isThere);
    }

    /// <summary>The same, however many there are: for the gateway's own questions, whose answers have to be whole.</summary>
    public async ValueTask<FoundOnce> EveryAsync(TargetChoice choice, QueryLevel level, DicomDataSet keys, CancellationToken ct)
    {
        var (matches, isThere) = await BeginAsync(choice, FindModel.At(level, keys), null, ct);
        return new FoundOnce(matches, isThere);
    }

    /// <summary>Up to the first match nothing of the answer has left, so until then the query may be repeated.</summary>
    private ValueTask<(MatchReader Matches, bool IsThere)> BeginAsync(TargetChoice choice, FindModel model, int? most, CancellationToken ct)
        => attempts.RepeatableAsync(DimseOperation.Find, choice, model.Contexts, async (rented, ct) =>
        {
            var matches = new MatchReader(rented, rented.Association.FindAsync(model.SopClassUid, model.Identifier, ct: ct), most,
                () => ScuAttempts.BrokeOff(rented.Target, "the association broke off in the middle of a response"), ct);
            try
            {
                return (matches, await matches.FirstAsync());
            }
            catch
            {
                await matches.DisposeAsync();
                throw;
            }
        }, ct);

    private static int? Smaller(int? a, int? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}

/// <summary>C-ECHO: whether the other side is there and knows the gateway.</summary>
internal sealed class ScuEcho(ScuAttempts attempts)
{
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, TargetChoice choice, CancellationToken ct)
    {
        var node = await attempts.RepeatableAsync(DimseOperation.Echo, choice, QueryContexts.Query, static async (rented, ct) =>
        {
            await rented.Association.EchoAsync(ct);
            await rented.DisposeAsync();
            return rented.Target.Node;
        }, ct);
        return DimseAnswers.Echo(request, node.AeTitle, node.Host, node.Port);
    }
}

/// <summary>
/// The matches of a query after its first match, to be enumerated once. Stopping early cancels the query without waiting for its end.
/// </summary>
/// <param name="matches">The matches.</param>
/// <param name="isThere">Whether there was a first.</param>
internal sealed class FoundOnce(MatchReader matches, bool isThere) : IAsyncEnumerable<DicomDataSet>, IAsyncDisposable
{
    private bool _isThere = isThere;

    public async IAsyncEnumerator<DicomDataSet> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        try
        {
            while (_isThere)
            {
                yield return matches.Current;
                _isThere = await matches.MoveNextAsync();
            }
        }
        finally
        {
            // One that has come to its end gives its association back at once, for the next query to use.
            if (!_isThere) await matches.DisposeAsync();
            else _ = EndAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => matches.DisposeAsync();

    /// <summary>A system may go on for long before it heeds C-CANCEL; the association is given back then.</summary>
    private async Task EndAsync()
    {
        await Task.Yield();
        await matches.DisposeAsync();
    }
}
