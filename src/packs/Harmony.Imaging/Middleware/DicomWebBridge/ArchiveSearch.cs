using System.Runtime.CompilerServices;
using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Dicom.Archives;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// Searches at any level, whatever is named: DICOMweb allows <c>/series?PatientID=…</c>, while systems need to answer only level by level, each with the UIDs
/// of those above (PS3.4 §C.4.1.2.2.1). So it goes down from the studies where it must, and asks at once where it can.
/// </summary>
/// <param name="archive">The system.</param>
/// <param name="returned">What is asked for beside the keys.</param>
/// <param name="searched">The level that is searched.</param>
/// <param name="enough">So many matches are wanted; there may be more.</param>
internal sealed class ArchiveSearch(IArchive archive, IReadOnlyList<DicomTag> returned, QueryLevel searched, int enough)
{
    /// <summary>UIDs in one query: more could be longer than an element may be (PS3.5 §7.1.2).</summary>
    private const int MaxListed = 200;

    /// <summary>Queries for one request.</summary>
    private const int MaxQueries = 2000;

    private int _queries;

    /// <summary>The matches at a level, as they arrive. Stopping early cancels the query.</summary>
    public async IAsyncEnumerable<DicomDataSet> FindAsync(QueryLevel level, DicomDataSet keys, [EnumeratorCancellation] CancellationToken ct)
    {
        if (level <= QueryLevel.Study || (SearchPlan.NamesParents(keys, level) && !SearchPlan.IsRestrictedAbove(keys, level)))
        {
            await foreach (var match in AskAsync(level, keys, ct)) yield return match;
            yield break;
        }

        if (keys.GetString(level.UniqueKey()) is not null && await TryRelationalAsync(level, keys, ct) is { } at)
        {
            await foreach (var match in at.WithCancellation(ct)) yield return match;
            yield break;
        }

        await foreach (var match in DescendAsync(level, keys, ct)) yield return match;
    }

    /// <summary>Asks at the level itself, though not all above it are named; null where the system does not do that.</summary>
    private async ValueTask<IAsyncEnumerable<DicomDataSet>?> TryRelationalAsync(QueryLevel level, DicomDataSet keys, CancellationToken ct)
    {
        try
        {
            return await BeginAsync(level, SearchPlan.At(keys, returned, level, searched, isRelational: true), ct);
        }
        catch (DimseException)
        {
            return null;
        }
    }

    private async IAsyncEnumerable<DicomDataSet> DescendAsync(QueryLevel level, DicomDataSet keys, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var above in ParentsAsync(level, keys, ct))
        {
            var named = keys.ToBuilder();
            foreach (var unique in SearchPlan.Uniques(level - 1))
            {
                if (above.TryGet(unique, out var uid)) named.Set(uid);
            }

            foreach (var key in keys.Where(k => SearchAttributes.LevelOf(k.Tag) is { } own && own < level && !SearchPlan.Uniques(level).Contains(k.Tag)))
            {
                named.Remove(key.Tag);
            }

            var below = named.Build();
            if (!SearchPlan.NamesParents(below, level)) continue;
            await foreach (var match in AskAsync(level, below, ct)) yield return Merge(match, above);
        }
    }

    /// <summary>
    /// The entities above, gathered before the first is looked into: a query that waits for another holds an association, and where the system lets few in,
    /// searches that hold one each would wait for each other. First as many as there may be need of, as each has something below it; then the rest.
    /// </summary>
    private async IAsyncEnumerable<DicomDataSet> ParentsAsync(QueryLevel level, DicomDataSet keys, [EnumeratorCancellation] CancellationToken ct)
    {
        var isFiltered = keys.Any(k => !k.IsEmpty && SearchAttributes.LevelOf(k.Tag) is var own && (own is null || own >= level));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var most = isFiltered ? MaxQueries : Math.Min(enough, MaxQueries); ; most = MaxQueries)
        {
            var (parents, count) = (new List<DicomDataSet>(), 0);
            await foreach (var above in FindAsync(level - 1, keys, ct))
            {
                if (above.GetString((level - 1).UniqueKey()) is { } uid && seen.Add(uid)) parents.Add(above);
                if (++count == most) break;
            }

            foreach (var above in parents) yield return above;
            if (count < most) yield break;
            if (most == MaxQueries) throw TooMany();
        }
    }

    /// <summary>One query, or as many as a long list of UIDs needs.</summary>
    private async IAsyncEnumerable<DicomDataSet> AskAsync(QueryLevel level, DicomDataSet keys, [EnumeratorCancellation] CancellationToken ct)
    {
        var at = SearchPlan.At(keys, returned, level, searched, isRelational: false);
        var unique = level.UniqueKey();
        var uids = at.GetStrings(unique);
        if (uids.Count <= MaxListed)
        {
            await foreach (var match in (await BeginAsync(level, at, ct)).WithCancellation(ct)) yield return match;
            yield break;
        }

        foreach (var some in uids.Chunk(MaxListed))
        {
            var part = at.ToBuilder().Set(new DicomValue(unique, Vr.UI, System.Text.Encoding.ASCII.GetBytes(string.Join('\\', some)))).Build();
            await foreach (var match in (await BeginAsync(level, part, ct)).WithCancellation(ct)) yield return match;
        }
    }

    private ValueTask<IAsyncEnumerable<DicomDataSet>> BeginAsync(QueryLevel level, DicomDataSet keys, CancellationToken ct)
    {
        if (++_queries > MaxQueries) throw TooMany();
        return archive.FindAsync(level, keys, ct);
    }

    private static GatewayException TooMany()
        => new(FaultSource.Client, FaultKind.Malformed, $"the search would take more than {MaxQueries} queries; name a study");

    /// <summary>A match with what is known of the entity above.</summary>
    private static DicomDataSet Merge(DicomDataSet match, DicomDataSet above)
    {
        var merged = new DicomDataSetBuilder();
        foreach (var element in above) merged.Set(element);
        foreach (var element in match) merged.Set(element);
        return merged.Build();
    }
}
