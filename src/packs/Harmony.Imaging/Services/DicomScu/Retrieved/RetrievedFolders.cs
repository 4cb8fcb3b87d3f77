using System.Globalization;
using System.Text;
using Harmony.Core.Runtime;
using Harmony.Imaging.Dicom.Answers;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu.Retrieved;

/// <summary>
/// The folders of a backend's retrievals, and how long they stay. Beside a folder <c>ID</c> stands its mark, <c>.ID.expires</c>: a file that says from when the
/// folder may be deleted. A writer of the folder, and a reader of a response in it, keeps the mark open, and no other process can open the mark then, in
/// whatever process. What has no mark is not ours, and stays.
/// </summary>
/// <param name="root">What holds the folders.</param>
/// <param name="keep">How long one stays after its answer; zero to leave that to others.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class RetrievedFolders(string root, TimeSpan keep, TimeProvider clock)
{
    private const string Suffix = ".expires";
    private const int MaxTries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly EnumerationOptions Marks = new() { AttributesToSkip = FileAttributes.Directory | FileAttributes.ReparsePoint };

    /// <summary>Full path of the folder that contains the folders.</summary>
    public string Root => root;

    /// <summary>The folder of a new retrieval. Nothing is on the disk yet.</summary>
    public RetrievalFolder New() => new(RetrievalFolders.New(root), this);

    /// <summary>Marks a folder, before it is made; null where folders stay.</summary>
    /// <exception cref="IOException">That cannot be written.</exception>
    public async Task<FileStream?> MarkAsync(string id)
    {
        if (keep == TimeSpan.Zero) return null;
        Directory.CreateDirectory(root);
        for (var tries = 1; ; tries++)
        {
            try
            {
                var mark = new FileStream(PathOf(id), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
                Write(mark);
                return mark;
            }
            catch (IOException) when (tries < MaxTries)
            {
                await Task.Delay(Pause, clock); // somebody who sweeps has found it between its making and its locking
            }
        }
    }

    /// <summary>The folder's time begins now; lets go of its mark.</summary>
    public void Leave(FileStream mark)
    {
        using (mark) Write(mark);
    }

    /// <summary>Takes a mark away, after its folder.</summary>
    public void Remove(string id, FileStream mark)
    {
        mark.Dispose();
        File.Delete(PathOf(id));
    }

    /// <summary>Deletes the folders whose time is up.</summary>
    /// <returns>How many, and what is in the way of deleting another, if anything is.</returns>
    public (int Deleted, string? Failure) Sweep()
    {
        var (deleted, failure) = (0, (string?)null);
        string[] marks;
        try
        {
            if (!Directory.Exists(root)) return (deleted, failure);
            marks = Directory.GetFiles(root, $".*{Suffix}", Marks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (deleted, e.Message);
        }

        foreach (var path in marks)
        {
            if (IdOf(path) is not { } id) continue;
            try
            {
                if (TrySweep(id)) deleted++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failure = e.Message;
            }
        }

        return (deleted, failure);
    }

    private bool TrySweep(string id)
    {
        var folder = Path.Combine(root, id);
        var isThere = Directory.Exists(folder);
        using (var mark = TryOpen(id))
        {
            if (mark is null || (isThere && !IsOver(mark))) return false; // a mark that nobody holds, of no folder, has outlived it
            if (isThere) Directory.Delete(folder, recursive: true);
        }

        File.Delete(PathOf(id));
        return isThere;
    }

    private FileStream? TryOpen(string id)
    {
        try
        {
            return new FileStream(PathOf(id), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException)
        {
            return null; // in use, or gone
        }
    }

    private bool IsOver(FileStream mark)
    {
        var text = new byte[64];
        var read = mark.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (DateTimeOffset.TryParseExact(Encoding.ASCII.GetString(text, 0, read), "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind,
            out var expires)) return expires <= clock.GetUtcNow();
        Write(mark); // whoever wrote it stopped in the middle
        return false;
    }

    private void Write(FileStream mark)
    {
        mark.Position = 0;
        mark.Write(Encoding.ASCII.GetBytes((clock.GetUtcNow() + keep).ToString("O", CultureInfo.InvariantCulture)));
        mark.SetLength(mark.Position);
    }

    private string PathOf(string id) => Path.Combine(root, $".{id}{Suffix}");

    /// <summary>The folder of a mark; null for a file that is none.</summary>
    private static string? IdOf(string path)
    {
        var name = Path.GetFileName(path)[1..^Suffix.Length];
        return Guid.TryParseExact(name, "D", out var id) && name == id.ToString() ? name : null;
    }
}

/// <summary>
/// Deletes retrieved folders whose time is up, those of earlier runs too, from the moment the configuration goes live until another takes its place.
/// </summary>
/// <param name="folders">The folders.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="logger">Takes a line when something was deleted, or cannot be.</param>
internal sealed class RetrievedSweeper(RetrievedFolders folders, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    /// <summary>The longest time between the end of a folder's time and its deletion.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private BackgroundLoop? _loop;

    public void Start() => _loop = BackgroundLoop.Start($"sweeping {folders.Root}", Interval, Sweep, clock, logger);

    /// <summary>Stops sweeping: the sweeper of the next configuration has taken over.</summary>
    public void Stop() => _loop?.Stop();

    public ValueTask DisposeAsync() => _loop?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ValueTask Sweep(CancellationToken ct)
    {
        var (deleted, failure) = folders.Sweep();
        if (deleted > 0) DicomScuLog.Swept(logger, deleted, folders.Root);
        if (failure is not null) DicomScuLog.SweepFailed(logger, folders.Root, failure);
        return ValueTask.CompletedTask;
    }
}
