using System.Text;
using Harmony.Core.Configuration;
using Harmony.Core.Runtime;
using Harmony.Gateway.Reloading;
using Harmony.Mesh.Cloud;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Cloud;

/// <summary>
/// Applies changes of the cloud, one after the other, and reports only what is true: "applied" when the configuration runs, "failed" with file, line, column
/// and message when the old one still does. What is under way, and what has not been reported yet, is on the disk, so that the end of the process loses
/// neither.
/// </summary>
/// <param name="session">The cloud, the token's store and what is remembered.</param>
/// <param name="running">Gives the configuration that runs.</param>
/// <param name="reloader">Replaces it.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="logger">Takes a line for each change.</param>
internal sealed class ChangeApplier(CloudSession session, Func<GatewaySnapshot> running, Reloader reloader, TimeProvider clock, ILogger logger)
{
    private const int MaxDetails = 50;

    /// <summary>
    /// Does what an earlier process, or an earlier round, has left: ends the change that was under way, and reports what the cloud has not heard.
    /// </summary>
    /// <exception cref="CloudException">The cloud does not answer.</exception>
    public async Task FinishAsync(MachineToken token, CancellationToken ct)
    {
        await DeliverAsync(token, ct);
        if (session.State.Memory.UnderWay is not { } left) return;
        if (left.Files.Count > 0 && reloader.Status.LastSucceeded && left.Files.All(f => CloudState.HashOf(f.Key) == f.Value))
        {
            // The files are the change's, and this process runs what the files say.
            Note(new CloudChange(left.Id, "", null, null), null, left.Files);
            await DeliverAsync(token, ct);
            return;
        }

        try
        {
            await ApplyAsync(token, left.Id, ct);
        }
        catch (CloudException e) when (e.Failure == CloudFailure.NotFound)
        {
            session.State.Change(m => m with { UnderWay = null }); // the cloud has withdrawn it
        }
    }

    /// <summary>Applies one change and reports what became of it.</summary>
    /// <exception cref="CloudException">The cloud does not answer; the change is tried again later.</exception>
    public async Task ApplyAsync(MachineToken token, string id, CancellationToken ct)
    {
        var change = await session.Api.ChangeAsync(token, id, ct);
        session.State.Change(m => m with { UnderWay = new ChangeUnderWay(id, new Dictionary<string, string>()) });
        await AcknowledgeAsync(token, id, ct);
        ChangeRefusedException? refusal = null;
        IReadOnlyDictionary<string, string> files = new Dictionary<string, string>();
        try
        {
            var planned = await PlanAsync(token, change, ct);
            files = planned.ToDictionary(f => f.Path, f => CloudState.HashOf(Encoding.UTF8.GetBytes(f.Text)), StringComparer.Ordinal);
            session.State.Change(m => m with { UnderWay = new ChangeUnderWay(id, files) });
            if (await ReplaceAsync(change, planned) is not { } version) return; // the gateway ends; the next start goes on
            CloudLog.Applied(logger, change.Id, change.Type, version);
        }
        catch (ChangeRefusedException e)
        {
            refusal = e;
            CloudLog.NotApplied(logger, change.Id, change.Type, e.Message);
        }

        Note(change, refusal, files);
        await DeliverAsync(token, ct);
    }

    /// <summary>Tells the cloud what it has not heard yet.</summary>
    private async Task DeliverAsync(MachineToken token, CancellationToken ct)
    {
        while (session.State.Memory.Reports is [var report, ..])
        {
            try
            {
                if (report.IsApplied) await session.Api.AppliedAsync(token, report.Id, ct);
                else await session.Api.FailedAsync(token, report.Id, report.Error, report.Details, ct);
            }
            catch (CloudException e) when (e.Failure is CloudFailure.NotFound or CloudFailure.Rejected)
            {
                // The cloud does not want to hear of that change any more.
            }

            session.State.Change(m => m with { Reports = [.. m.Reports.Skip(1)] });
        }
    }

    private async Task AcknowledgeAsync(MachineToken token, string id, CancellationToken ct)
    {
        try
        {
            await session.Api.AcknowledgeAsync(token, id, ct);
        }
        catch (CloudException e) when (e.Failure is CloudFailure.NotFound or CloudFailure.Rejected or CloudFailure.Malformed)
        {
            // What counts is what becomes of the change, and that is reported.
        }
    }

