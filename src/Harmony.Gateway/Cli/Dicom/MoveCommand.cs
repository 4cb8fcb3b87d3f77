using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Query;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary><c>harmony dicom move</c>: has a system send objects, to a third one or, with <c>--port</c>, to this program.</summary>
internal static class MoveCommand
{
    public static Command Create()
    {
        var (options, key, level) = (new PeerOptions(), KeyOption.Create(), KeyOption.Level());
        var destination = new Option<string?>("--to")
        {
            Description = "AE title of the system that gets the objects; the sending system must know it. The calling AE title when absent.", HelpName = "AET",
            CustomParser = AeAddress.ParseTitle,
        };
        var port = new Option<int?>("--port") { Description = "Receive the objects here: listen on this port during the C-MOVE.", HelpName = "PORT" };
        var bind = new Option<string>("--bind") { Description = "Address to listen on.", HelpName = "ADDRESS", DefaultValueFactory = _ => "0.0.0.0" };
        var folder = new Option<string>("--out", "-o")
        {
            Description = "Folder for the received files.", HelpName = "FOLDER", DefaultValueFactory = _ => "."
        };
        var command =
            new Command("move", "Let a DICOM system send objects to another system, or to here (C-MOVE).") { key, level, destination, port, bind, folder };
        options.AddTo(command);
        command.SetAction((result, ct) => options.RunAsync(result, async (client, peer) =>
        {
            var keys = result.GetValue(key)!;
            if ((result.GetValue(level) ?? QueryLevels.InferRetrieved(keys)) is not { } at) return await GetCommand.NothingSaidAsync(result);
            var to = result.GetValue(destination) ?? options.CallingAeTitle(result);
            var files = new RetrievedFiles(result.GetValue(folder)!);
            await using var server = result.GetValue(port) is { } taken ? Listen(result.GetValue(bind)!, taken, to, files) : null;
            var moved = await MoveAsync(client, peer, at, keys, to, ct);
            return RetrieveReport.Print(moved, server is null ? to : files.FolderPath, options.Json(result), result.InvocationConfiguration);
        }));
        return command;
    }

    private static async Task<RetrieveResult> MoveAsync(
        DicomClient client, DicomPeer peer, QueryLevel level, DicomDataSet keys, string to, CancellationToken ct)
    {
        var model = level == QueryLevel.Patient ? Uid.MOVEPatientRootQueryRetrieveInformationModel : Uid.MOVEStudyRootQueryRetrieveInformationModel;
        await using var association = await client.ConnectAsync(peer, [ContextProposal.For(model)], ct);
        var moved = await association.MoveAsync(model, keys.ToBuilder().Set(DicomTag.QueryRetrieveLevel, level.Name()).Build(), to, ct: ct);
        await association.ReleaseAsync(ct);
        return moved;
    }

    private static DicomServer Listen(string address, int port, string title, RetrievedFiles files)
    {
        if (!IPAddress.TryParse(address, out var ip)) throw new IOException($"--bind: '{address}' is no IP address");
        try
        {
            var policy = new NegotiationPolicy { CalledAeTitles = new HashSet<string>(StringComparer.Ordinal) { title } };
            return DicomServer.Start(new DicomServerOptions { EndPoint = new IPEndPoint(ip, port) },
                new DicomAcceptor(new AcceptorOptions { Policy = policy }, new DimseHandlers { Store = files }));
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot listen on {address}:{port}: {e.Message}", e);
        }
    }
}
