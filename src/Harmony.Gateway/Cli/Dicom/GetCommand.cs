using System.CommandLine;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary><c>harmony dicom get</c>: fetches objects on the association that asks for them.</summary>
internal static class GetCommand
{
    public static Command Create()
    {
        var (options, key, level) = (new PeerOptions(), KeyOption.Create(), KeyOption.Level());
        var folder = new Option<string>("--out", "-o") { Description = "Folder for the files.", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
        var command = new Command("get", "Retrieve objects from a DICOM system (C-GET).") { key, level, folder };
        options.AddTo(command);
        command.SetAction((result, ct) => options.RunAsync(result, async (client, peer) =>
        {
            var keys = result.GetValue(key)!;
            if ((result.GetValue(level) ?? QueryLevels.InferRetrieved(keys)) is not { } at) return await NothingSaidAsync(result);
            var model = at == QueryLevel.Patient ? Uid.GETPatientRootQueryRetrieveInformationModel : Uid.GETStudyRootQueryRetrieveInformationModel;
            var files = new RetrievedFiles(result.GetValue(folder)!);
            await using var association = await client.ConnectAsync(peer, [ContextProposal.For(model), .. StorageContexts.ToReceive], ct);
            var retrieved = await association.GetAsync(model, keys.ToBuilder().Set(DicomTag.QueryRetrieveLevel, at.Name()).Build(), files, ct: ct);
            await association.ReleaseAsync(ct);
            return RetrieveReport.Print(retrieved, files.FolderPath, options.Json(result), result.InvocationConfiguration);
        }));
        return command;
    }

    /// <summary>Nothing at all would mean everything.</summary>
    internal static async Task<int> NothingSaidAsync(ParseResult result)
    {
        await result.InvocationConfiguration.Error.WriteLineAsync(
            "say what to retrieve: --key StudyInstanceUID=…, SeriesInstanceUID, SOPInstanceUID or PatientID");
        return 1;
    }
}
