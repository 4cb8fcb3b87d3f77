using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Archives;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>One C-GET of a retrieval.</summary>
/// <param name="Plan">What is asked for.</param>
/// <param name="Contexts">The presentation contexts: for what is there, and for nothing else.</param>
internal sealed record GetStep(RetrievalPlan Plan, IReadOnlyList<ContextProposal> Contexts);

/// <summary>
/// Divides a retrieval into as few C-GETs as there have to be. An association has room for 128 presentation contexts, and a SOP class needs one for each
/// compression that its objects may have, so what has more than a dozen classes is retrieved class by class, a dozen at a time.
/// </summary>
/// <param name="find">Tells which SOP classes are there.</param>
internal sealed class GetSteps(ScuFind find)
{
    private const int MostClasses = 12; // ten contexts each
    private const int MostObjects = 500; // that one identifier names

    /// <summary>The C-GETs, one after another. If the SOP classes are unknown, a single C-GET with contexts for the common ones.</summary>
    public async ValueTask<IReadOnlyList<GetStep>> OfAsync(TargetChoice choice, RetrievalScope scope, RetrievalPlan plan, CancellationToken ct)
    {
        var ofStudy = await ClassesOfStudyAsync(choice, scope, ct);
        if (ofStudy.Count is > 0 and <= MostClasses) return [new GetStep(plan, ContextsOf(ofStudy))];
        var (ofObjects, isAll) = await ObjectsAsync(choice, plan.Keys, ct);
        if (ofObjects.Count == 0) return [new GetStep(plan, ofStudy.Count == 0 ? QueryContexts.Get : ContextsOf(ofStudy))];
        if (ofObjects.Count <= MostClasses || !isAll) return [new GetStep(plan, ContextsOf(ofObjects.Keys))];
        return Divided(plan.Keys, ofObjects);
    }

    /// <summary>The C-GETs for the objects of a retrieval that have not come, by their SOP classes.</summary>
    /// <param name="choice">Whom to ask.</param>
    /// <param name="plan">What was retrieved.</param>
    /// <param name="came">The SOP Instance UIDs of what has come.</param>
    /// <param name="ct">Cancels it.</param>
    /// <returns>None where nothing tells what is missing.</returns>
    public async ValueTask<IReadOnlyList<GetStep>> OfMissingAsync(
        TargetChoice choice, RetrievalPlan plan, IReadOnlySet<string> came, CancellationToken ct)
    {
        var steps = new List<GetStep>();
        foreach (var keys in await SeriesAsync(choice, plan, ct))
        {
            var (found, _) = await ObjectsAsync(choice, keys, ct);
            foreach (var objects in found.Values) objects.RemoveAll(came.Contains);
            var missing = found.Where(c => c.Value.Count > 0).ToDictionary(StringComparer.Ordinal);
            steps.AddRange(Divided(keys, missing));
        }

        return steps;
    }

    /// <summary>The unique keys of each series that a retrieval is about; of objects, those that name them.</summary>
    private async ValueTask<IReadOnlyList<DicomDataSet>> SeriesAsync(TargetChoice choice, RetrievalPlan plan, CancellationToken ct)
    {
        if (plan.Level == QueryLevel.Image) return [plan.Keys];
        var studies = plan.Level == QueryLevel.Patient ? await UniqueAsync(choice, QueryLevel.Study, plan.Keys, ct) : [plan.Keys];
        var series = new List<DicomDataSet>();
        foreach (var study in studies) series.AddRange(await UniqueAsync(choice, QueryLevel.Series, study, ct));
        return series;
    }

    /// <summary>The unique keys of all that there is at a level.</summary>
    private async ValueTask<IReadOnlyList<DicomDataSet>> UniqueAsync(TargetChoice choice, QueryLevel level, DicomDataSet keys, CancellationToken ct)
    {
        var (needed, asked, found) = (RetrievalPlan.Needed(level), keys.ToBuilder(), new List<DicomDataSet>());
        foreach (var key in needed.Where(k => !keys.Contains(k))) asked.Set(key);
        await foreach (var match in (await find.EveryAsync(choice, level, asked.Build(), ct)).WithCancellation(ct))
        {
            if (!needed.All(k => match.GetString(k) is not null)) continue;
            var unique = new DicomDataSetBuilder();
            foreach (var key in needed) unique.Set(ReceivedUids.Of(key, match.GetString(key)!));
            found.Add(unique.Build());
        }

        return found;
    }

    /// <summary>A dozen SOP classes at a time, and as many objects as an identifier may name.</summary>
    private static GetStep[] Divided(DicomDataSet keys, Dictionary<string, List<string>> objectsOfClasses) =>
    [
        .. objectsOfClasses.Chunk(MostClasses).SelectMany(classes => classes.SelectMany(c => c.Value).Chunk(MostObjects)
            .Select(objects => new GetStep(PlanOf(keys, objects), ContextsOf([.. classes.Select(c => c.Key)])))),
    ];

    private static IReadOnlyList<ContextProposal> ContextsOf(IReadOnlyCollection<string> classes)
        => [ContextProposal.For(Uid.GETStudyRootQueryRetrieveInformationModel), .. StorageContexts.ToReceiveOf(classes)];

    private static RetrievalPlan PlanOf(DicomDataSet keys, string[] objects)
        => new(QueryLevel.Image, keys.ToBuilder().Set(ReceivedUids.Of(DicomTag.SOPInstanceUID, string.Join('\\', objects))).Build());

    private async ValueTask<IReadOnlyCollection<string>> ClassesOfStudyAsync(TargetChoice choice, RetrievalScope scope, CancellationToken ct)
    {
        var keys = new DicomDataSetBuilder().Set(ReceivedUids.Of(DicomTag.StudyInstanceUID, scope.Study)).Set(DicomTag.SOPClassesInStudy).Build();
        var studies = await find.AllAsync(choice, QueryLevel.Study, keys, 1, ct);
        return [.. studies.SelectMany(s => s.GetStrings(DicomTag.SOPClassesInStudy)).Where(c => Uid.IsValid(c)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The objects of each SOP class, and whether every object said which it is: one that did not would be left out if they were named.</summary>
    private async ValueTask<(Dictionary<string, List<string>> Found, bool IsAll)> ObjectsAsync(TargetChoice choice, DicomDataSet keys, CancellationToken ct)
    {
        var asked = keys.ToBuilder().Set(DicomTag.SOPClassUID);
        if (!keys.Contains(DicomTag.SOPInstanceUID)) asked.Set(DicomTag.SOPInstanceUID);
        var found = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var isAll = true;
        await foreach (var match in (await find.EveryAsync(choice, QueryLevel.Image, asked.Build(), ct)).WithCancellation(ct))
        {
            var (sopClass, instance) = (match.GetString(DicomTag.SOPClassUID), match.GetString(DicomTag.SOPInstanceUID));
            isAll &= instance is not null && sopClass is not null && Uid.IsValid(sopClass);
            if (sopClass is null || !Uid.IsValid(sopClass)) continue;
            if (!found.TryGetValue(sopClass, out var objects)) found[sopClass] = objects = [];
            if (instance is not null) objects.Add(instance);
        }

        return (found, isAll);
    }
}
