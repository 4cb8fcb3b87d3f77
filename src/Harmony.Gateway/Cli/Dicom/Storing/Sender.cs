using System.Threading.Channels;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;

namespace Harmony.Gateway.Cli.Dicom.Storing;

/// <summary>Sends files on several associations at once, each of which takes the next file when it has sent one.</summary>
/// <param name="client">Opens associations.</param>
/// <param name="peer">The receiver.</param>
/// <param name="report">Takes what becomes of each file.</param>
/// <param name="advance">Called for each file.</param>
internal sealed class Sender(DicomClient client, DicomPeer peer, StoreSummary report, Action advance)
{
    /// <summary>PS3.8 §9.3.2.2: so many contexts fit into one association.</summary>
    private const int MaxContexts = 128;

    public async Task SendAsync(IReadOnlyList<FoundFile> files, int parallel, CancellationToken ct)
    {
        foreach (var batch in Batches(files))
        {
            var queue = Channel.CreateUnbounded<FoundFile>();
            foreach (var file in batch.Files) queue.Writer.TryWrite(file);
            queue.Writer.Complete();
            var workers = Math.Min(parallel, batch.Files.Count);
            await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(queue.Reader, batch.Contexts, ct)));
        }
    }

    private async Task WorkAsync(ChannelReader<FoundFile> queue, IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
    {
        ClientAssociation? association = null;
        try
        {
            while (queue.TryRead(out var file))
            {
                association = await SendAsync(file, association, contexts, ct);
                advance();
            }

            if (association is not null) await association.ReleaseAsync(ct);
        }
        finally
        {
            if (association is not null) await association.DisposeAsync();
        }
    }

    /// <returns>The association for the next file; null where a new one is needed.</returns>
    private async Task<ClientAssociation?> SendAsync(
        FoundFile file, ClientAssociation? association, IReadOnlyList<ContextProposal> contexts, CancellationToken ct)
    {
        try
        {
            if (association is not { IsOpen: true }) association = await client.ConnectAsync(peer, contexts, ct);
            var result = await association.StoreAsync(file.Instance, ct: ct);
            if (result.Status.IsSuccess || result.Status.IsWarning) report.Stored();
            else report.Failed(file.Path, $"status {result.Status}{(result.ErrorComment is { Length: > 0 } comment ? $": {comment}" : "")}");
        }
        catch (Exception e) when (e is DicomNetworkException or DicomFormatException or IOException or UnauthorizedAccessException)
        {
            report.Failed(file.Path, e.Message);
        }

        return association;
    }

    /// <summary>Files whose contexts fit into one association.</summary>
    private static IEnumerable<(List<FoundFile> Files, List<ContextProposal> Contexts)> Batches(IReadOnlyList<FoundFile> files)
    {
        var (batch, contexts, known) = (new List<FoundFile>(), new List<ContextProposal>(), new HashSet<(string, string)>());
        foreach (var file in files)
        {
            var wanted = ContextsFor(file.Instance).Where(c => !known.Contains((c.AbstractSyntax, c.TransferSyntaxes[0].Uid))).ToList();
            if (contexts.Count + wanted.Count > MaxContexts)
            {
                yield return (batch, contexts);
                (batch, contexts, known) = ([], [], []);
                wanted = [.. ContextsFor(file.Instance)];
            }

            batch.Add(file);
            contexts.AddRange(wanted);
            foreach (var context in wanted) known.Add((context.AbstractSyntax, context.TransferSyntaxes[0].Uid));
        }

        if (batch.Count > 0) yield return (batch, contexts);
    }

    /// <summary>Its own encoding, and where it is not compressed the two that all peers support.</summary>
    private static IEnumerable<ContextProposal> ContextsFor(SopInstance instance)
    {
        IEnumerable<TransferSyntax> syntaxes = instance.TransferSyntax.IsEncapsulated
            ? [instance.TransferSyntax]
            : [instance.TransferSyntax, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian];
        return syntaxes.DistinctBy(s => s.Uid).Select(s => new ContextProposal(instance.SopClassUid, [s]));
    }
}