    /// <summary>The files of a change, the transforms that it names among them, with the secrets that the cloud never had.</summary>
    private async Task<IReadOnlyList<PlannedFile>> PlanAsync(MachineToken token, CloudChange change, CancellationToken ct)
    {
        var snapshot = running();
        var plan = ChangePlan.Of(change, snapshot.Config);
        var files = new List<PlannedFile>();
        foreach (var (id, path) in plan.Transforms)
        {
            try
            {
                files.Add(new PlannedFile(path, ChangePlan.Specification(id, await session.Api.TransformAsync(token, id, ct))));
            }
            catch (CloudException e) when (e.Failure != CloudFailure.Unavailable)
            {
                throw new ChangeRefusedException($"transform '{id}' cannot be downloaded: {e.Message}");
            }
        }

        var secrets = SecretsOf(snapshot);
        files.AddRange(plan.Files.Select(f => f.Path.EndsWith(".toml", StringComparison.Ordinal)
            ? f with { Text = SecretValues.PutBack(f.Text, [.. secrets.Where(s => s.Path == f.Path).Concat(secrets).Select(s => s.Secret)]) }
            : f));
        // The cloud may overwrite a transform, but not a file that was edited here.
        if (!session.Settings.CloudWins && files.Find(f => session.State.IsEditedHere(f.Path, f.Text)) is { } edited)
        {
            var shown = Path.GetRelativePath(snapshot.Config.Directory, edited.Path);
            throw new ChangeRefusedException(
                $"'{shown}' was edited on this machine since the last push, so the change is not applied; push the edit, or set on_conflict = \"cloud\" in "
                    + $"[provider.{session.Settings.Provider}]",
                [$"{shown}: error: edited on this machine since the last push"])
            { IsConflict = true };
        }

        return files;
    }

    private static List<(string Path, SecretValue Secret)> SecretsOf(GatewaySnapshot snapshot)
    {
        var all = new List<(string Path, SecretValue Secret)>();
        foreach (var file in snapshot.Config.Sources.OwnFiles.Where(f => f.EndsWith(".toml", StringComparison.Ordinal) && File.Exists(f)))
        {
            try
            {
                all.AddRange(SecretValues.In(Encoding.UTF8.GetString(BoundedFile.Read(file)), file, snapshot.Modules).Select(s => (file, s)));
            }
            catch (FormatException)
            {
                // The file is being edited; the reload reports its errors.
            }
        }

        return all;
    }

    /// <returns>The version that runs; null where the gateway ends.</returns>
    private async Task<int?> ReplaceAsync(CloudChange change, IReadOnlyList<PlannedFile> files)
    {
        try
        {
            var outcome = await reloader.ApplyAsync([.. files.Select(f => (f.Path, Encoding.UTF8.GetBytes(f.Text)))], $"change {change.Id} of the cloud");
            if (outcome is { LastSucceeded: false }) throw ChangeRefusedException.Of(outcome.LastProblems);
            return outcome?.Version;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChangeRefusedException($"the files of the configuration cannot be written here: {Readable.Reason(e)}");
        }
    }

    /// <summary>Remembers what became of a change, with what the cloud is to be told of it.</summary>
    private void Note(CloudChange change, ChangeRefusedException? refusal, IReadOnlyDictionary<string, string> files)
    {
        var result = refusal is null ? "applied" : refusal.IsConflict ? "conflict" : "failed";
        CloudMetrics.Changed(result);
        var report = new CloudReport(change.Id, refusal is null, Local(refusal?.Message ?? ""), [.. (refusal?.Details ?? []).Take(MaxDetails).Select(Local)]);
        session.State.Change(m => m with
        {
            UnderWay = null,
            Reports = [.. m.Reports, report],
            Last = new LastChange(change.Id, change.Type, clock.GetUtcNow(), result, report.Error),
            Shared = refusal is null ? m.Shared.Where(s => !files.ContainsKey(s.Key)).Concat(files).ToDictionary(StringComparer.Ordinal) : m.Shared,
        });
    }

    /// <summary>Names of files as the cloud knows them: relative to the main file.</summary>
    private string Local(string text)
    {
        var config = running().Config;
        var written = Path.GetDirectoryName(config.MainFile) is { Length: > 0 } folder ? folder + "/" : null;
        text = text.Replace(config.Directory + "/", "", StringComparison.Ordinal);
        return written is null ? text : text.Replace(written, "", StringComparison.Ordinal);
    }
}
