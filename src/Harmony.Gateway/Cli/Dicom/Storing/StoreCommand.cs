using System.CommandLine;
using Harmony.Dicom.Network.Scu;

namespace Harmony.Gateway.Cli.Dicom.Storing;

/// <summary><c>harmony dicom store</c>: sends files and folders of files, on several associations at once.</summary>
internal static class StoreCommand
{
    private const int MaxParallel = 64;

    public static Command Create()
    {
        var options = new PeerOptions();
        var paths = new Argument<string[]>("PATH")
        {
            Description = "DICOM files, and folders with all folders below them.", Arity = ArgumentArity.OneOrMore
        };
        var parallel = new Option<int>("--parallel", "-p")
        {
            Description = $"Associations at the same time, 1 to {MaxParallel}.", HelpName = "COUNT", DefaultValueFactory = _ => 4
        };
        var command = new Command("store", "Send DICOM files to a DICOM system (C-STORE).") { paths, parallel };
        options.AddTo(command);
        command.SetAction((result, ct) => options.RunAsync(result, (client, peer) =>
            RunAsync(result.GetValue(paths)!, Math.Clamp(result.GetValue(parallel), 1, MaxParallel), options.Json(result), client, peer,
                result.InvocationConfiguration, ct)));
        return command;
    }

    /// <returns>1 when a file was not stored.</returns>
    private static async Task<int> RunAsync(
        string[] paths, int parallel, bool json, DicomClient client, DicomPeer peer, InvocationConfiguration console, CancellationToken ct)
    {
        var report = new StoreSummary();
        var files = await FoundFiles.InAsync(paths, report, ct);
        await StoreProgress.ShowAsync(json
            ? null
            : console.Error, files.Count, advance => new Sender(client, peer, report, advance).SendAsync(files, parallel, ct));
        report.Print(peer.ToString(), json, console);
        return report.HasFailures ? 1 : 0;
    }
}
