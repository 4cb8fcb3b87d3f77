using System.CommandLine;
using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Json;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;
using Spectre.Console;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary><c>harmony dicom find</c>: looks for patients, studies, series or objects.</summary>
internal static class FindCommand
{
    /// <summary>What is returned of an entity besides its unique key when nothing is asked for.</summary>
    private static readonly Dictionary<QueryLevel, DicomTag[]> Usual = new()
    {
        [QueryLevel.Patient] = [DicomTag.PatientName, DicomTag.PatientBirthDate, DicomTag.PatientSex],
        [QueryLevel.Study] = [DicomTag.StudyDate, DicomTag.ModalitiesInStudy, DicomTag.StudyDescription, DicomTag.PatientName, DicomTag.PatientID],
        [QueryLevel.Series] = [DicomTag.Modality, DicomTag.SeriesNumber, DicomTag.SeriesDescription],
        [QueryLevel.Image] = [DicomTag.SOPClassUID, DicomTag.InstanceNumber],
    };

    public static Command Create()
    {
        var (options, key, level) = (new PeerOptions(), KeyOption.Create(), KeyOption.Level());
        var most = new Option<int?>("--max") { Description = "Most matches; a query with more matches is cancelled.", HelpName = "COUNT" };
        var command = new Command("find", "Search a DICOM system for patients, studies, series or objects (C-FIND).") { key, level, most };
        options.AddTo(command);
        command.SetAction((result, ct) => options.RunAsync(result, async (client, peer) =>
        {
            var (keys, at) = (result.GetValue(key)!, result.GetValue(level) ?? QueryLevels.Infer(result.GetValue(key)!));
            var identifier = Complete(keys, at);
            var matches = await FindAsync(client, peer, at, identifier, result.GetValue(most) ?? int.MaxValue, ct);
            var output = result.InvocationConfiguration.Output;
            if (options.Json(result)) await output.WriteLineAsync(JsonOutput.Indented(ToJson(matches)));
            else Print(output, identifier, matches);
            return 0;
        }));
        return command;
    }

    private static DicomDataSet Complete(DicomDataSet keys, QueryLevel level)
    {
        var builder = keys.ToBuilder().Set(DicomTag.QueryRetrieveLevel, level.Name());
        if (!keys.Contains(level.UniqueKey())) builder.Set(level.UniqueKey());
        if (keys.Any(k => k.IsEmpty)) return builder.Build();
        foreach (var tag in Usual[level].Where(t => !keys.Contains(t))) builder.Set(tag);
        return builder.Build();
    }

    private static async Task<List<DicomDataSet>> FindAsync(
        DicomClient client, DicomPeer peer, QueryLevel level, DicomDataSet identifier, int most, CancellationToken ct)
    {
        var model = level == QueryLevel.Patient ? Uid.FINDPatientRootQueryRetrieveInformationModel : Uid.FINDStudyRootQueryRetrieveInformationModel;
        await using var association = await client.ConnectAsync(peer, [ContextProposal.For(model)], ct);
        var matches = new List<DicomDataSet>();
        await foreach (var match in association.FindAsync(model, identifier, ct: ct))
        {
            if (matches.Count == most) break;
            matches.Add(match);
        }

        await association.ReleaseAsync(ct);
        return matches;
    }

    private static JsonArray ToJson(List<DicomDataSet> matches) => [.. matches.Select(m => JsonNode.Parse(DicomJsonWriter.ToUtf8(m)))];

    /// <summary>A column for each key; what a system says must not steer the terminal.</summary>
    private static void Print(TextWriter output, DicomDataSet identifier, List<DicomDataSet> matches)
    {
        var columns = identifier.Where(e => e is DicomValue && e.Tag != DicomTag.QueryRetrieveLevel && e.Tag != DicomTag.SpecificCharacterSet)
            .Select(e => e.Tag).ToList();
        var table = new Table { Border = TableBorder.Simple };
        foreach (var tag in columns) table.AddColumn(new TableColumn(DicomDictionary.Keyword(tag) ?? tag.ToString()).NoWrap());
        foreach (var match in matches) table.AddRow([.. columns.Select(c => new Text(TextOf(match, c)))]);
        if (matches.Count > 0) Terminal.For(output).Write(table);
        output.WriteLine(matches.Count == 1 ? "1 match" : $"{matches.Count} matches");
    }

    private static string TextOf(DicomDataSet match, DicomTag tag)
        => string.Concat((match.TryGet<DicomValue>(tag, out var value) ? value.GetText() : "").Select(c => char.IsControl(c) ? '·' : c));
}
