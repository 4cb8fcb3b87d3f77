using System.CommandLine;
using System.Diagnostics;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary><c>harmony dicom echo</c>: whether a system answers, and knows the title it is called with.</summary>
internal static class EchoCommand
{
    public static Command Create()
    {
        var options = new PeerOptions();
        var command = new Command("echo", "Check that a DICOM system responds (C-ECHO).");
        options.AddTo(command);
        command.SetAction((result, ct) => options.RunAsync(result, (client, peer) => RunAsync(options, result, client, peer, ct)));
        return command;
    }

    private static async Task<int> RunAsync(PeerOptions options, ParseResult result, DicomClient client, DicomPeer peer, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        await using var association = await client.ConnectAsync(peer, [ContextProposal.For(Uid.VerificationSOPClass)], ct);
        await association.EchoAsync(ct);
        await association.ReleaseAsync(ct);
        var elapsed = Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1);
        var address = options.AddressOf(result);
        await result.InvocationConfiguration.Output.WriteLineAsync(options.Json(result)
            ? JsonOutput.Write(
                new { Success = true, Peer = address.ToString(), ElapsedMs = elapsed, ImplementationVersion = association.Info.Peer.ImplementationVersionName })
            : $"{address} answers ({elapsed} ms)");
        return 0;
    }
}
