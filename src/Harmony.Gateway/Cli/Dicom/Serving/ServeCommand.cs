using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Gateway.Cli.Dicom.Serving;

/// <summary><c>harmony dicom serve</c>: a small PACS over a folder, for trying things out. It keeps what it is sent, finds it, and sends it again.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Folder of the objects; received objects are stored in it, too." };
        var title = new Option<string>("--aet")
        {
            Description = "AE title of this PACS; other called AE titles are rejected.", HelpName = "AET",
            CustomParser = AeAddress.ParseTitle, DefaultValueFactory = _ => "HARMONY"
        };
        var bind = new Option<string>("--bind") { Description = "Address to listen on.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--port") { Description = "Port to listen on; 0 for any free port.", HelpName = "PORT", DefaultValueFactory = _ => 11112 };
        var peers = new Option<AeAddress[]>("--peer")
        {
            Description = "Destination of C-MOVE: AET@host:port.", HelpName = "PEER", Arity = ArgumentArity.OneOrMore,
            CustomParser = ParsePeers, DefaultValueFactory = _ => [],
        };
        var command = new Command("serve", "Run a small PACS over a folder, for trials: echo, store, find, get, move.")
        {
            folder, title, bind, port, peers
        };
        command.SetAction((result, ct) =>
            RunAsync(result.GetValue(folder)!, result.GetValue(title)!, result.GetValue(bind)!, result.GetValue(port), result.GetValue(peers)!,
                result.InvocationConfiguration, ct));
        return command;
    }

    /// <returns>0 when it was stopped, 1 when it could not start.</returns>
    private static async Task<int> RunAsync(
        string folder, string title, string bind, int port, AeAddress[] peers, InvocationConfiguration console, CancellationToken ct)
    {
        if (!IPAddress.TryParse(bind == "localhost" ? "127.0.0.1" : bind, out var address) || port is < 0 or > 65535)
        {
            await console.Error.WriteLineAsync($"--bind and --port: '{bind}:{port}' is no address to listen on");
            return 1;
        }

        try
        {
            var archive = await FolderArchive.OpenAsync(folder, ct);
            var handlers = new ArchiveHandlers(archive, title, peers);
            var policy = new NegotiationPolicy { CalledAeTitles = new HashSet<string>(StringComparer.Ordinal) { title } };
            var acceptor = new DicomAcceptor(new AcceptorOptions { Policy = policy }, handlers.All, new ServeLog(console.Output));
            await using var server =
                DicomServer.Start(new DicomServerOptions { EndPoint = new IPEndPoint(address, port), AcceptFailed = e => Complain(console, e) }, acceptor);
            await console.Output.WriteLineAsync(
                $"{title} serves {archive.Count} objects of {archive.FolderPath} on {server.EndPoint}. Press Ctrl-C to stop it.");
            await console.Output.FlushAsync(ct);
            await WaitAsync(ct);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            await console.Error.WriteLineAsync(e is SocketException ? $"cannot listen on {bind}:{port}: {e.Message}" : e.Message);
            return 1;
        }
    }

    private static void Complain(InvocationConfiguration console, Exception e)
    {
        console.Error.WriteLine($"connections cannot be accepted now: {e.Message}");
        console.Error.Flush();
    }

    private static async Task WaitAsync(CancellationToken ct)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(stopped.SetResult);
        await stopped.Task;
    }

    private static AeAddress[] ParsePeers(ArgumentResult result)
    {
        var peers = new List<AeAddress>();
        foreach (var token in result.Tokens)
        {
            if (AeAddress.TryParse(token.Value, out var peer, out var reason)) peers.Add(peer);
            else result.AddError($"'{token.Value}' {reason}");
        }

        return [.. peers];
    }
}
